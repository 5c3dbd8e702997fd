"""What is no file is refused, at once and in one sentence, wherever a path is given."""

import errno
import os
import signal
import socket
import tracemalloc
from pathlib import Path

import pytest

from optiviz import cli
from optiviz.atomic import write_atomically
from optiviz.regular import why_not
from optiviz.scene import file as scene_file
from optiviz.scene import first_scene
from optiviz.scene.file import SceneFileError
from optiviz.tables import TableFileError
from optiviz.tables import file as table_file

GIGABYTE = 1 << 30
_TERMINALS: list[int] = []  # both ends of each, while a test has them open


@pytest.fixture
def alarm():
    """Wake up whoever waits without end, so that the test fails."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def wake(*_):
        raise AssertionError("it waits without end")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    while _TERMINALS:
        os.close(_TERMINALS.pop())


def _pipe(path):
    os.mkfifo(path)
    return "it is a pipe, not a file"


def _socket(path):
    server = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        server.bind(path.name)
    finally:
        os.chdir(before)
        server.close()
    return "it is a socket, not a file"


def _device(path):
    # A terminal of our own: were it written over, nothing of the system's would be lost.
    _TERMINALS.extend(os.openpty())
    end = _TERMINALS[-1]
    path.symlink_to(os.ttyname(end))
    return "it is a device, not a file"


def _linked_pipe(path):
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")
    return "it is a pipe, not a file"


def _folder(path):
    path.mkdir()
    return "it is a folder, not a file"


def _itself(path):
    path.symlink_to(path.name)
    return "too many levels of symbolic links"


KINDS = [_pipe, _socket, _device, _linked_pipe, _folder, _itself]
pytestmark = [
    pytest.mark.usefixtures("alarm"),
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names"),
]


def refused(read, path, error):
    with pytest.raises(error) as told:
        read(path)
    return str(told.value)


@pytest.mark.parametrize("kind", KINDS)
def test_no_scene_is_read_from_it(tmp_path, kind):
    path = tmp_path / "x.optiviz"
    why = kind(path)
    told = refused(scene_file.read, path, SceneFileError)
    assert told == f"Could not open x.optiviz: {why}."


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_is_read_from_it(tmp_path, kind):
    path = tmp_path / "x.csv"
    why = kind(path)
    assert refused(table_file.read, path, TableFileError) == f"Could not open x.csv: {why}."


@pytest.mark.parametrize("kind", KINDS)
def test_no_scene_is_saved_in_its_place(tmp_path, kind):
    path = tmp_path / "x.optiviz"
    why = kind(path)
    before = sorted(tmp_path.iterdir()), path.lstat().st_mode
    with pytest.raises(SceneFileError) as told:
        scene_file.write(path, first_scene("beale"))
    assert str(told.value) == f"Could not save x.optiviz: {why}."
    assert (sorted(tmp_path.iterdir()), path.lstat().st_mode) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "role"), [("x", "scene"), ("x.csv", "scene"), ("x", "picture")])
def test_the_command_line_refuses_it(tmp_path, capsys, monkeypatch, kind, name, role):
    path = tmp_path / name
    why = kind(path)
    # Nothing is computed for a picture that has no place.
    monkeypatch.setattr("optiviz.cli._prepare_platform", lambda _: pytest.fail("it began to draw"))
    scene, picture = (path, tmp_path / "a.png") if role == "scene" else ("", path)
    arguments = ["render", *filter(None, [str(scene)]), "-o", str(picture)]
    assert cli.main(arguments) == cli.FAILED
    done = f"could not write {path}" if role == "picture" else f"Could not open {name}"
    assert capsys.readouterr() == ("", f"optiviz: {done}: {why}.\n")
    assert not (tmp_path / "a.png").exists()


def test_a_file_under_proc_does_not_go_on_for_ever():
    path = Path("/proc/kmsg")  # the kernel's messages: reading waits for the next one
    if not path.exists():
        pytest.skip("no /proc here")
    assert "Could not open kmsg" in refused(scene_file.read, path, SceneFileError)
    assert "Could not open kmsg" in refused(table_file.read, path, TableFileError)


def test_a_gigabyte_is_not_read(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(GIGABYTE)
    tracemalloc.start()
    try:
        told = refused(scene_file.read, path, SceneFileError)
        assert told == "Could not open large: it is too large to be a scene."
        told = refused(table_file.read, path, TableFileError)
        assert told == "Could not open large: it is not text: line 1 has a control character."
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


def test_a_line_without_end_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "line.csv"
    path.write_bytes(b"x,y\n" + b"1," * 10_000_000)
    asked = []
    with pytest.raises(TableFileError, match=r"line 2 has more than 1,000,000 letters"):
        table_file.read(path, cancelled=lambda: bool(asked.append(path)))
    assert len(asked) < 10, "of some eighty pieces"


def test_a_link_to_a_file_is_as_good_as_the_file(tmp_path):
    write_atomically(tmp_path / "x.optiviz", scene_file.dumps(first_scene("beale")).encode())
    (tmp_path / "link").symlink_to("x.optiviz")
    assert scene_file.read(tmp_path / "link") == first_scene("beale")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "x.optiviz").read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EIO])
def test_what_the_system_says_is_told_in_the_words_of_the_program(number):
    told = why_not(OSError(number, os.strerror(number)))
    assert told == os.strerror(number).casefold()


def test_names_in_a_reason_keep_their_capitals():
    assert why_not(OSError(errno.EINVAL, "it is a FIFO, not a file")) == "it is a FIFO, not a file"
    rare = OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
    assert why_not(rare) == os.strerror(errno.ENOTTY)
    assert why_not(OSError("gone")) == "gone"
