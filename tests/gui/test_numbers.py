import math

import pytest

from optiviz.engine.part import Knob
from optiviz.gui.words.numbers import (
    allowed_numbers,
    format_coordinate,
    format_knob,
    format_loss,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.02", 0.02),
        ("0,02", 0.02),
        ("2e-2", 0.02),
        ("2E-2", 0.02),
        ("1e−3", 1e-3),
        ("−1,5", -1.5),
        ("  7\t", 7.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+3", 3.0),
        ("-0", 0.0),
        ("٣", 3.0),
        ("۰٫۰۲", 0.02),
        ("－०.५", -0.5),
        ("１．５e－３", 1.5e-3),
        ("０，０２", 0.02),
    ],
)
def test_reads_what_people_type(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "inf",
        "-inf",
        "nan",
        "1e999",
        "1_000",
        "1,000,000",
        "1.0,5",
        "0x10",
        "1 2",
        "--1",
        "1e",
        "e5",
        ",",
        "½",
        "3²",
        "1٬5",
        "一",
        "1" * 400,
    ],
)
def test_refuses_the_rest_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"^.{1,60}\.$"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("300", 300),
        ("1e3", 1000),
        ("1 000", 1000),
        ("۱٬۰۰۰", 1000),
        ("100\u202f000", 100_000),
        ("1\u00a0000\u2009000", 1_000_000),
        ("-2 000", -2000),
        ("5,0", 5),
        ("1000.0", 1000),
    ],
)
def test_reads_whole_numbers_in_groups(text, number):
    assert parse_number(text, whole=True) == number


@pytest.mark.parametrize(
    "text", ["100,000", "1,000", "−1,000", "1.000", "1 00", "10 0000", "1  000", "1 000,000"]
)
def test_refuses_whole_numbers_that_can_be_read_in_two_ways(text):
    with pytest.raises(ValueError, match=r"^.{1,60}\.$"):
        parse_number(text, whole=True)


def test_a_comma_with_three_digits_is_a_decimal_point_where_fractions_are_allowed():
    assert parse_number("0,125") == 0.125
    assert parse_number("1.000") == 1.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.02, "0.02"),
        (0.999, "0.999"),
        (1e-8, "1e-8"),
        (1e16, "1e16"),
        (100000, "100000"),
        (0.0, "0"),
        (-0.0, "0"),
        (-30.0, "-30"),
        (2.5e-5, "2.5e-5"),
        (0.1 + 0.2, "0.3"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_writes_settings_compactly(value, text):
    assert format_knob(value) == text


@pytest.mark.parametrize("value", [0.02, 1 / 3, 1e-8, 123456.789, 6.02e23, -1.2, 0.999999])
def test_a_setting_comes_back_as_it_was(value):
    assert parse_number(format_knob(value)) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0251, "0.0251"),
        (0.06, "0.0600"),
        (14.203125, "14.2"),
        (0.0, "0"),
        (1e300, "1.00e300"),
        (-2.0, "-2.00"),
        (41.2, "41.2"),
        (9.996, "10.0"),
        (0.000999999, "0.00100"),
        (0.00098, "9.80e-4"),
        (12345.6, "12346"),
        (99999.7, "1.00e5"),
        (2.5e7, "2.50e7"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "–"),
    ],
)
def test_writes_losses_in_a_fixed_number_of_digits(value, text):
    assert format_loss(value) == text


def test_writes_a_loss_shorter_on_request():
    assert format_loss(0.06, digits=2) == "0.060"
    assert format_loss(0.06, digits=1) == "0.06"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0981, "3.098"),
        (-1.2, "-1.200"),
        (-1e-9, "0.000"),
        (123456.0, "1.23e5"),
        (math.nan, "–"),
        (-math.inf, "–"),
    ],
)
def test_writes_coordinates(value, text):
    assert format_coordinate(value) == text


def test_says_what_a_knob_allows():
    def knob(**given):
        return Knob("a", "a", "a", "Help.", 1.0, **given)

    assert allowed_numbers(knob(low=1e-9, high=1000)) == "a number from 1e-9 to 1000"
    assert allowed_numbers(knob(low=1, high=64, integer=True)) == "a whole number from 1 to 64"
    assert allowed_numbers(knob(low=0)) == "a number of at least 0"
    assert allowed_numbers(knob(high=2)) == "a number of at most 2"
    assert allowed_numbers(knob()) == "a number"
