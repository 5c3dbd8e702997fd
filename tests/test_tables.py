"""Tables as people have them: each is read as it is meant, and what is doubtful is said."""

import re

import numpy as np
import pytest

from optiviz import tables
from optiviz.tables import ChoiceError, TableFileError
from optiviz.tables.file import is_table

NAN = float("nan")


@pytest.fixture
def table(tmp_path):
    """Write a file, text or bytes, and read it."""

    def write_and_read(content, name="mine.csv", encoding="utf-8", **choices):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        found = tables.read(path, **choices)
        assert all(re.fullmatch(r"[^\n]+[^.\n]\.", remark) for remark in found.remarks)
        return found

    return write_and_read


def check(found, **columns):
    """Compare names and values; names of columns that cannot be words go by ``like``."""
    assert found.names == tuple(columns)
    for name, wanted in columns.items():
        assert found.columns[name].dtype == np.float64
        np.testing.assert_array_equal(found.columns[name], wanted)


def said(found, *words):
    """Whether one remark has all these words in it."""
    return any(all(word in remark for word in words) for remark in found.remarks)


# Numbers as each country writes them

GERMAN = "Stadt;Volk;Miete\nA;2.604;1.299,50\nB;1.310;950,25\nC;854;799,00\nD;22.045;10.020,75\n"


def test_points_of_thousands_beside_decimal_commas(table):
    found = table(GERMAN)
    check(
        found,
        Stadt=[0, 1, 2, 3],
        Volk=[2604, 1310, 854, 22045],
        Miete=[1299.5, 950.25, 799, 10020.75],
    )
    assert found.labels == {"Stadt": ("A", "B", "C", "D")}
    assert said(found, "point was read as grouping thousands", "'Volk', 'Miete'")
    assert said(found, "comma was read as the decimal point", "'Miete'")
    assert (found.choices.separator, found.choices.decimal, found.choices.thousands) == (
        (";", ",", ".")
    )


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_spaces_of_thousands(table, space):
    found = table(GERMAN.replace(".", space))
    check(
        found,
        Stadt=[0, 1, 2, 3],
        Volk=[2604, 1310, 854, 22045],
        Miete=[1299.5, 950.25, 799, 10020.75],
    )
    assert (found.choices.decimal, found.choices.thousands) == (",", " ")
    assert said(found, "space was read as grouping thousands")


def test_apostrophes_of_thousands(table):
    found = table("a;b\n1'204;1\n22’310.5;2\n954;3\n")
    check(found, a=[1204, 22310.5, 954], b=[1, 2, 3])
    assert (found.choices.decimal, found.choices.thousands) == (".", "'")


def test_whole_numbers_stay_beside_decimal_commas(table):
    found = table("x;y\n1;4\n2;6\n3,5;5\n4;1\n0,5;2\n")
    check(found, x=[1, 2, 3.5, 4, 0.5], y=[4, 6, 5, 1, 2])
    assert found.choices.decimal == ","


def test_quoted_numbers_with_decimal_commas(table):
    found = table('hoch,breit\n"1,75","3,5"\n"2,5","4,25"\n"3,75","6,0"\n')
    check(found, hoch=[1.75, 2.5, 3.75], breit=[3.5, 4.25, 6])
    assert (found.choices.separator, found.choices.decimal) == (",", ",")


def test_quoted_numbers_with_commas_of_thousands(table):
    found = table('of,people,area\nA,"1,304",11.5\nB,"954",3.25\nC,"12,045",31.5\n')
    check(found, of=[0, 1, 2], people=[1304, 954, 12045], area=[11.5, 3.25, 31.5])
    assert said(found, "comma was read as grouping thousands", "'people'")


def test_three_digits_behind_a_sign_are_told_as_doubtful(table):
    found = table("a;b\n1.204;1\n2.310;2\n4.525;3\n")
    check(found, a=[1.204, 2.31, 4.525], b=[1, 2, 3])
    assert said(found, "The point could as well group thousands", "'a'")
    beside = table("a;b\n1.204;1\n954;2\n4.525;3\n")
    check(beside, a=[1204, 954, 4525], b=[1, 2, 3])
    assert said(beside, "The point could as well be the decimal sign", "'a'")
    quoted = table('a,b\n"1,204",1\n"2,310",2\n"4,525",3\n')
    check(quoted, a=[1204, 2310, 4525], b=[1, 2, 3])
    assert said(quoted, "The comma could as well be the decimal sign", "'a'")


