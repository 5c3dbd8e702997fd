"""Writing a file whole: who may be replaced, and what writers that died have left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from optiviz.atomic import write_atomically

ROOT = Path(__file__).resolve().parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="of POSIX alone")

STALLS = """
import os, sys, time
from pathlib import Path
from optiviz import atomic
def stall(_):
    print("writing", flush=True)
    time.sleep(600)
os.fsync = stall
atomic.write_atomically(Path(sys.argv[1]), b"half")
"""

TOO_LARGE = """
import resource, sys
from pathlib import Path
from optiviz.atomic import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 5000)
except OSError as error:
    print(error.strerror)
"""


@pytest.fixture
def stalled():
    """Start a process that stands still in the middle of writing a file."""
    started = []

    def start(path):
        process = subprocess.Popen(
            [sys.executable, "-c", STALLS, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        started.append(process)
        assert process.stdout.readline() == "writing\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_writer_left_goes_with_the_next_write(stalled, tmp_path):
    writer = stalled(tmp_path / "one.optiviz")
    writer.kill()
    writer.wait()
    assert len(names(tmp_path)) == 1
    # At once: who is gone is told from who still writes without a look at any clock.
    write_atomically(tmp_path / "two.optiviz", b"whole")
    assert names(tmp_path) == ["two.optiviz"]


def test_what_a_living_writer_has_written_so_far_stays(stalled, tmp_path):
    stalled(tmp_path / "one.optiviz")
    (living,) = names(tmp_path)
    write_atomically(tmp_path / "one.optiviz", b"whole")
    assert names(tmp_path) == [living, "one.optiviz"]


def test_files_of_others_stay_whatever_their_names(tmp_path):
    others = [".film.1a2b3c4d.part", "a.optiviz.part", ".optiviz.part", ".x.1a2b.optiviz.part"]
    for name in others:
        (tmp_path / name).write_bytes(b"theirs")
    earlier = tmp_path / ".lecture.optiviz.1a2b3c4d.part"
    earlier.write_bytes(b"of an earlier version")
    write_atomically(tmp_path / "one.optiviz", b"whole")
    assert names(tmp_path) == sorted([*others, "one.optiviz"])


def test_a_file_that_is_read_only_is_not_replaced(tmp_path):
    path = tmp_path / "one.optiviz"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["one.optiviz"]


@posix
def test_a_pipe_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a file"):
        write_atomically(pipe, b"new")
    assert pipe.is_fifo()


@posix
def test_a_write_that_finds_no_room_leaves_what_was_there(tmp_path):
    path = tmp_path / "one.optiviz"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "File too large\n"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["one.optiviz"]


def test_a_name_as_long_as_names_can_be(tmp_path):
    path = tmp_path / ("n" * 247 + ".optiviz")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


@posix
def test_an_interrupt_leaves_nothing_half_written(stalled, tmp_path):
    process = stalled(tmp_path / "one.optiviz")
    process.send_signal(signal.SIGINT)
    process.wait()
    assert names(tmp_path) == []
