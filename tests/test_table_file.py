"""Tables of the user's own: read as they are meant, and what is odd is said."""

import codecs
import gzip
import io
import os
import random
import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optiviz import resources, tables
from optiviz.engine import Cancelled, datasets
from optiviz.engine.cancel import never
from optiviz.tables import TableFileError, encodings


def read(path, cancelled=never):
    """Read a table as a data set."""
    return tables.read(path, cancelled=cancelled).data_set()


@pytest.fixture
def table(tmp_path):
    """Write a file, text or bytes, and read it."""

    def write_and_read(content, name="mine.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return read(path)

    return write_and_read


@pytest.fixture
def refused(table):
    """Write a file that must be refused; gives the sentence, which is one."""

    def write_and_read(content, **about):
        with pytest.raises(TableFileError) as error:
            table(content, **about)
        sentence = str(error.value)
        assert sentence.startswith("Could not open mine.csv: ")
        assert re.fullmatch(r"[^\n]+[^.\n]\.", sentence)
        assert len(sentence) < 200
        return sentence.removeprefix("Could not open mine.csv: ")

    return write_and_read


def values(found):
    return {column.name: column.values.tolist() for column in found.columns}


def note(found, word):
    (one,) = [one for one in found.notes if word in one]
    assert re.fullmatch(r"[^\n]+[^.\n]\.", one)
    return one


# Files as they should be


def test_a_plain_file(table):
    found = table("x,y\n1,2\n3,4.5\n-1e3,.5\n")
    assert values(found) == {"x": [1, 3, -1000], "y": [2, 4.5, 0.5]}
    assert found.notes == ()
    assert found.title == "mine.csv"
    assert re.fullmatch("mine-[0-9a-f]{12}", found.name)


@pytest.mark.parametrize("stem", ["penguins", "iris", "sea", "flights"])
def test_the_bundled_files_come_out_as_themselves(stem):
    found = read(resources.path("datasets", f"{stem}.csv"))
    assert datasets.is_bundled(found.name)
    same = datasets.find(found.name)
    assert [column.unit for column in found.columns] == [column.unit for column in same.columns]


numbers = st.lists(
    st.tuples(*[st.floats(-1e99, 1e99, allow_subnormal=True)] * 3), min_size=2, max_size=30
)


@given(numbers, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@settings(deadline=None)
def test_clean_files_read_as_numpy_reads_them(tmp_path_factory, rows, separator, end, header):
    lines = [separator.join(map(repr, row)) for row in rows]
    text = end.join(["a" + separator + "b" + separator + "c", *lines] if header else lines) + end
    path = tmp_path_factory.mktemp("clean") / "clean.csv"
    path.write_text(text, newline="")
    with io.StringIO(text, newline=None) as file:
        theirs = np.genfromtxt(file, delimiter=separator, skip_header=int(header), ndmin=2)
    varied = [i for i in range(3) if len(set(theirs[:, i])) > 1]
    if not varied:
        with pytest.raises(TableFileError, match="no column"):
            read(path)
        return
    found = read(path)
    ours = np.column_stack([column.values for column in found.columns])
    np.testing.assert_array_equal(ours, theirs[:, varied])


def told(path):
    """Read a file that may be anything; gives the sentences that are said, whatever comes of it."""
    try:
        found = read(path)
    except TableFileError as error:
        return [str(error)]
    for column in found.columns:
        present = column.values[~np.isnan(column.values)]
        assert len(set(present.tolist())) > 1
    return found.notes


@given(st.text(max_size=300) | st.binary(max_size=300))
@settings(deadline=None)
def test_anything_is_read_or_refused_in_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    path.write_bytes(data)
    assert all(line.endswith(".") and line.isprintable() for line in told(path))


cells = st.sampled_from(["1", "2.5", "x", "y y", "", "NA", '"', '""', '"q,"', "1e999", "−3", "0,5"])


@given(st.lists(st.lists(cells, max_size=5), max_size=12), st.sampled_from(",;\t"))
@settings(deadline=None)
def test_any_table_is_read_or_refused_in_a_sentence(tmp_path_factory, rows, separator):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8")
    assert all(line.endswith(".") and line.isprintable() for line in told(path))


# Separators, decimals, quotes


def test_semicolons_with_decimal_commas(table):
    found = table("x;y\n1,5;2\n-0,25;3\n,5;4e1\n")
    assert values(found) == {"x": [1.5, -0.25, 0.5], "y": [2, 3, 40]}
    assert note(found, "comma") == "A comma was read as the decimal point in: 'x'."


def test_tabs_with_decimal_commas_and_points(table):
    found = table("x\ty\n1,5\t2.5\n3,5\t3.5\n4,5\t4\n")
    assert values(found) == {"x": [1.5, 3.5, 4.5], "y": [2.5, 3.5, 4]}


def test_points_of_thousands_are_not_taken_for_decimals(table):
    found = table("x;y\n1.234,5;1\n1,5;2\n2,5;3\n3,5;4\n1.234;5\n")
    np.testing.assert_array_equal(found.column("x").values, [1234.5, 1.5, 2.5, 3.5, 1234])
    assert "point" in note(found, "thousands")


def test_commas_in_a_file_of_commas_are_no_decimals(table):
    found = table('x,y\n"1,000",1\n2,2\n3,3\n')
    np.testing.assert_array_equal(found.column("x").values, [1000, 2, 3])
    assert "could as well be the decimal sign" in note(found, "could")


@pytest.mark.parametrize(
    ("content", "width"),
    [
        ("1,5;2,5\n3,5;4,5\n", 2),
        ("x,y,of\n1,2,a;b\n3,4,c;d\n5,6,a;b\n", 3),
        ("x;y;of\n1;2;a,b\n3;4;c,d\n5;6;a,b\n", 3),
        ("name,x\nAnn;Bob\tEve,1\nBob,2\nEve,3\n", 2),
        ('"a;b;c",x\n1,2\n3,4\n', 2),
    ],
)
def test_what_separates(table, content, width):
    found = table(content)
    dropped = sum(line.startswith("Left out") for line in found.notes)
    assert len(found.columns) + dropped == width


def test_a_separator_that_the_file_names(table):
    assert values(table("sep=|\nx|y\n1|2\n3|4\n")) == {"x": [1, 3], "y": [2, 4]}
    strange = table("sep=|\nx|y\n1|2\n3|4\noops|5\n")
    assert "line 5, column 1" in note(strange, "text")


def test_one_column(table):
    assert values(table("x\n1\n2\n\n3\n")) == {"x": [1, 2, 3]}
    assert values(table("1\n2\n")) == {"column 1": [1, 2]}


def test_quotes_hold_separators_lines_and_quotes(table):
    found = table('"a, ""b""\nc", y\n"1", "2"\n"3","4"\n5,"x\n\n"\n6,7\n8,9\n')
    assert values(found)['a, "b" c'] == [1, 3, 5, 6, 8]
    assert "line 5, column 2" in note(found, "text")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('x,y\n1,2\n3,"4\n5,6\n7,8\n', 3),
        ('x,y\n1,2\n3,4\n"5"6,7\n', 4),
        ('x,y\n1,2\n3,"4\n' + "5,6\n" * 50_000, 3),
    ],
)
def test_a_quotation_mark_without_its_pair(refused, content, line):
    assert refused(content).startswith(f"line {line} has a ")


