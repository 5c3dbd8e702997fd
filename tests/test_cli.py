"""The command line: list, render, help, and what it says when something is wrong."""

import os
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from optiviz import __version__, cli
from optiviz.engine import OPTIMIZERS, SURFACES
from optiviz.scene import first_scene
from optiviz.scene.file import write

ROOT = Path(__file__).resolve().parents[1]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def environ(tmp_path):
    """A user without a display, whose settings and kernels are elsewhere."""
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return {**kept, "XDG_CONFIG_HOME": str(tmp_path / "config"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def optiviz(environ, tmp_path):
    """Run the command in a process of its own, in an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()

    def run(*arguments, start=("-m", "optiviz"), **more):
        return subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            cwd=folder,
            env={**environ, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    run.folder = folder
    return run


def png_size(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", data[16:24])


def one_sentence(text):
    """What was complained of, if it is one line of one sentence."""
    (line,) = text.splitlines()
    assert line.startswith("optiviz: ")
    assert line.endswith(".")
    return line


def complaint(capsys, *arguments):
    """Run it here; gives the exit code and what was written to stderr."""
    code = cli.main(list(map(str, arguments)))
    out, err = capsys.readouterr()
    assert out == ""
    return code, err


def usage_error(capsys, *arguments):
    """Run what argparse refuses; gives its last line."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(map(str, arguments)))
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


# list


def test_list_names_every_part_with_its_knobs_and_ranges(capsys):
    assert cli.main(["list"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    for table in (OPTIMIZERS, SURFACES):
        for key, part in table.items():
            at = next(i for i, line in enumerate(lines) if line.split()[:1] == [key])
            assert part.title in lines[at]
            for offset, knob in enumerate(part.knobs(), start=1):
                words = lines[at + offset].split()
                assert words[0] == knob.name
                assert knob.symbol.split()[0] in words[1]
                assert knob.allowed in lines[at + offset]
    assert not any(line != line.rstrip() for line in lines)


def test_list_runs_where_qt_is_not_even_installed(optiviz):
    block = (
        "import sys\n"
        "for name in ('PySide6', 'shiboken6', 'pyqtgraph', 'numba'):\n"
        "    sys.modules[name] = None\n"
        "from optiviz.cli import main\n"
        "sys.exit(main())\n"
    )
    done = optiviz("list", start=("-c", block))
    assert (done.returncode, done.stderr) == (0, "")
    assert "beale" in done.stdout
    assert done.stdout == optiviz("list").stdout


def test_list_into_a_file_that_knows_no_greek(optiviz):
    done = optiviz("list", PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "beale" in done.stdout


def test_list_takes_nothing_else(capsys):
    assert "unrecognized" in usage_error(capsys, "list", "more")


# render


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_can_be_rendered(tmp_path, capsys, surface):
    path = tmp_path / f"{surface}.png"
    assert cli.main(["render", "-o", str(path), "--surface", surface, "--size", "400x300"]) == 0
    assert capsys.readouterr() == ("", "")
    assert png_size(path) == (400, 300)
    assert [*tmp_path.iterdir()] == [path]


def test_size_step_and_theme_make_different_pictures(tmp_path):
    pictures = {}
    for theme in ("dark", "light"):
        for step in ("0", "40", "250"):
            path = tmp_path / f"{theme}-{step}.png"
            arguments = ["render", "-o", str(path), "--theme", theme, "--step", step]
            assert cli.main([*arguments, "--size", "640x480"]) == 0
            assert png_size(path) == (640, 480)
            pictures[theme, step] = path.read_bytes()
    assert len(set(pictures.values())) == 6
    last = tmp_path / "last.png"
    assert cli.main(["render", "-o", str(last), "--size", "640X480"]) == 0
    assert last.read_bytes() == pictures["dark", "250"]


def test_a_scene_file_is_rendered(tmp_path):
    write(tmp_path / "mine.optiviz", replace(first_scene("beale"), start=(3.0, 2.0), solo=1))
    paths = [tmp_path / name for name in ("first.png", "mine.png", "other.png")]
    small = ["--size", "400x300"]
    scene = str(tmp_path / "mine.optiviz")
    assert cli.main(["render", "-o", str(paths[0]), *small]) == 0
    assert cli.main(["render", scene, "-o", str(paths[1]), *small]) == 0
    assert cli.main(["render", scene, "-o", str(paths[2]), "--surface", "himmelblau", *small]) == 0
    assert len({path.read_bytes() for path in paths}) == 3


def test_a_table_is_rendered_as_data(tmp_path, capsys):
    table = tmp_path / "rides.csv"
    table.write_text("km,min\n" + "".join(f"{i},{2 * i + i % 3}\n" for i in range(30)))
    small = ["--size", "400x300"]
    paths = [tmp_path / name for name in ("mine.png", "first.png")]
    assert cli.main(["render", str(table), "-o", str(paths[0]), *small]) == 0
    assert cli.main(["render", "-o", str(paths[1]), *small]) == 0
    assert paths[0].read_bytes() != paths[1].read_bytes()
    assert capsys.readouterr().out == ""
    table.write_text("km;min;who\n" + "".join(f"{i},5;{2 * i + i % 3};{i}x\n" for i in range(30)))
    assert cli.main(["render", str(table), "-o", str(paths[0]), *small]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Left out, as they hold more than two different texts: 'who'.",
        "A comma was read as the decimal point in: 'km'.",
    ]
    for content, *words in (
        ("", "is empty"),
        ("km\n1\n2\n3\n4\n", "two columns"),
        ("km,min\n1,7\n2,7\n3,7\n4,7\n", "has only 'km'", "all the same: 'min'"),
        ("km,min\n1,1e150\n2,1\n3,4\n4,\n", "2 of 4 have", "'1e150' in line 2, column 2"),
    ):
        table.write_text(content)
        code, err = complaint(capsys, "render", table, "-o", tmp_path / "x.png")
        assert code == 1
        assert all(word in one_sentence(err) for word in words)


def test_a_table_is_known_by_what_is_in_it(tmp_path):
    table = tmp_path / "rides.optiviz"
    table.write_text("".join(f"{i} {2 * i + i % 3}\n" for i in range(30)))
    picture = tmp_path / "x.png"
    assert cli.main(["render", str(table), "-o", str(picture), "--size", "400x300"]) == 0
    assert png_size(picture) == (400, 300)


def test_the_same_scene_gives_the_same_bytes(optiviz):
    for name in ("a.png", "b.png"):
        done = optiviz("render", "-o", name, "--size", "500x400", "--step", "60")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    first, second = ((optiviz.folder / name).read_bytes() for name in ("a.png", "b.png"))
    assert first == second
    assert png_size(optiviz.folder / "a.png") == (500, 400)


def test_a_picture_that_is_there_is_replaced(tmp_path):
    path = tmp_path / "race.png"
    path.write_bytes(b"old")
    assert cli.main(["render", "-o", str(path), "--size", "300x200"]) == 0
    assert png_size(path) == (300, 200)


def test_an_unknown_surface(tmp_path, capsys):
    code, err = complaint(capsys, "render", "-o", tmp_path / "x.png", "--surface", "bowl")
    assert code == 2
    sentence = one_sentence(err)
    assert "'bowl'" in sentence
    assert all(key in sentence for key in SURFACES)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "size",
    ["", "big", "100", "100x", "x100", "axb", "100x100x100", "199x900", "900x8001", "-400x300"],
)
def test_sizes_that_no_picture_has(tmp_path, capsys, size):
    line = usage_error(capsys, "render", "-o", tmp_path / "x.png", f"--size={size}")
    assert "--size" in line
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("step", ["-1", "1.5", "last", "", "nan"])
def test_steps_that_are_none(tmp_path, capsys, step):
    line = usage_error(capsys, "render", "-o", tmp_path / "x.png", f"--step={step}")
    assert "--step" in line
    assert "whole number" in line


def test_a_step_beyond_the_race(tmp_path, capsys):
    code, err = complaint(capsys, "render", "-o", tmp_path / "x.png", "--step", "301")
    assert code == 2
    assert "250" in one_sentence(err)
    assert [*tmp_path.iterdir()] == []


def test_a_theme_that_there_is_not(tmp_path, capsys):
    assert "'dark', 'light'" in usage_error(
        capsys, "render", "-o", tmp_path / "x.png", "--theme", "sepia"
    ).replace("dark, light", "'dark', 'light'")


def test_render_must_know_where_to(capsys):
    assert "-o" in usage_error(capsys, "render")


@pytest.mark.parametrize("content", [None, "{", '{"optiviz": 9}'])
def test_scene_files_that_cannot_be_rendered(tmp_path, capsys, content):
    path = tmp_path / "scene.optiviz"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, err = complaint(capsys, "render", path, "-o", tmp_path / "x.png")
    assert code == 1
    assert "Could not open scene.optiviz" in one_sentence(err)
    assert not (tmp_path / "x.png").exists()


def test_places_where_no_picture_can_be_written(tmp_path, capsys):
    folder = tmp_path / "folder"
    folder.mkdir()
    a_file = tmp_path / "file"
    a_file.write_text("", encoding="utf-8")
    for path in (folder, tmp_path / "no folder" / "x.png", a_file / "x.png"):
        code, err = complaint(capsys, "render", "-o", path, "--size", "300x200")
        assert code == 1
        assert str(path) in one_sentence(err)
    assert sorted(tmp_path.iterdir()) == [a_file, folder]
    assert [*folder.iterdir()] == []


# The window, help, version


def test_without_a_display_it_says_so_and_tells_of_render(optiviz):
    done = optiviz()
    assert done.returncode == 1
    assert done.stdout == ""
    sentence = one_sentence(done.stderr)
    assert "display" in sentence
    assert "optiviz render" in sentence


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display")
def test_what_counts_as_a_display(monkeypatch):
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    assert not cli.has_display()
    monkeypatch.setattr(cli, "_x_server_answers", lambda: True)
    for name in DISPLAYS:
        monkeypatch.setenv(name, "offscreen")
        assert cli.has_display()
        monkeypatch.setenv(name, "")
        assert not cli.has_display()


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="there is always a display")
def test_a_display_that_does_not_answer_is_none(monkeypatch):
    pytest.importorskip("ctypes").CDLL("libxcb.so.1")
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":9753")
    assert not cli.has_display()


def test_version_and_help(optiviz):
    done = optiviz("--version")
    assert (done.returncode, done.stdout) == (0, f"optiviz {__version__}\n")
    for arguments in (["--help"], ["render", "--help"], ["list", "--help"]):
        done = optiviz(*arguments)
        assert done.returncode == 0
        assert done.stderr == ""
        assert done.stdout.startswith("usage: optiviz")
    assert "render" in optiviz("--help").stdout


def test_nothing_of_qt_is_loaded_by_help():
    code = (
        "import sys, optiviz.cli\n"
        "assert not any(name.startswith(('PySide6', 'numba')) for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_an_option_that_there_is_not(capsys):
    assert "--fast" in usage_error(capsys, "--fast")


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("where", "code", "told"),
    [
        (">/dev/full", 1, "optiviz: could not print: no space left on device.\n"),
        (">&-", 1, ""),
        ("2>&- >/dev/full", 1, ""),
        ("| true", 0, ""),
    ],
)
@pytest.mark.parametrize("buffered", ["", "1"])
def test_list_to_where_nothing_can_be_written_prints_no_traceback(where, code, told, buffered):
    if "/dev/full" in where and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m optiviz list {where}"],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": buffered},
        check=False,
    )
    assert done.stderr == told
    assert done.returncode == code