def test_between_commas_a_point_before_three_digits_is_decimal_beyond_doubt(table):
    found = table("a,b\n1.204,1.5\n954,2.5\n4.525,3.5\n")
    check(found, a=[1.204, 954, 4.525], b=[1.5, 2.5, 3.5])
    assert found.remarks == ()


def test_columns_with_two_decimal_signs_are_told(table):
    found = table("a;b\n1,5;2.5\n2,5;3.5\n3,75;4.25\n")
    check(found, a=[1.5, 2.5, 3.75], b=[2.5, 3.5, 4.25])
    assert said(found, "Some columns have a decimal point and some a decimal comma")
    assert not said(table(GERMAN), "Some columns")


# Units in the cells, and in a row of their own


def test_percent_and_money(table):
    found = table("month,share,rate\n1,12%,$1.50\n2,15.5%,$1.75\n3,18 %,$2.10\n4,21%,-$2.40\n")
    check(found, month=[1, 2, 3, 4], share=[12, 15.5, 18, 21], rate=[1.5, 1.75, 2.1, -2.4])
    assert found.units == {"share": "%", "rate": "$"}
    assert said(found, "unit", "'share' (%)", "'rate' ($)")


def test_euros_behind_decimal_commas(table):
    found = table("Tag;Umsatz\n1;12,50 €\n2;1.013,75 €\n3;15,00\n4;EUR 3,25\n5;7,25€\n")
    check(found, Tag=[1, 2, 3, 4, 5], Umsatz=[12.5, 1013.75, 15, NAN, 7.25])
    assert found.units == {"Umsatz": "€"}
    assert said(found, "'Umsatz' (€; 1 have none)")
    assert said(found, "'EUR 3,25' in line 5, column 2")


def test_a_word_is_a_unit_only_if_all_cells_have_it(table):
    check(table("a,b\n12 kg,1\n13.5 kg,2\n"), a=[12, 13.5], b=[1, 2])
    assert table("a,b\n12 kg,1\n13 lb,2\n15 kg,3\n").labels["a"] == ("12 kg", "13 lb", "15 kg")
    # What only begins or ends with a number is a name.
    assert table("a,b\nA1,1\nA2,2\n7b,3\n").labels["a"] == ("7b", "A1", "A2")


def test_a_row_of_units_below_the_names(table):
    found = table("t,way,who\ns,[m],\n1,2,A\n2,4.5,B\n3,8,A\n")
    check(found, t=[1, 2, 3], way=[2, 4.5, 8], who=[0, 1, 0])
    assert found.units == {"t": "s", "way": "m"}
    assert found.choices.header == 2
    assert said(found, "units", "'s', '[m]'")
    one = table("t,way,who\ns,[m],\n1,2,A\n2,4.5,B\n3,8,A\n", header=1)
    assert np.isnan(one.columns["t"][0])
    assert one.units == {}


# Headers


def test_years_are_names_beside_a_name(table):
    found = table("Term,Week,2011,2012\nLent,1,6.4,6.9\n,2,6.8,7.3\n,3,7.5,7.7\n,4,8,8.4\n")
    assert found.names == ("Term", "Week", "2011", "2012")
    assert len(found.columns["2011"]) == 4
    assert not said(found, "issing")  # a gap below a name is no missing example
    both = table("land,1990,1995,2000\nA,1.2,1.4,1.7\nB,3.1,3,3.3\nC,.8,.9,1.1\n")
    assert both.names == ("land", "1990", "1995", "2000")
    assert both.remarks == ()


def test_a_row_of_nothing_but_years_is_told(table):
    found = table("2001,2002\n1.5,2.5\n1.7,2.9\n2.1,3.3\n")
    assert found.names == ("2001", "2002")
    assert said(found, "could be values", "years")
    values = table("2001,2002\n1.5,2.5\n1.7,2.9\n2.1,3.3\n", header=False)
    check(values, **{"column 1": [2001, 1.5, 1.7, 2.1], "column 2": [2002, 2.5, 2.9, 3.3]})
    years = table("1990,1991\n1992,1993\n1994,1996\n")
    assert len(years.columns[0]) == 3
    assert said(years, "looks like years", "read as values")


def test_a_number_among_names_is_told(table):
    found = table("12,pull\n3,4.5\n6,5.5\n9,7.0\n")
    check(found, **{"12": [3, 6, 9], "pull": [4.5, 5.5, 7]})
    assert said(found, "Names were read", "'12'")