# Encodings


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_unicode(table, encoding, mark):
    found = table(mark + "größe,β₁\n1,2\n3,4\n".encode(encoding))
    assert values(found) == {"größe": [1, 3], "β₁": [2, 4]}
    assert found.notes == ()


def test_windows_1252_is_told(table):
    text = "größe,preis in €\n" + "1,2\n3,4\n" * 200
    found = table(text, encoding="cp1252")
    assert [column.name for column in found.columns] == ["größe", "preis in €"]
    assert "Windows-1252" in note(found, "letters")


def test_a_letter_of_windows_far_below(table):
    text = b"x,name\n" + b"1,a\n2,a\n" * 100_000 + b"3,\xfc\n"
    found = table(text)
    assert "Windows-1252" in note(found, "letters")


def test_a_letter_across_two_pieces(table, monkeypatch):
    monkeypatch.setattr(encodings, "_CHUNK", 3)
    assert values(table("äöü,β\n1,2\n3,4\n")) == {"äöü": [1, 3], "β": [2, 4]}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\n\n  \n,,\n", "holds no values"),
        (codecs.BOM_UTF8, "holds no values"),
        (gzip.compress(b"x,y\n1,2\n" * 100, mtime=0), "not text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text"),
        (random.Random(1).randbytes(5000), "not text"),
        (b"x,y\n1,2\n3\0,4\n", "line 3 has a control character"),
        (codecs.BOM_UTF16_LE + b"x", "not text, or it is damaged"),
        (b"x\n1\n\x81\n", "not text in UTF-8, UTF-16 or Windows-1252"),
    ],
)
def test_what_is_no_text(refused, content, what):
    assert what in refused(content)


# Headers and shapes


def test_no_header(table):
    found = table("1,2\n3,4\n")
    assert values(found) == {"column 1": [1, 3], "column 2": [2, 4]}
    assert note(found, "header") == "There is no header, so the names are 'column 1' to 'column 2'."


