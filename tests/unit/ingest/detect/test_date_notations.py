"""Notations of one date: each is read right, or not at all with the reason."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.ingest.detect.date_formats import (
    PARTIAL,
    NumericDate,
    ParsedDate,
    explain_unreadable,
    parse_date,
)
from geo.ingest.detect.date_texts import parse_all

DAY = dt.datetime(2024, 12, 12)


def parsed(text: str) -> ParsedDate:
    found = parse_date(text)
    found = found.resolve(day_first=True) if isinstance(found, NumericDate) else found
    assert isinstance(found, ParsedDate), (text, found)
    return found


def in_utc(text: str) -> str:
    found = parsed(text)
    assert found.timed
    assert found.zone is not None
    return f"{found.when.replace(tzinfo=found.zone).astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    "text",
    [
        "12. Dezember 2024",
        "Donnerstag, 12. Dez. 2024",
        "12 décembre 2024",
        "jeudi 12 déc. 2024",
        "12 Aralık 2024",
        "12 ARALIK 2024 Perşembe",
        "12 Ara 2024",
        "12 декабря 2024 г.",
        "12 дек. 2024",
        "12 грудня 2024 року",
        "12 كانون الأول 2024",
        "١٢ كانون الأول ٢٠٢٤",
        "12 كانون الأول/ديسمبر 2024",
        "الخميس 12 ديسمبر 2024",
        "١٢/١٢/٢٠٢٤",
        "۲۰۲۴-۱۲-۱۲",
        "12 בדצמבר 2024",
        "12 דצמבר 2024",
        "jueves, 12 de diciembre de 2024",
        "12 dic 2024",
        "Dec-12-2024",
        "2024-Dec-12",
        "12-Dec-24",
        "12DEC2024",
        "12.12.24",
        "2024-12-12Z",
        "2024-12-12+03:00",
        "12 Dec '24",
        "'2024-12-12'",
        "on 12th December 2024",
        "יום חמישי, 12 בדצמבר 2024",
        "2024_12_12",
        "2024-W50-4",
        "2024-347",
    ],
)
def test_day_is_read_in_each_language_and_notation(text):
    found = parsed(text)
    assert (found.when, found.timed) == (DAY, False)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("121430ZDEC24", "2024-12-12 14:30:00"),
        ("121430Z DEC 24", "2024-12-12 14:30:00"),
        ("12 1430Z DEC 2024", "2024-12-12 14:30:00"),
        ("121430zdec24", "2024-12-12 14:30:00"),
        ("121430CDEC24", "2024-12-12 11:30:00"),
        ("1430Z 12 Dec 2024", "2024-12-12 14:30:00"),
        ("12DEC24 1430Z", "2024-12-12 14:30:00"),
        ("20241212T101500Z", "2024-12-12 10:15:00"),
        ("2024-12-12 10:00 EET", "2024-12-12 08:00:00"),
        ("2024-12-12 10:00 (EEST)", "2024-12-12 07:00:00"),
        ("12.12.2024 10:00 MESZ", "2024-12-12 08:00:00"),
        ("12.12.2024, 10.00 Uhr MEZ", "2024-12-12 09:00:00"),
        ("2024-12-12 10:00 CET", "2024-12-12 09:00:00"),
        ("2024-12-12 10:00 UTC+3", "2024-12-12 07:00:00"),
        ("2024-12-12 10:00 GMT+03:00", "2024-12-12 07:00:00"),
        ("2024-12-12 10:00 +0300", "2024-12-12 07:00:00"),
        ("2024-12-12 10:00 Asia/Damascus", "2024-12-12 07:00:00"),
        ("2024-12-12T10:00+03:00[Europe/Istanbul]", "2024-12-12 07:00:00"),
        ("12/12/2024 15:05 MSK", "2024-12-12 12:05:00"),
        ("Dec 12, 2024 3:05 p.m. EST", "2024-12-12 20:05:00"),
        ("Thu Dec 12 10:15:00 +0000 2024", "2024-12-12 10:15:00"),
        ("Thu Dec 12 2024 10:15:00 GMT+0300 (GMT+03:00)", "2024-12-12 07:15:00"),
        ("2024-12-12 10:00 Damascus time", "2024-12-12 07:00:00"),
        ("12/Dec/2024:10:15:00 +0000", "2024-12-12 10:15:00"),
        ("1733997600,25", "2024-12-12 10:00:00"),
        ("1733997600.25", "2024-12-12 10:00:00"),
        ("1733997600000", "2024-12-12 10:00:00"),
        ("1733997600000000", "2024-12-12 10:00:00"),
        ("1733997600000000000", "2024-12-12 10:00:00"),
    ],
)
def test_time_with_a_zone_is_read(text, when):
    assert in_utc(text) == when


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("20241212_101500", "10:15:00"),
        ("20241212101500", "10:15:00"),
        ("2024121210", "10:00:00"),
        ("2024:12:12 10:15:00", "10:15:00"),
        ("Dec 12, 2024 3:05 PM", "15:05:00"),
        ("jeudi 12 déc. 2024 à 14h30", "14:30:00"),
        ("le 12 décembre 2024 à 14 h 30", "14:30:00"),
        ("١٢/١٢/٢٠٢٤ ٢:٣٠ م", "14:30:00"),
        ("14:30, 12 Dec 2024", "14:30:00"),
        ("121430JDEC24", "14:30:00"),
        ("2024-12-12 24:00", "23:59:59"),
    ],
)
def test_time_without_a_zone_is_local(text, clock):
    found = parsed(text)
    assert found.zone is None
    assert found.timed
    assert f"{found.when:%Y-%m-%d %H:%M:%S}" == f"2024-12-12 {clock}"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12-13 December 2024", "2024-12-12", "2024-12-13"),
        ("12.-13.12.2024", "2024-12-12", "2024-12-13"),
        ("2024-12-12/2024-12-13", "2024-12-12", "2024-12-13"),
        ("28 November - 2 December 2024", "2024-11-28", "2024-12-02"),
        ("December 12-13, 2024", "2024-12-12", "2024-12-13"),
        ("12.12.2024 10:00 bis 14:00 Uhr", "2024-12-12", "2024-12-12"),
    ],
)
def test_range_in_one_text_has_two_ends(text, first, last):
    found = parsed(text)
    assert found.until is not None
    assert (str(found.when.date()), str(found.until.when.date())) == (first, last)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-12-12 10:00 IST", "Israel, India or Ireland"),
        ("2024-12-12 10:00 FOO", "not a known time zone"),
        ("2024-12-12 25:00", "no such time"),
        ("2024-02-30", "no such day"),
        ("9999-12-31", "year 9999"),
        ("1.73E+12", "rounded"),
        ("9733997600.5e9", "rounded"),
        ("9733997600", "not a valid date"),
        ("12 Foo 2024", "not a valid date"),
        ("since 12 December 2024", "not a valid date"),
        ("2024-12-12/..", "not a valid date"),
        ("13/12/2024 - 12/12/2024", "not a valid date"),
        ("11 جمادى الآخرة 1446", "not a valid date"),
    ],
)
def test_text_that_cannot_be_read_is_explained(text, why):
    assert parse_date(text) is None
    assert why in explain_unreadable(text)


def test_many_texts_are_parsed_as_each_of_them():
    days = ("2024-12-12 ", "12.12.2024 ", "13/12/2024 ", "12 Dec 2024, ", "Thu 12 Dec 2024 ", "x ")
    clocks = ("00:00", "9:05", "23:59:59", "24:00", "25:00", "10:61", "10:00:00.5")
    zones = ("", "Z", " EET", " IST", "+03:00", " +0300", " PM", "-05:00", " Asia/Damascus")
    texts = [f"{day}{clock}{zone}" for day in days for clock in clocks for zone in zones]
    texts += [
        f"20241212{sign}{clock}" for sign in ("", "_", "T", " -") for clock in ("101500Z", "9")
    ]
    assert parse_all(texts) == {text: parse_date(text) for text in texts}


@pytest.mark.parametrize("text", ["2024-W50", "Q4 2024", "ديسمبر 2024", "Dezember 2024"])
def test_week_quarter_or_month_is_partial(text):
    assert parse_date(text) == PARTIAL


@pytest.mark.parametrize("text", ["35.95, 35.41", "35.95 35.41", "10:20 30:40", "1.23 4.56 7.89"])
def test_numbers_that_are_no_date_parse_to_none(text):
    assert parse_date(text) is None


def test_offset_behind_a_t_is_no_range_of_times():
    assert in_utc("2024-12-12T08:00-12:00") == "2024-12-12 20:00:00"
    assert parsed("2024-12-12 08:00-12:00").until is not None
