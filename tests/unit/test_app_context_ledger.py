"""The context of a browser follows the ledger: what is published, its own drafts, what was."""

import pytest

from geo.app_context import (
    context,
    context_for_key,
    desk_for_key,
    name_person,
    person_for_key,
)
from geo.builtin_layers import find_evidence, find_store
from geo.errors import LedgerPermissionError, ViewError
from geo.facets import list_facets
from geo.ledger import FolderLedger, Records
from geo.ledger.people import NOBODY
from geo.mapping.legend import find_shape
from geo.selection import select
from geo.session_keys import new_key
from geo.store import Query
from geo.summary import build_subtitle
from geo.view import View
from tests.support.ledger_records import ORIGIN, PLACE, SOURCE, SYSTEM, make_claim, make_new_claim

NEW = "synthetic-paper-01"


@pytest.fixture
def shared(fresh_context, tmp_path):
    """Share a ledger, under names that people type."""
    places = {"LEDGER_URL": str(tmp_path / "ledger"), "OWN_FOLDER": str(tmp_path / "own")}
    fresh_context(EDIT_WITHOUT_SIGN_IN="1", **places)


@pytest.fixture
def alone(fresh_context, tmp_path):
    fresh_context(LEDGER_URL="", OWN_FOLDER=str(tmp_path / "own"))


def make_browser(name: str = "") -> str:
    key = new_key()
    if name:
        name_person(key, name)
    return key


def draft_new(key: str) -> None:
    records = Records((make_new_claim(),), (SOURCE,), (PLACE,), (ORIGIN,), (SYSTEM,))
    desk_for_key(key).draft(records)


def ids(where) -> set[str]:
    return set(where.store.read("claims")["id"])


def test_draft_is_in_the_context_of_its_author_only(shared):
    author, other, nobody = make_browser("Ann"), make_browser("Ben"), make_browser()
    before = context()
    draft_new(author)
    assert NEW in ids(context_for_key(author))
    rows = context_for_key(author).store.read("claims", Query(ids=(NEW,)))
    assert rows["review"].tolist() == ["draft"]
    for where in (context_for_key(other), context_for_key(nobody), context()):
        assert where.store is before.store, "nothing changed for others"
    mine = context_for_key(author).store
    assert mine.version() != before.store.version()
    assert mine.shared_version() == before.store.version()
    assert context_for_key(author).store is mine


def test_published_record_reaches_everybody_in_every_output(shared):
    author, reader = make_browser("Ann"), make_browser()
    old = context_for_key(reader).store
    draft_new(author)
    desk_for_key(author).publish([NEW], "checked")
    where = context_for_key(reader)
    assert where.store is context().store is context_for_key(author).store
    assert where.store.version() != old.version()
    chosen = select(View(q="Kran"), where.store)  # another spelling of the new system
    assert chosen.ids == (NEW,)
    assert chosen.by_system == {"synthetic crane": 1}
    one, two = (select(View(places=names), where.store) for names in (("synthetic-yard",), ()))
    assert one.ids == (NEW,)
    assert "at the Yard" in build_subtitle(two)
    assert find_shape(one.evidence, "vicinity", "synthetic-yard") == "vicinity"
    facets = list_facets(where.store, "all", ())
    assert "synthetic crane" in facets.systems
    assert {"synthetic-photo"} <= set(facets.origins)
    assert "synthetic-yard" in where.link_vocabulary().places
    assert select(View(q="Synthetic depot"), where.store).ids == (NEW,)
    assert NEW not in ids_of(old), "a store never changes"


def ids_of(store) -> set[str]:
    return set(store.read("claims")["id"])


def test_earlier_state_is_found_by_the_version_of_its_link(shared):
    author = make_browser("Ann")
    versions = [context().store.shared_version()]
    draft_new(author)
    desk_for_key(author).publish([NEW])
    versions.append(context().store.shared_version())
    desk_for_key(author).withdraw([NEW], "an error")
    versions.append(context().store.shared_version())
    assert len(set(versions)) == 3
    present = context_for_key(author).store
    shown = [NEW in ids_of(find_store(present, version)) for version in versions]
    assert shown == [False, True, False]
    there = find_evidence(find_store(present, versions[0]))
    assert there.claims == find_evidence(present).claims
    assert (there.changed_at, versions[0].split("-")[1]) == (None, "0")
    with pytest.raises(ViewError):
        find_store(present, "no-such-version")


def test_roles_come_from_the_name_and_nobody_edits_without_one(shared, fresh_context, tmp_path):
    nameless, named = make_browser(), make_browser("Ann")
    assert person_for_key(nameless) == NOBODY
    with pytest.raises(LedgerPermissionError, match="Nobody is signed in"):
        desk_for_key(nameless).draft(Records(claims=(make_claim(),)))
    assert person_for_key(named).roles == {"reader", "author", "reviewer"}
    name_person(named, "")
    assert person_for_key(named) == NOBODY
    closed = {"LEDGER_URL": str(tmp_path / "ledger"), "OWN_FOLDER": str(tmp_path / "own")}
    fresh_context(EDIT_WITHOUT_SIGN_IN="0", **closed)
    name_person(named, "Ann")
    assert person_for_key(named) == NOBODY, "a name that was typed counts where it is allowed"


def test_browser_without_a_shared_ledger_has_drafts_of_its_own(alone, tmp_path):
    mine, other = make_browser(), make_browser()
    before = context().store
    draft_new(mine)
    assert NEW in ids(context_for_key(mine))
    assert context_for_key(mine).evidence.review == {NEW: "draft"}
    assert context_for_key(mine).store.shared_version() == before.version()
    assert context_for_key(other).store is context().store is before
    (folder,) = (tmp_path / "own" / "ledgers").iterdir()
    assert folder.name == mine
    assert len(FolderLedger(folder).read()) == 1
    desk_for_key(mine).discard([NEW])
    assert ids(context_for_key(mine)) == ids(context())


def test_author_who_sends_a_draft_to_review_sees_its_state(shared):
    author = make_browser("Ann")
    draft_new(author)
    first = context_for_key(author).store
    desk_for_key(author).submit([NEW])
    second = context_for_key(author).store
    assert first.version() != second.version()
    rows = second.read("claims", Query(ids=(NEW,)))
    assert rows["review"].tolist() == ["in review"]
