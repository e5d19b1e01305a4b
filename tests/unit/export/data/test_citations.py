import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from geo.export.data.citations import escape_tex, list_citations, write_citations
from geo.export.formats import CITATIONS, ExportError, file_name
from geo.selection import select
from geo.view import View
from tests.support.export_reading import LINK, VERSION

SPECIAL = "50% {of} A & B_#1 $x ~^ \\end é عربي \x00\ud800"
FIELD = re.compile(r"^  (\w+) = (?:\{(.*)\}|([a-z]{3})),?$")


def cited(selection, evidence, fmt):
    return write_citations(selection, evidence, fmt, link=LINK, version=VERSION).decode()


def bibtex(text):
    """Parse BibTeX to {key: {field: value}}; every entry must be complete."""
    entries = {}
    for block in re.split(r"^@misc", text, flags=re.MULTILINE)[1:]:
        assert block.count("{") == block.count("}")
        key, *lines = block.strip().splitlines()
        assert lines.pop() == "}"
        fields = [FIELD.match(line) for line in lines]
        assert all(fields), block
        entries[key[1:-1]] = {field[1]: field[2] or field[3] for field in fields}
    return entries


@pytest.fixture(scope="module")
def ids(everything):
    return list(dict.fromkeys(everything.rows["source"]))


@pytest.fixture(scope="module")
def special(everything, evidence):
    """Return evidence with special characters in every publisher and title."""
    sources = [
        source.model_copy(update={"publisher": SPECIAL, "title": f"{SPECIAL} {{"})
        for source in evidence.sources
    ]
    return replace(evidence, sources=tuple(sources))


def test_cited_sources_are_those_of_the_shown_claims(store, evidence):
    for view in (View(), View(sources="wider", places=("tartus",)), View(q="su-34")):
        selection = select(view, store)
        wanted = list(dict.fromkeys(selection.rows["source"]))
        items = json.loads(cited(selection, evidence, "csl-json"))
        assert [item["id"] for item in items] == wanted
        assert list(bibtex(cited(selection, evidence, "bibtex"))) == wanted
        text = cited(selection, evidence, "txt")
        assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == len(wanted)
        assert sum(len(item["custom"]["claims"]) for item in items) == selection.shown


def test_citation_dates_keep_the_known_precision(everything, evidence):
    items = json.loads(cited(everything, evidence, "csl-json"))
    records = bibtex(cited(everything, evidence, "bibtex"))
    parts = {"day": 3, "month": 2}
    for item in items:
        source = evidence.source_by_id[item["id"]]
        known = parts.get(source.reported_on_precision, 0)
        dates = item.get("issued", {}).get("date-parts", [[]])
        assert len(dates[0]) == known
        found = [name for name in ("year", "month", "day") if name in records[source.id]]
        assert len(found) == known
        if not known:
            assert item["note"].startswith("Date of publication not known.")


def test_text_citations_give_publisher_date_and_url(everything, evidence):
    text = cited(everything, evidence, "txt")
    assert text.startswith(
        f"Sources of {everything.report_count}\nView: {LINK}\nData version: {VERSION}\n"
    )
    assert "USNI News. 10 December 2024.\n   https://news.usni.org/" in text
    assert "t-online. December 2024." in text
    assert "Straight Arrow News. Date of publication not known." in text
    assert ". Publisher not known. “Article on the withdrawal of the S-400 from Khmeimim”." in text
    assert "No address: the address is a staging host of the publisher;" in text
    assert "not named in the copy" not in text
    assert "ccessed" not in text


ELSEWHERE = (
    "wider-storyful-maxar-2024-12-11",
    "wider-straight-arrow-undated",
    "wider-bbc-verify-2024-12",
)


@pytest.mark.parametrize("fmt", CITATIONS)
def test_special_characters_are_escaped_in_every_format(everything, special, ids, fmt):
    text = cited(everything, special, fmt)
    assert "\x00" not in text
    if fmt == "csl-json":
        assert json.loads(text)[0]["title"].startswith(
            "50% {of} A & B_#1 $x ~^ \\end é عربي \ufffd"
        )
    elif fmt == "bibtex":
        records = bibtex(text)
        assert list(records) == ids
        value = records[ids[0]]["publisher"]
        assert value == escape_tex(SPECIAL.replace("\x00", "\ufffd").replace("\ud800", "\ufffd"))
        assert not re.search(r"(?<!\\)[%&#_$]", value)


