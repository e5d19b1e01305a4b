"""Systems, families, spellings, ids and origins: filter and search give the same reports."""

import pandas as pd
import pytest
from geopandas import GeoDataFrame, points_from_xy

from geo.evidence import builtin_evidence
from geo.large_layer import _match_term
from geo.selection import select
from geo.text.text_search import parse_terms, search_rows
from geo.view import View, from_query, to_query

S400 = {"nyt-03", "s400-07", "s400-08", "s400-13", "s400-21", "s400-22", "ext-06c"}
NAMES = builtin_evidence().search_names


def find(store, **fields) -> set[str]:
    return set(select(View(sources="all", **fields), store).ids)


@pytest.mark.parametrize(
    "q",
    [
        *("S-400", "S400", "s 400", "s400", "S\u2011400", "S\u2013400", "S \u2212 400", "S--400"),
        *("\u0421-400", "\u0441400", "\u0421 400", "\uff33\uff0d\uff14\uff10\uff10", "S-400s"),
    ],
)
def test_search_finds_the_s_400_in_any_spelling(builtin_store, q):
    assert find(builtin_store, q=q) == find(builtin_store, systems=("S-400",)) == S400


@pytest.mark.parametrize(
    ("q", "system"),
    [
        ("an 124", "An-124"),
        ("IL76", "Il-76"),
        ("Ил-76", "Il-76"),
        ("Antonov 72", "An-72"),
        ("tu 22m3", "Tu-22M3"),
        ("91n6e", "91N6E radar"),
        ("air defense system", "air-defence system"),
        ("airdefence system", "air-defence system"),
        ("transport plane", "transport aircraft"),
        ("frigates", "frigate"),
        ("armored personnel carriers", "armoured personnel carrier"),
        ("helicopter", "helicopter"),
        ("s400 radar", "S-400 radar"),
    ],
)
def test_search_finds_every_report_of_the_system_that_is_meant(builtin_store, q, system):
    about = find(builtin_store, systems=(system,))
    assert about
    assert about <= find(builtin_store, q=q)
    assert find(builtin_store, q=q) == find(builtin_store, q=system)


@pytest.mark.parametrize(
    "q", ["s400-1", "nyt-0", "ext-2", "ext-08", "s400-0", "s-40", "an-12", "il-7", "su-2"]
)
def test_part_of_an_id_or_of_a_model_finds_nothing(builtin_store, q):
    assert not find(builtin_store, q=q)


@pytest.mark.parametrize("q", ["s400-12", "S400-12", "s400\u201312"])
def test_whole_id_finds_its_report(builtin_store, q):
    assert find(builtin_store, q=q) == {"s400-12"}


def test_origin_is_found_whole_by_name_and_by_filter(builtin_store):
    image = find(builtin_store, origins=("maxar-2024-12-13",))
    assert len(image) == 19
    assert find(builtin_store, q="maxar-2024-12-13") == image
    assert find(builtin_store, q="Syria TV drone footage") == {
        *("s400-11", "s400-12", "s400-13", "s400-22")
    }
    view = View(origins=("maxar-2024-12-13", "isw-2024-12-13"))
    assert from_query(to_query(view)) == (view, ())


def test_family_is_chosen_whole_apart_or_alone(builtin_store):
    alone = {"nyt-03", "s400-07", "s400-21", "ext-06c"}
    assert find(builtin_store, systems=("only S-400",)) == alone
    assert find(builtin_store, systems=("91N6E radar",)) == {"s400-22"}
    assert find(builtin_store, systems=("S-400 radar",)) == {"s400-08", "s400-13", "s400-22"}
    assert find(builtin_store, systems=("only S-400", "S-400 radar")) == S400
    assert find(builtin_store, systems=("An-124",)) < find(
        builtin_store, systems=("transport aircraft",)
    )


def test_choices_name_each_family_before_its_members():
    names = builtin_evidence().system_names
    choices = list(names.list_choices(["91N6E radar", "S-400", "Ka-52"]))
    expected = ["air-defence system", "S-400", "only S-400", "S-400 radar", "91N6E radar"]
    assert choices == [*expected, "helicopter", "Ka-52"]


ROWS = ["An S-400 launcher", "a С-400", "S 400 radar", "s400-12", "miss 400 things", "S-4000", "X"]


@pytest.mark.parametrize("q", ["S-400", "s400", "С400", "s 400"])
def test_search_of_layers_small_and_large_folds_spellings_alike(q):
    import pyarrow as pa

    shapes = points_from_xy([35] * len(ROWS), [35] * len(ROWS))
    frame = GeoDataFrame(pd.DataFrame({"id": range(len(ROWS)), "text": ROWS}), geometry=shapes)
    assert list(search_rows(frame, q, NAMES)["text"]) == ROWS[:3]
    (term,) = parse_terms(q, NAMES)
    assert _match_term(pa.array(ROWS), term).tolist() == [n < 3 for n in range(len(ROWS))]


def test_search_reads_every_column_of_a_layer_with_an_id_or_a_state():
    frame = GeoDataFrame(
        {"id": ["a", "b"], "state": ["new", "old"], "remark": ["seen near Homs", "nothing"]},
        geometry=points_from_xy([36, 36], [35, 35]),
    )
    assert list(search_rows(frame, "homs")["id"]) == ["a"]