def test_a_value_that_is_a_text_makes_no_header(table):
    found = table("1,oops,3,4\n2,5,6,7\n3,4,5,6\n1,2,9,9\n")
    assert found.names[0] == "column 1"
    assert said(found, "'oops' in line 1, column 2")


def test_a_header_of_another_width_keeps_its_names(table):
    found = table("a,b\n1,10,2\n2,12,3\n3,17,5\n")
    check(found, a=[1, 2, 3], b=[10, 12, 17], **{"column 3": [2, 3, 5]})
    assert said(found, "2 names for 3 columns")
    longer = table("a,b,c\n1,10\n2,12\n3,17\n")
    check(longer, a=[1, 2, 3], b=[10, 12, 17])
    assert said(longer, "3 names for 2 columns", "left out")


def test_a_separator_at_the_ends_is_no_column(table):
    found = table("when;code;fee\n1;40;25;\n2;44;21.5;\n3;10;25.75;\n4;55;20\n5;13;22\n")
    check(found, when=[1, 2, 3, 4, 5], code=[40, 44, 10, 55, 13], fee=[25, 21.5, 25.75, 20, 22])
    check(table("x,y\n1E+03,2,\n2E+03,3,\n3E+03,5,\n"), x=[1000, 2000, 3000], y=[2, 3, 5])
    assert table("x,y,\n1,2,\n3,4,\n").names == ("x", "y")


def test_comments_are_no_header_unless_they_are_all_there_is(table):
    found = table("# made by a, b\nx,y\n1,2\n2,3.5\n3,4\n")
    check(found, x=[1, 2, 3], y=[2, 3.5, 4])
    assert said(found, "above the table", "1")
    check(table("# x y\n1 2\n3 4.5\n5 6\n", "b.dat"), x=[1, 3, 5], y=[2, 4.5, 6])
    assert table("#,x,y\n1,2,3\n4,5,6\n").names == ("#", "x", "y")


# Separators