def test_unknown_publisher_is_left_out_of_bibtex_and_csl_and_told_in_the_note(everything, evidence):
    record = bibtex(cited(everything, evidence, "bibtex"))["s400-withdrawal-article"]
    items = json.loads(cited(everything, evidence, "csl-json"))
    item = next(one for one in items if one["id"] == "s400-withdrawal-article")
    for entry in (record, item):
        assert "publisher" not in entry
        assert entry["note"].startswith("Publisher not known. ")
        assert "names neither publisher nor address" in entry["note"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_address_that_leads_elsewhere_is_in_no_file(everything, evidence, name):
    source = evidence.source_by_id[name]
    assert source.url is None
    for fmt in CITATIONS:
        text = cited(everything, evidence, fmt)
        assert not any(host in text for host in ("yahoo.com/birth", "go-vip.net", "catchynews"))
        assert source.url_note.split(";")[0][:30] in text


def test_provenance_of_a_source_is_in_every_format(everything, evidence):
    key = "wider-usni-2024-12-10"
    given = {
        "archive_url": "https://archive.example.org/{1}",
        "accessed_on": dt.date(2024, 12, 11),
        "copy_sha256": "5" * 64,
        "missing": {},
    }
    sources = [one.model_copy(update=given) if one.id == key else one for one in evidence.sources]
    known = replace(evidence, sources=tuple(sources))
    record = bibtex(cited(everything, known, "bibtex"))[key]
    assert record["urldate"] == "2024-12-11"
    assert record["archive"] == "https://archive.example.org/%7B1%7D"
    item = next(one for one in json.loads(cited(everything, known, "csl-json")) if one["id"] == key)
    assert item["accessed"] == {"date-parts": [[2024, 12, 11]]}
    assert item["archive_location"] == given["archive_url"]
    assert item["custom"]["copy_sha256"] == "5" * 64
    read = "Read on 11 December 2024. Kept copy: SHA-256 555"
    assert f"Archived at https://archive.example.org/{{1}}. {read}" in cited(
        everything, known, "txt"
    )


def test_reasons_for_what_is_missing_are_in_the_note(everything, evidence):
    for fmt in ("txt", "csl-json"):
        text = cited(everything, evidence, fmt)
        assert text.count("Unknown: archive address, day of access, kept copy.") == 29
        assert "Unknown: address" not in text  # whose reason is given in words


def test_link_cannot_inject_a_bibtex_entry(everything, evidence):
    file = write_citations(
        everything, evidence, "bibtex", link="http://x/@book{\n@misc", version="1"
    )
    head = file.decode().split("@misc{nyt", 1)[0]
    assert "@" not in head
    assert all(line.startswith("%") for line in head.splitlines() if line)


def test_source_without_a_record_is_cited_from_its_claims(everything, evidence):
    bare = replace(evidence, sources=())
    entry = next(e for e in list_citations(everything, bare) if e.key == "wider-usni-2024-12-10")
    assert (entry.publisher, entry.date) == ("USNI News", (2024, 12, 10))
    assert entry.url.startswith("https://news.usni.org/")


@pytest.mark.parametrize("fmt", CITATIONS)
def test_empty_selection_gives_no_citations(nothing, evidence, fmt):
    text = cited(nothing, evidence, fmt)
    assert json.loads(text) == [] if fmt == "csl-json" else "@misc" not in text


@pytest.mark.parametrize("fmt", CITATIONS)
def test_citations_are_deterministic(everything, evidence, fmt):
    assert cited(everything, evidence, fmt) == cited(everything, evidence, fmt)


def test_unknown_citation_format_is_rejected(everything, evidence):
    with pytest.raises(ExportError, match=r"'ris'.*txt, bibtex, csl-json"):
        cited(everything, evidence, "ris")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("from=2024-12-12&to=2024-12-12&place=khmeimim", "claims_2024-12-12_khmeimim.csv"),
        ("from=2024-12-12&to=2024-12-13", "claims_2024-12-12-to-2024-12-13.csv"),
        ("to=2024-12-13", "claims_until-2024-12-13.csv"),
        (
            "from=2024-12-13&place=tartus&place=khmeimim",
            "claims_from-2024-12-13_khmeimim-tartus.csv",
        ),
        ("", "claims_2024-12-08-to-2024-12-13.csv"),
        ("system=S-400&from=2024-12-12&to=2024-12-12", "claims_2024-12-12_s-400.csv"),
        (
            "sources=all&stance=leaving&from=2024-12-13",
            "claims_from-2024-12-13_all-sources_leaving.csv",
        ),
        ("q=radar%20packed&to=2024-12-13", "claims_until-2024-12-13_radar-packed.csv"),
        ("q=%D8%B7%D8%B1%D8%B7%D9%88%D8%B3&to=2024-12-13", "claims_until-2024-12-13_search.csv"),
        ("certainty=likely&to=2024-12-13", "claims_until-2024-12-13_likely.csv"),
        (
            "evidence=photo&evidence=video&to=2024-12-13",
            "claims_until-2024-12-13_photo-video.csv",
        ),
        (
            "&".join(f"system=s{i}" for i in range(5)) + "&to=2024-12-13",
            "claims_until-2024-12-13_5-values.csv",
        ),
        ("place=../../etc/passwd", "claims_etc-passwd.csv"),
        ("place=%22%0d%0aX:%20y%ff", "claims_x-y.csv"),
        ("&".join(f"place={i}" for i in range(9)), "claims_9-places.csv"),
    ],
)
def test_file_name_is_of_its_view_in_safe_characters(store, query, name):
    from geo.view import from_query

    view, _ = from_query(query)
    assert file_name(select(view, store), ".csv") == name
