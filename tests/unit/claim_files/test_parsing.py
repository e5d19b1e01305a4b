"""Cells as people and spreadsheets write them."""

import datetime as dt

import pytest

from geo.claim_files.columns import MODELS, TABLE_KINDS, find_column, list_columns
from geo.claim_files.days import parse_day
from geo.claim_files.models import CellError
from geo.claim_files.names import list_known
from geo.claim_files.parsing import CellParser
from geo.claim_files.words import list_labels, list_words

DAY = "2024-12-13"


@pytest.fixture(scope="session")
def parser(builtin_records) -> CellParser:
    known, words = list_known(builtin_records), list_words(builtin_records)
    return CellParser(known, words, list_labels(builtin_records))


@pytest.mark.parametrize(
    "cell",
    [
        *(dt.date(2024, 12, 13), dt.datetime(2024, 12, 13), "2024-12-13", " 2024-12-13 "),
        *("13/12/2024", "12/13/2024", "13.12.2024", "13-12-2024", "2024/12/13", "2024.12.13"),
        *("13 December 2024", "13 Dec 2024", "13 Dec. 2024", "December 13, 2024", "13th Dec 2024"),
        *("2024-12-13T00:00:00", "١٣/١٢/٢٠٢٤", "１３ December ２０２４"),
    ],
)
def test_a_day_is_read_in_every_usual_notation(cell):
    assert parse_day(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("3/12/2024", "2024-12-03 or 2024-03-12"),
        ("45639", "YYYY-MM-DD"),
        (45639, "2024-12-13"),
        (45639.0, "2024-12-13"),
        (45639.5, "YYYY-MM-DD"),
        (dt.datetime(2024, 12, 13, 9, 30), "2024-12-13"),
        ("31/02/2024", "YYYY-MM-DD"),
        ("soon", "leave the cell empty"),
        ("13 Dezembre 2024", "no month"),
        ("13 Ma 2024", "no month"),
        (True, "YYYY-MM-DD"),
    ],
)
def test_what_is_not_one_day_is_told(cell, remedy):
    with pytest.raises(CellError) as error:
        parse_day(cell)
    assert remedy in error.value.remedy


@pytest.mark.parametrize("cell", ["3.12.2024", "03.12.2024"])
def test_dots_are_day_month_year(cell):
    assert parse_day(cell) == "2024-12-03"


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("evidence", "Satellite  Imagery", "satellite imagery"),
        ("evidence", "SATELLITE_IMAGERY", "satellite imagery"),
        ("certainty", " Observed ", "observed"),
        ("location_class", "Route Inferred", "route-inferred"),
        ("place", "Hmeimim", "khmeimim"),
        ("place", "KHMEIMIM AIR BASE", "khmeimim"),
        ("source", "usni news", "wider-usni-2024-12-10"),
        ("systems", "s400; Ил-76", ["S-400", "Il-76"]),
        ("systems", "S-400, An-124", ["S-400", "An-124"]),
        ("systems", "s-400\nan 124", ["S-400", "An-124"]),
        ("systems", '["S-400"]', ["S-400"]),
        ("systems", None, []),
        ("origins", "unnamed:x", ["unnamed:x"]),
        ("count_min", "4", 4),
        ("count_min", 4.0, 4),
        ("count_min", "1 200", 1200),
        ("count_min", "٤", 4),
        ("count_min", "4.0", 4),
        ("says", "'=1+1", "=1+1"),
        ("says", 7.0, "7"),
        ("credibility", 2.0, "2"),
        ("credibility", "2", "2"),
        ("likelihood", "Very Likely", "very-likely"),
        ("note", "", None),
    ],
)
def test_a_value_is_read_where_it_can_only_mean_one_thing(parser, field, cell, value):
    column = find_column("claims", field)
    assert column is not None
    assert parser.parse(cell, column) == value


@pytest.mark.parametrize(
    ("kind", "field", "cell", "remedy"),
    [
        ("claims", "count_min", "4.5", "digits"),
        ("claims", "count_min", 4.5, "4 or 5"),
        ("claims", "count_min", "two", "did you mean 2"),
        ("claims", "count_min", "about 40", "did you mean 40"),
        ("claims", "count_min", True, "digits"),
        ("claims", "systems", "S-40O", "S-400"),
        ("claims", "stance", "leave", "leaving"),
        ("claims", "likelihood", "likelyy", "likely"),
        ("claims", "systems", [1], "semicolon"),
        ("places", "lon", "east", "35.4011"),
        ("places", "geometry", "{", "export"),
        ("sources", "missing", "url", "name: value"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_nearest(parser, kind, field, cell, remedy):
    column = find_column(kind, field)
    assert column is not None
    with pytest.raises(CellError) as error:
        parser.parse(cell, column)
    assert remedy in error.value.remedy


def test_a_decimal_comma_is_read(parser):
    assert parser.parse("35,9487", find_column("places", "lon")) == 35.9487


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_columns_are_the_fields_of_the_records(kind):
    assert [one.name for one in list_columns(kind)] == list(MODELS[kind].model_fields)