def test_a_header_with_a_number_in_it(table):
    assert list(values(table("name,height,2020\n1,2,3\n4,5,6\n"))) == ["name", "height", "2020"]


def test_units_in_the_header(table):
    found = table("mass [kg],x[0],t (s)\n1,2,3\n4,5,6\n")
    heads = [(column.name, column.unit) for column in found.columns]
    assert heads == [("mass", "kg"), ("x[0]", ""), ("t (s)", "")]


def test_names_are_made_unique_and_told(table):
    found = table("x,x,,x 2,,x\n1,2,3,4,5,6\n7,8,9,10,11,12\n")
    names = [column.name for column in found.columns]
    assert names == ["x", "x 2", "column 3", "x 2 2", "column 5", "x 3"]
    assert "'column 3', 'column 5'" in note(found, "without a name")
    assert "'x 2', 'x 2 2', 'x 3'" in note(found, "already")


def test_long_and_strange_names_become_one_line(table):
    found = table(f'"a\n\tb\u200b",{"n" * 5000}\n1,2\n3,4\n')
    assert [column.name for column in found.columns] == ["a b", "n" * 100]


def test_what_stands_above_the_table_is_told(table):
    found = table("# Measured on Monday\nRoom 5, left\nx,y,z\n1,2,3\n4,5,6\n")
    assert list(values(found)) == ["x", "y", "z"]
    assert note(found, "above").endswith("lines 1, 2.")
    found = table("said\n" * 40 + "x,y\n" + "1,2\n3,4\n" * 40)
    assert note(found, "above").endswith("lines 1, 2, 3, 4, 5 and 35 more.")


def test_ragged_rows_are_told(table):
    found = table("x,y\n1,2\n3\n4,5,6\n7,8\n9,10,11\n")
    np.testing.assert_array_equal(found.column("y").values, [2, np.nan, 5, 8, 10])
    assert "line 3, with 1 instead of 2" in note(found, "too few")
    assert "2 rows with too many cells" in note(found, "too many")
    assert "line 4, with 3 instead of 2" in note(found, "too many")


def test_many_columns(table):
    wide = ",".join(f"c{i}" for i in range(100_000))
    rows = "\n".join(",".join(map(str, range(j, j + 100_000))) for j in range(2))
    found = table(f"{wide}\n{rows}\n")
    assert len(found.columns) == 64
    assert note(found, "columns") == "Of 100,000 columns the first 64 are read."


def test_one_row_is_not_enough(refused):
    assert refused("x,y\n1,2\n") == "it has only one row of values, in line 2."
    assert refused("1,2") == "it has only one row of values, in line 1."
    assert refused("x,y\n") == "it has a header and no rows."


def test_no_usable_column(refused):
    assert "no column" in refused("name,k\nAnn,1\nBob,1\nEve,1\n")
    assert "no column" in refused("a line of words\nand one more\n\nand a third\nand more\n")


# Cells


def test_missing_values_are_counted(table):
    found = table("x,y\n1,\nNA,2\nNaN,3\nnull,?\n5,#N/A\n 6 ,.\n")
    np.testing.assert_array_equal(found.column("x").values, [1, np.nan, np.nan, np.nan, 5, 6])
    np.testing.assert_array_equal(found.column("y").values, [np.nan, 2, 3, *[np.nan] * 3])
    assert note(found, "Missing") == "Missing values: 3 in 'x', 4 in 'y'."


def test_a_text_among_numbers_is_told_with_its_place(table):
    found = table("x,mass\n1,2\n3,heavy\n4,5\n6,5%\n7,8\n")
    np.testing.assert_array_equal(found.column("mass").values, [2, np.nan, 5, np.nan, 8])
    assert note(found, "text") == (
        "In 'mass' 2 cells hold a text and count as missing; the first is 'heavy' in line 3, "
        "column 2."
    )


@pytest.mark.parametrize("text", ["1_000", "0x10", "1e", "--1", "1 2", "True", "1d5", "9" * 300])
def test_what_only_looks_like_a_number(table, text):
    found = table(f"x\n1\n2\n{text}\n")
    np.testing.assert_array_equal(found.column("x").values, [1, 2, np.nan])


def test_signs_and_digits_of_the_world(table):
    assert values(table("x,y\n−1.5,+2\n٣,4\n"))["x"] == [-1.5, 3]


@pytest.mark.parametrize("text", ["1e101", "-1e101", "inf", "-Infinity", "1e999"])
def test_huge_values_are_told_with_their_place(table, text):
    found = table(f"x,y\n1,2\n3,4\n5,{text}\n")
    np.testing.assert_array_equal(found.column("y").values, [2, 4, np.nan])
    assert f"'{text}' in line 4, column 2" in note(found, "beyond 1e100")