@pytest.mark.parametrize(
    ("content", "separator"),
    [
        ("u|w\n0.5|1.25\n1|2.1\n1.5|3.3\n", "|"),
        ("u|w\n0,5|1,25\n1|2,1\n1,5|3,3\n", "|"),
        ("u   w\n 0.5  1.25\n1\t2.1\n  1.5    3.3  \n", " "),
        ("u\tw\n0.5\t1.25\n1\t2.1\n1.5\t3.3\n", "\t"),
        ("u;w\n0.5;1.25\n1;2.1\n1.5;3.3\n", ";"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.data", "a.dat"])
def test_separators(table, content, separator, name):
    found = table(content, name)
    check(found, u=[0.5, 1, 1.5], w=[1.25, 2.1, 3.3])
    assert found.choices.separator == separator


def test_blanks_without_a_header(table):
    found = table("0.50 1.25\n1.00 2.10\n1.50 3.30\n", "b.txt")
    check(found, **{"column 1": [0.5, 1, 1.5], "column 2": [1.25, 2.1, 3.3]})


# Missing values


def test_every_mark_of_a_missing_value(table):
    marks = (
        "none <NA> * n.a. -- NA NULL ? #DIV/0! -nan(ind) #N/A NaN 1.#QNAN missing - . nil".split()
    )
    rows = "".join(f"{i},{mark}\n" for i, mark in enumerate(marks))
    found = table("x,y\n" + rows + "".join(f"{i},{i}\n" for i in range(len(marks) + 1)))
    column = found.columns["y"]
    assert np.isnan(column[: len(marks)]).all()
    assert column[len(marks) :].tolist() == list(range(len(marks) + 1))
    assert said(found, f"Missing values: {len(marks)} in 'y'")
    assert not said(found, "hold a text")


def test_none_is_a_text_like_another_among_texts(table):
    found = table("x,drug\n1,none\n2,some\n3,none\n")
    assert found.labels["drug"] == ("none", "some")


SENTINEL = "depth,temp\n1,12.5\n2,11.9\n3,-999\n4,11.1\n5,-999\n6,10.2\n"


def test_a_sentinel_is_noticed_and_asked_about(table):
    found = table(SENTINEL)
    assert found.columns["temp"].tolist() == [12.5, 11.9, -999, 11.1, -999, 10.2]
    (question,) = found.questions
    assert (question.column, question.mark) == ("temp", "-999")
    assert said(found, "'temp'", "-999", "2 times", "missing?")
    for mark in (-999, "-999", ["-999"], "-999.0"):
        chosen = table(SENTINEL, missing=mark)
        np.testing.assert_array_equal(chosen.columns["temp"], [12.5, 11.9, NAN, 11.1, NAN, 10.2])
        assert chosen.questions == ()
        assert said(chosen, "Missing values: 2 in 'temp'")


@pytest.mark.parametrize("numbers", ["998 999 1000 1001", "-900 0 300 -999", "1 2 3 50"])
def test_numbers_among_others_are_no_sentinels(table, numbers):
    assert table("x,y\n" + "".join(f"{n},1\n" for n in numbers.split())).questions == ()


# Dates


@pytest.mark.parametrize(
    "texts",
    [
        ["2021-02-27", "2021-02-28", "2021-03-01"],
        ["2021/02/27", "2021/02/28", "2021/3/1"],
        ["27.02.2021", "28.2.2021", "1.3.2021"],
        ["27/02/2021", "28/02/2021", "01/03/2021"],
        ["02/27/2021", "02/28/2021", "03/01/2021"],
        ['"Feb 27, 2021"', '"February 28, 2021"', '"Mar 1, 2021"'],
        ["27 Feb 2021", "28 February 2021", "1 Mar 2021"],
        ["27-Feb-2021", "28-Feb-2021", "01-Mar-2021"],
    ],
)
def test_dates_are_days_since_the_first(table, texts):
    found = table("when,y\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts)))
    check(found, when=[0, 1, 2], y=[0, 1, 2])
    assert found.units == {"when": "days since 2021-02-27"}
    assert said(found, "'when'", "dates", "2021-02-27")
    assert found.data_set().column("when").unit == "days since 2021-02-27"


def test_hours_months_and_what_is_no_date(table):
    found = table("t,y\n2020-01-01 12:00,1\n2020-01-02T06:30:00Z,2\n2020-02-30,3\n2020-01-03,4\n")
    np.testing.assert_allclose(found.columns["t"], [0.5, 1 + 6.5 / 24, NAN, 2])
    assert said(found, "'2020-02-30' in line 4, column 1")
    months = table("t;y\n2020-01;1\n2020-02;2\n2020-03;4\n")
    assert months.columns["t"].tolist() == [0, 31, 60]


def test_years_of_two_digits_are_told(table):
    found = table("t;y\n30.12.99;1\n01.01.00;2\n02.01.00;3\n")
    assert found.columns["t"].tolist() == [0, 2, 3]
    assert found.units == {"t": "days since 1999-12-30"}
    assert said(found, "'t'", "two digits were read as 1970 to 2069")


def test_dates_that_could_be_others_are_told(table):
    found = table("t,y\n01/02/2021,1\n03/04/2021,2\n05/06/2021,3\n")
    assert found.columns["t"].tolist() == [0, 61, 124]
    assert said(found, "'t'", "month was taken to stand first")


# Encodings

LETTERS = [
    ("cp1252", "größe;preis\nJürgen;1,5\nZoë;2,5\nAmélie;4\n"),
    ("cp1252", "größe;preis €\n1;2\n3;4\n"),
    ("cp1252", "année,température\n1,2\n3,4\n"),
    ("cp1250", "město;počet\nPlzeň;1\nŽďár;2\nBrno;3\n"),
    ("cp1250", "głębokość,temperatura\n1,2\n3,4\n"),
    ("cp1251", "город;население\nМосква;12\nКазань;1\n"),
    ("cp1251", "глубина,температура\n1,2\n3,4\n"),
    ("koi8-r", "глубина,температура\n1,2\n3,4\n"),
    ("cp932", "深さ,温度\n1,2\n3,4\n"),
    ("gb18030", "城市,人口\n北京,21\n上海,24\n"),
    ("cp949", "깊이,온도\n1,2\n3,4\n"),
    ("cp1253", "βάθος;θερμοκρασία\n1;2\n3;4\n"),
]


@pytest.mark.parametrize(("encoding", "content"), LETTERS)
def test_letters_of_the_world(table, encoding, content):
    found = table(content, encoding=encoding)
    head = re.split("[;,]", content.splitlines()[0])
    assert list(found.names) == head
    assert said(found, "letters", "by guess")
    assert found.choices.encoding == encoding


def test_an_encoding_is_chosen(table, tmp_path):
    content = "größe;preis\n1;2\n3;4\n"
    found = table(content.encode("mac-roman"))
    assert found.names[0] != "größe"
    path = tmp_path / "mine.csv"
    chosen = tables.read(path, encoding="mac-roman")
    assert chosen.names == ("größe", "preis")
    assert chosen.remarks == ()
    with pytest.raises(TableFileError, match="not text in utf-8"):
        tables.read(path, encoding="utf-8")
    path.write_bytes(content.encode("utf-8-sig"))
    assert tables.read(path, encoding="UTF-8").names == ("größe", "preis")


# Choices


def test_each_choice_is_followed(table):
    text = "a;b\n1.204;1,5\n2.310;2,5\n"
    check(table(text, decimal="."), a=[1.204, 2.31], b=[0, 1])
    check(table(text, thousands=""), a=[1.204, 2.31], b=[1.5, 2.5])
    check(table(text, thousands=".", decimal=","), a=[1204, 2310], b=[1.5, 2.5])
    assert table(text, separator="|").names == ("a;b",)
    assert table(text, separator="comma").choices.separator == ","
    assert table(text, header=0).columns["column 1"].shape == (3,)
    assert table("1;2\n3;4\n5;6\n", header=True).names == ("1", "2")
    marked = table("a;b\n1;x\n2;3\n3;4\n", missing=["x", 2])
    check(marked, a=[1, NAN, 3], b=[NAN, 3, 4])


def test_what_was_guessed_reads_the_same_again(table, tmp_path):
    first = table(GERMAN)
    told = {name: getattr(first.choices, name) for name in first.choices.__dataclass_fields__}
    assert None not in told.values()
    again = tables.read(tmp_path / "mine.csv", **told)
    assert again.names == first.names
    assert again.choices == first.choices
    for one, two in zip(first.columns, again.columns, strict=True):
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"delimiter": ";"}, ("no choice 'delimiter'", "separator, decimal")),
        ({"separator": "§"}, ("separator must be one of", "'§'", "semicolon")),
        ({"separator": 3}, ("separator must be one of", "not 3")),
        ({"decimal": ";"}, ("decimal must be one of '.' (point)", "';'")),
        ({"thousands": "_"}, ("thousands must be one of", "'_'")),
        ({"decimal": ",", "thousands": ","}, ("cannot both be a comma",)),
        ({"separator": " ", "thousands": " "}, ("spaces cannot",)),
        ({"header": 3}, ("header must be one of 0 (no names)", "3")),
        ({"header": "yes"}, ("header must be one of", "'yes'")),
        ({"encoding": "utf-9"}, ("no encoding 'utf-9'",)),
        ({"encoding": "zip"}, ("no encoding 'zip'",)),
        ({"encoding": 8}, ("no encoding 8",)),
        ({"missing": ""}, ("missing value is a text of 1 to 40 letters",)),
        ({"missing": [None]}, ("missing value", "'None'")),
        ({"missing": float("nan")}, ("missing value", "'nan'")),
        ({"missing": [str(i) for i in range(41)]}, ("no more than 40",)),
    ],
)
def test_what_cannot_be_chosen_is_told(tmp_path, choices, words):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    with pytest.raises(ChoiceError) as error:
        tables.read(path, **choices)
    sentence = str(error.value)
    assert re.fullmatch(r"[^\n]+[^.\n]\.", sentence)
    for word in words:
        assert word.lower() in sentence.lower()
    assert error.value.choice in {*choices}


# What is a table


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("a.CSV", "", True),
        ("a.dat", "", True),
        ("a.data", "", True),
        ("numbers", "1 2\n3 4\n5 6\n", True),
        ("a.optiviz", "x,y\n1,2\n3,4\n5,6\n", True),
        ("a.xyz", "x;y\n1,5;2\n3;4\n", True),
        ("a.optiviz", '{"optiviz": 4,\n "steps": 100,\n"a": 1}', False),
        ("a.optiviz", "[1,\n2,\n3,\n4]", False),
        ("letter", "Dear reader,\nthis is a letter,\nof three lines.\n", False),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", False),
        ("empty", "", False),
    ],
)
def test_tables_are_known_by_their_names_or_by_what_is_in_them(tmp_path, name, content, is_one):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert is_table(path) is is_one


def test_columns_by_place_and_name(table):
    found = table("x,y\n1,2\n3,4\n")
    assert found.columns[0] is found.columns["x"]
    assert [column.tolist() for column in found.columns] == [[1, 3], [2, 4]]
    with pytest.raises(KeyError, match="no column 'z'; the columns are: x, y"):
        found.columns["z"]
