"""The evidence as it was known: one state in rows, counts, map, files and slides."""

import csv
import io
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.app_context import context
from geo.briefing import read_briefing, write_briefing
from geo.builtin_layers import compute_case_version, find_evidence, find_store
from geo.compare import compare_windows
from geo.errors import BriefingError, ViewError
from geo.evidence import builtin_evidence
from geo.evidence.record_changes import ADDED, CHANGED, WITHDRAWN
from geo.export.data.data_file import export_data
from geo.export.deck import build_deck
from geo.export.page_rows import collect_page_rows
from geo.export.page_slide import build_page_slide
from geo.facets import list_facets
from geo.ledger import Head, LedgerState
from geo.ledger.models import NO_EVENTS
from geo.ledger.states import format_state
from geo.mapping.features import encode_view_features
from geo.opened_link import open_link
from geo.selection import select
from geo.view import View, to_query
from tests.support import ledger_days
from tests.support.app_elements import clear_caches
from tests.support.random_views import builtin_views

EVERY = View(sources="all")
DAYS = ("2025-02-28", "2025-03-01", "2025-03-03", "2025-03-04", "2025-03-05")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return the context of a shared ledger with the history of `ledger_days`."""
    folder = tmp_path_factory.mktemp("ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGER_URL", str(folder))
        patch.setenv("STORE_URL", "")
        clear_caches()
        ledger_days.write_history(folder)
        yield context()
    clear_caches()


@pytest.fixture(scope="module")
def folded(shared):
    """Return the evidence after each event, each folded from scratch."""
    events = shared.ledger.read()
    case = builtin_evidence()
    return [LedgerState.start(case).apply_all(events[:n]).evidence() for n in range(6)]


def ids_at(shared, as_of: str | None) -> set[str]:
    return set(select(replace(EVERY, as_of=as_of), shared.store).ids)


@pytest.mark.parametrize(("day", "number"), list(zip(DAYS, (0, 2, 2, 4, 5), strict=True)), ids=DAYS)
def test_day_shows_what_was_known_at_its_end(shared, folded, day, number):
    found = find_evidence(find_store(shared.store, day))
    assert found.claims == folded[number].claims
    assert ids_at(shared, day) == {claim.id for claim in folded[number].claims}


def test_state_of_each_event_equals_folding_from_scratch(shared, folded):
    version = compute_case_version(builtin_evidence())
    events = shared.ledger.read()
    heads = [NO_EVENTS, *(Head(one.number, one.hash) for one in events)]
    for head, evidence in zip(heads, folded, strict=True):
        found = find_evidence(find_store(shared.store, format_state(version, head)))
        assert (found.claims, found.sources) == (evidence.claims, evidence.sources)
        seen = [n for n in (2, 4, 5) if n <= head.number]  # the others are drafts
        assert found.changed_at == (events[seen[-1] - 1].at if seen else None)


def test_present_has_all_changes_and_the_start_none(shared):
    case = {claim.id for claim in builtin_evidence().claims}
    assert ids_at(shared, None) == case - {ledger_days.WITHDRAWN} | {ledger_days.ADDED}
    assert ids_at(shared, DAYS[0]) == case


def test_state_that_is_unknown_is_refused(shared):
    with pytest.raises(ViewError, match="17-12345678"):
        find_store(shared.store, "17-12345678")


def test_each_state_has_one_name_and_one_version(shared):
    versions = [find_store(shared.store, day).version() for day in DAYS]
    assert versions[1] == versions[2]
    assert len(set(versions)) == 4
    for version in versions:
        assert find_store(shared.store, version).version() == version
    assert versions[-1] == shared.store.version()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(builtin_views(), st.sampled_from([None, *DAYS]))
def test_rows_map_file_and_slide_have_the_same_reports(shared, view, as_of):
    view = replace(view, as_of=as_of)
    chosen = select(view, shared.store)
    sent = json.loads(encode_view_features("claims", view, shared.store))
    assert [one["id"] for one in sent["features"]] == list(chosen.ids)
    assert (sent["shown"], sent["total"]) == (chosen.shown, chosen.total)
    assert sum(row[1] for row in sent["days"]) == chosen.days.on_days
    body = export_data(chosen, "csv", link="", version="v").decode("utf-8-sig")
    lines = [line for line in body.splitlines(keepends=True) if not line.startswith("#")]
    assert [row["id"] for row in csv.DictReader(io.StringIO("".join(lines)))] == list(chosen.ids)
    slide = build_page_slide(view, shared.store, shared.evidence)
    assert slide.claims == chosen.ids
    assert (chosen.as_of != "") == (as_of is not None)
    assert chosen.as_of in slide.counted


def test_link_shows_what_was_shared(shared):
    for day, since in zip(DAYS, (3, 2, 2, 1, 0), strict=True):
        there = find_store(shared.store, day)
        link = to_query(EVERY.to_share(there.shared_version()), explicit=True)
        opened = open_link(link, "overview", shared)
        assert opened.notices == ()
        assert (opened.view.as_of is None) == (since == 0)
        shown = select(opened.view, opened.context.store)
        assert set(shown.ids) == ids_at(shared, day)


def test_day_that_has_not_ended_is_the_present(shared):
    opened = open_link("as_of=2999-01-01", "overview", shared)
    assert (opened.view.as_of, opened.notices) == (None, ())
    assert opened.context is shared


def test_link_of_an_unknown_version_keeps_its_notice(shared):
    opened = open_link("v=0123456789abcdef-3-00000000", "overview", shared)
    assert opened.view.as_of is None
    assert "made on other data" in opened.notices[0]
    opened = open_link("as_of=9-00000000&compare_as_of=8-00000000", "compare", shared)
    assert (opened.view.as_of, opened.view.compare_as_of) == (None, None)
    assert [notice.split()[2] for notice in opened.notices] == ["as_of", "compare_as_of"]


def test_link_may_name_a_report_that_is_withdrawn_since(shared):
    opened = open_link(f"claim={ledger_days.WITHDRAWN}&as_of={DAYS[3]}", "overview", shared)
    assert (opened.view.claim, opened.notices) == (ledger_days.WITHDRAWN, ())
    now = open_link(f"claim={ledger_days.WITHDRAWN}", "overview", shared)
    assert now.view.claim is None
    assert now.notices == (
        f"The link's report {ledger_days.WITHDRAWN} was withdrawn on 5 March 2025 by E. Editor: "
        "the source took it back",
    )
    assert "is not in the data" in open_link("claim=nobody-1", "overview", shared).notices[0]


def test_compare_says_what_was_added_changed_and_withdrawn(shared):
    view = replace(EVERY, page="compare", compare_as_of=DAYS[0])
    days = list_facets(shared.store, "all", ()).days
    found = compare_windows(view, days, shared.store)
    assert found.same_days
    kinds = {one.claim: one.kind for one in found.records}
    assert kinds == {
        ledger_days.ADDED: ADDED,
        ledger_days.CHANGED: CHANGED,
        ledger_days.WITHDRAWN: WITHDRAWN,
    }
    [changed] = [one for one in found.records if one.kind == CHANGED]
    assert changed.words == "Certainty: claimed (was likely)."
    assert not [one for one in found.changes if one.change == "reported as no longer there"] or (
        compare_windows(replace(view, compare_as_of=None), days, shared.store)
    )


def test_compare_in_a_file_and_on_a_slide_has_both_states(shared):
    view = replace(EVERY, page="compare", compare_as_of=DAYS[0])
    rows = collect_page_rows(view, shared.store, shared.evidence)
    sides = rows.comparison.first, rows.comparison.second
    assert set(rows.selection.ids) == {name for side in sides for name in side.ids}
    assert rows.column.texts[ledger_days.WITHDRAWN] == "left"
    assert rows.column.texts[ledger_days.ADDED] == "right"
    slide = build_page_slide(view, shared.store, shared.evidence)
    said = " ".join(slide.lines)
    assert f"1 report withdrawn since: {ledger_days.WITHDRAWN}." in said
    assert "Certainty: claimed (was likely)." in said
    assert [part.selection.ids for part in slide.parts] == [side.ids for side in sides]
    assert [part.window for part in slide.parts] == ["as of 28 February 2025", "now"]
    assert slide.headline.endswith(": as of 28 February 2025 beside now")


SCENE = """\
title = "T"