@pytest.mark.parametrize("text", ["-7.576369506310925e+300", "1" * 150])
def test_a_number_that_is_told_never_looks_like_another_one(table, text):
    found = table(f"x,y\n1,2\n3,4\n5,{text}\n")
    cut = text if len(text) < 24 else text[:24] + "…"
    assert f"'{cut}' in line 4, column 2" in note(found, "beyond 1e100")


def test_two_texts_become_0_and_1(table):
    found = table("sex,k\nmale,1\n Female,2\n,3\nMALE,4\n")
    assert found.column("sex").labels == ("Female", "male")
    np.testing.assert_array_equal(found.column("sex").values, [1, 0, np.nan, 1])
    assert note(found, "stands") == "In 'sex' 0 stands for 'Female' and 1 for 'male'."


def test_other_columns_are_left_out_and_told(table):
    found = table("name,k,x,empty,one\nAnn,1,1,,a\nBob,1,2,,a\nEve,1,3,NA,a\n")
    assert values(found) == {"x": [1, 2, 3]}
    assert note(found, "texts") == "Left out, as they hold more than two different texts: 'name'."
    assert note(found, "same") == "Left out, as their values are all the same: 'k', 'one'."
    assert note(found, "no value") == "Left out, as they hold no value: 'empty'."


def test_long_lists_are_cut(table):
    heads = ",".join(f"k{i}" for i in range(30))
    found = table(f"x,{heads}\n" + "".join(f"{j}{',1' * 30}\n" for j in range(3)))
    assert note(found, "same").endswith("'k0', 'k1', 'k2', 'k3', 'k4' and 25 more.")


# Long files


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("i,y\n" + "".join(f"{i},{i % 7}\n" for i in range(30_000)))
    return path


def test_2000_rows_are_all_there(table):
    found = table("x\n" + "".join(f"{i}\n" for i in range(2000)))
    assert found.column("x").values.tolist() == list(range(2000))
    assert found.notes == ()


def test_longer_files_are_sampled_and_it_is_said(long):
    found = read(long)
    assert found.rows == datasets.MAX_EXAMPLES
    drawn = found.column("i").values
    assert np.all(np.diff(drawn) > 0), "the file's order, and no row twice"
    assert note(found, "sample") == "Of 30,000 rows a random sample of 2,000 is used (seed 0)."
    assert read(long).name == found.name


def test_every_row_has_the_same_chance(long):
    """Of 10 tenths of the file each has its share, within 4.5 deviations of the exact law."""
    from scipy import stats

    counts = np.histogram(read(long).column("i").values, 10, (0, 30_000))[0]
    share = stats.hypergeom(30_000, 3_000, 2_000)
    assert np.all(np.abs(counts - share.mean()) < 4.5 * share.std())


def test_long_files_need_little_memory(tmp_path):
    path = tmp_path / "long.csv"
    word = "word" * 50
    path.write_text("x,y,z\n" + "".join(f"{i},0.123456789,{word}{i}\n" for i in range(60_000)))
    tracemalloc.start()
    try:
        read(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 13e6
    assert most < 6e6


@pytest.mark.parametrize("asked", [1, 2, 10])
def test_reading_stops_when_nobody_waits(long, monkeypatch, asked):
    monkeypatch.setattr(encodings, "_CHUNK", 100_000)
    times = 0

    def cancelled():
        nonlocal times
        times += 1
        return times >= asked

    with pytest.raises(Cancelled):
        read(long, cancelled)
    assert times == asked


def test_a_line_without_end(refused):
    assert "line 2 has more than 1,000,000 letters" in refused("x,y\n" + "1," * 600_000)


def test_a_cell_without_end(refused):
    assert "line 2 has a cell of more than" in refused("x,y\n1," + "a" * 200_000 + "\n3,4\n")


# Files that cannot be opened


def not_opened(path):
    with pytest.raises(TableFileError) as error:
        read(path)
    return str(error.value)


def test_what_is_not_there(tmp_path):
    assert not_opened(tmp_path / "no.csv") == "Could not open no.csv: no such file or directory."
    assert not_opened(tmp_path) == f"Could not open {tmp_path.name}: it is a folder, not a file."
    assert "embedded null" in not_opened(tmp_path / "a\0b")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert not_opened(tmp_path / "pipe.csv") == "Could not open pipe.csv: it is a pipe, not a file."


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "mine.csv"
    path.write_text("x\n1\n2\n")

    def denied(*_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("optiviz.tables.file.open_file", denied)
    assert not_opened(path) == "Could not open mine.csv: permission denied."
