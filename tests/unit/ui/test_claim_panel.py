"""The panel beside the map shows data texts literally, never as markup."""

import tempfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.app_context import Context
from geo.builtin_layers import EvidenceStore
from geo.evidence import load_evidence
from geo.page_registry import find_page
from geo.selection import CLAIMS, select
from geo.settings import ASSETS, Settings
from geo.store import OverlayStore, Query, open_store
from geo.ui import claim_panel
from geo.ui.html import escape, tag
from geo.ui.page_context import PageContext
from geo.view import View
from tests.support.layer_files import feature, write_layer

TEXTS = st.text(min_size=1, max_size=40) | st.text("<>&\"'`{}%#$/=\\ ai\n", min_size=1, max_size=40)
HOSTILE = "</p></dl><img src=x onerror=alert(1)>\"'{{7*7}}${1}&lt;script&gt;"
FREE = ("says", "attributed_to", "reported", "locator", "place_name", "state", "note", "id")


class ParsedHtml(HTMLParser):
    """Parses HTML into its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)


@cache
def builtin_page(view: View = View(), page: str = "overview") -> PageContext:  # noqa: B008
    evidence = load_evidence(ASSETS / "case")
    store = EvidenceStore(evidence)
    where = Context(Settings(), store, evidence)
    spec = find_page(page)
    return PageContext(spec, view, select(view.narrow_to_places(spec.places), store), where)


def claim(name: str) -> dict:
    rows = builtin_page().context.store.read(CLAIMS, Query(ids=(name,)))
    return rows.to_dict("records")[0]


@given(TEXTS)
@example(HOSTILE)
def test_escaped_text_is_literal_and_contains_no_template(text):
    escaped = escape(text)
    assert ParsedHtml(escaped).tags == []
    assert ParsedHtml(escaped).text == text
    assert not set("<>\"'{}") & set(escaped)


def test_tag_wraps_its_contents():
    assert tag("p", "says", "a", "b") == '<p class="says">ab</p>'


def list_attributes(html: ParsedHtml) -> list[dict]:
    """Return the attributes of each tag; a link to a view is known by its class."""
    found = [dict(attributes) for _, attributes in html.tags if ("class", "this") not in attributes]
    return [one | ({"href": ""} if one.get("class") == "view-link" else {}) for one in found]


@pytest.mark.parametrize("whole", [False, True])
@given(text=TEXTS)
@example(text=HOSTILE)
def test_claim_text_adds_no_tags_or_attributes(whole, text):
    row = claim("nyt-01")
    plain = dict.fromkeys(FREE, "x") | {"systems": ("x", "y")}
    hostile = dict.fromkeys(FREE, text) | {"systems": (text, text)}
    benign = ParsedHtml(claim_panel.render_claim(builtin_page(), row | plain, whole=whole))
    shown = ParsedHtml(claim_panel.render_claim(builtin_page(), row | hostile, whole=whole))
    assert [name for name, _ in shown.tags] == [name for name, _ in benign.tags]
    assert list_attributes(shown) == list_attributes(benign)
    for _, attributes in shown.tags:
        address = dict(attributes).get("href", "")
        assert not address.startswith("./") or not set("<>\"'{} ") & set(address)
    assert shown.text.count(text) >= (6 if whole else 4)


@given(text=TEXTS)
@example(text='https://example.org/"onmouseover="alert(1)')
@example(text="javascript:alert(1)")
def test_source_url_is_a_link_only_if_it_is_http(text):
    read = ParsedHtml(
        claim_panel.render_claim(builtin_page(), claim("nyt-01") | {"url": text}, whole=True)
    )
    links = [dict(attributes) for name, attributes in read.tags if name == "a"]
    links = [one for one in links if one.get("class") != "view-link"]
    expected = [text] if text.startswith(("https://", "http://")) else []
    assert [link["href"] for link in links] == expected
    assert all(link.keys() == {"href", "target", "rel"} for link in links)


@settings(max_examples=25)
@given(key=TEXTS, value=TEXTS)
@example(key=HOSTILE, value=HOSTILE)
@example(key="id<b>", value="a/b")
def test_layer_text_adds_no_tags_or_attributes(key, value):
    with tempfile.TemporaryDirectory() as folder:
        write_layer(Path(folder), [feature({"id": value, f"x{key}": value, "name": value})])
        shipped = builtin_page().context
        store = OverlayStore(open_store(folder), shipped.store)
        view = View(layers=("own",))
        where = Context(shipped.settings, store, shipped.evidence)
        board = PageContext(find_page("overview"), view, select(view, store), where)
        read = ParsedHtml(claim_panel.render_feature(board, "own", value))
    names = [name for name, _ in read.tags]
    assert set(names) == {"div", "h2", "dl", "dt", "dd"}
    assert names.count("dd") == 3
    assert {name for _, attributes in read.tags for name, _ in attributes} == {"class"}
    assert read.text.count(value) >= 4
    assert f"x{key}" in read.text


def test_claim_card_shows_source_date_and_certainty():
    row = claim("nyt-01")
    text = ParsedHtml(claim_panel.render_claim(builtin_page(), row, whole=True)).text
    for words in (row["says"], row["reported"], row["attributed_to"], "13 December 2024"):
        assert words in text
    assert "How many transport planes" in text


def test_claim_card_shows_conflicting_claims():
    read = ParsedHtml(claim_panel.render_claim(builtin_page(), claim("nyt-01"), whole=True))
    assert claim("s400-01")["says"] in read.text
    assert ("li", (("class", "this"),)) in read.tags


@pytest.mark.parametrize("sources", ["articles", "wider"])
def test_every_claim_card_shows_its_text_and_source(sources):
    board = builtin_page(View(sources=sources))
    for row in board.selection.rows.to_dict("records"):
        for whole in (False, True):
            text = ParsedHtml(claim_panel.render_claim(board, row, whole=whole)).text
            assert row["says"] in text
            assert row["reported"] in text
            assert "nan" not in text.split()
            assert "NaT" not in text


def test_filtered_out_claim_still_opens_from_its_link():
    board = builtin_page(View(claim="ext-01a", systems=("S-400",)))
    assert claim("ext-01a")["says"] in ParsedHtml(claim_panel.render_panel(board)).text


def test_place_panel_lists_its_claims_without_a_position():
    text = ParsedHtml(claim_panel.render_panel(builtin_page(View(claim="tartus-offshore")))).text
    assert "2 reports name it" in text
    for name in ("nyt-15", "s400-16"):
        assert claim(name)["says"] in text


@pytest.mark.parametrize("chosen", ["nowhere/1", "claims/nyt-01", "no-such-claim", "/", "own/"])
def test_unknown_selection_shows_the_summary(chosen):
    board = builtin_page(View(claim=chosen))
    assert claim_panel.render_panel(board) == claim_panel.render_summary(board)


def test_empty_cells_of_a_layer_are_not_shown(layer_store):
    store = layer_store(feature({"name": "a", "n": 1, "day": "2024-12-12"}), feature({"name": "b"}))
    shipped = builtin_page().context
    view = View(layers=("own",))
    where = Context(shipped.settings, store, shipped.evidence)
    board = PageContext(find_page("overview"), view, select(view, store), where)
    text = ParsedHtml(claim_panel.render_feature(board, "own", "1")).text
    assert "nan" not in text.lower()
    assert "NaT" not in text