[[scene]]
id = "one"
link = "?sources=all&{state}"
headline = "H"
claims = ["{claim}"]
"""


@pytest.mark.parametrize(
    ("state", "claim", "fault"),
    [
        ("as_of=2025-03-04", ledger_days.WITHDRAWN, ""),
        ("as_of=2025-03-05", ledger_days.WITHDRAWN, "line 7, scene 1, claims: there is no claim"),
        ("", ledger_days.WITHDRAWN, "line 7, scene 1, claims: there is no claim"),
        ("as_of=2025-02-28", ledger_days.ADDED, "line 7, scene 1, claims: there is no claim"),
        ("as_of=2025-03-01", ledger_days.ADDED, ""),
        ("compare_as_of=2025-03-04", ledger_days.WITHDRAWN, ""),
        ("as_of=2025-02-28&compare_as_of=2025-03-04", ledger_days.ADDED, ""),
        ("as_of=0123456789abcdef-2-0a0a0a0a", ledger_days.CHANGED, "line 5, scene 1, link: as_of="),
    ],
)
def test_scene_is_checked_against_the_reports_as_its_view_shows_them(shared, state, claim, fault):
    text, known = SCENE.format(state=state, claim=claim), shared.link_vocabulary()
    if fault:
        with pytest.raises(BriefingError, match=fault):
            read_briefing(text, "b", known)
        return
    briefing = read_briefing(text, "b", known)
    assert read_briefing(write_briefing(briefing), "b", known) == briefing
    slide = build_deck(briefing, shared.store, shared.evidence).slides[0]
    if not state.startswith("compare"):
        assert slide.view.as_of == state[6:16]
    assert claim in slide.claims


@pytest.mark.parametrize("text", ["\x00", " ", "2025-03-03\x00", " 2025-03-03", "2025-03-03 "])
def test_state_with_what_no_state_has_is_shown_as_the_present_with_a_notice(shared, text):
    opened = open_link(urlencode({"as_of": text}), "overview", shared)
    assert (opened.view.as_of, opened.context) == (None, shared)
    assert ["as_of" in notice for notice in opened.notices] == [True]
