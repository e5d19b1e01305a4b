"""The application context: settings, store and evidence; they follow the ledger of changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import LedgerAwayError, ViewError
from geo.lru_cache import LruCache
from geo.settings import Settings, case_folder, settings

if TYPE_CHECKING:
    from geo.builtin_layers import EvidenceStore
    from geo.evidence import Evidence
    from geo.ledger import Desk, Head, Ledger, LedgerState, Person
    from geo.ledger.follow import StateFollower
    from geo.link_vocabulary import LinkVocabulary
    from geo.store import LayerStore
    from geo.store.query.layer_cache import LayerCache
    from geo.store.session_layers import SessionLayers

MB = 1_000_000
_PERSON = "person"  # the text of a session that names who is in front of the browser


@dataclass(frozen=True, eq=False)
class Context:
    """Settings, store and evidence as one browser sees them."""

    settings: Settings
    store: LayerStore
    evidence: Evidence
    ledger: Ledger | None = None
    """The shared ledger, or that of the browser's own drafts; None outside of a browser."""
    state: LedgerState | None = None
    """What the ledger adds up to."""

    def link_vocabulary(self) -> LinkVocabulary:
        """Return the values that a link may name at the current data version."""
        return _build_link_vocabulary(self.store, self.store.version())


@dataclass(frozen=True, eq=False)
class _Origin:
    """What does not change while the process runs: the case, and where changes come from."""

    case: Evidence
    case_version: str
    layers: LayerStore | None
    """The operator's, over the built-in ones."""
    ledger: Ledger | None
    follower: StateFollower | None
    """Of the shared ledger."""


_contexts: LruCache[Context] = LruCache(capacity=48)  # by case, events and author


def _find_origin() -> _Origin:
    return _open_origin(case_folder())


@lru_cache(maxsize=2)
def _open_origin(_: Path) -> _Origin:
    from geo.builtin_layers import compute_case_version
    from geo.evidence import builtin_evidence
    from geo.ledger import open_ledger
    from geo.ledger.follow import follow
    from geo.store import open_store

    chosen, case = settings(), builtin_evidence()
    layers = open_store(chosen.store_url) if chosen.store_url else None
    ledger = open_ledger(chosen.ledger_url) if chosen.ledger_url else None
    follower = follow(ledger, case) if ledger else None
    return _Origin(case, compute_case_version(case), layers, ledger, follower)


def context() -> Context:
    """Return what all see now; `GeoError` if the store, the evidence or the ledger is unusable.

    Its store is the same object until somebody publishes or withdraws something.
    """
    origin = _find_origin()
    return _find_context(origin, _read_shared_state(origin), None)


def clear_context() -> None:
    """Open everything anew at the next call; for tests that change the settings."""
    for cached in (_open_origin, _open_own_ledger, _open_session_store, _build_link_vocabulary):
        cached.cache_clear()


def _read_shared_state(origin: _Origin) -> LedgerState:
    """Return the state of the shared ledger; the last known one while it does not respond."""
    from geo.ledger.follow import start_state

    if origin.follower is None:
        return start_state(origin.case)
    try:
        return origin.follower.state()
    except LedgerAwayError:
        if origin.follower.last is None:
            raise
        return origin.follower.last


def _find_context(
    origin: _Origin, state: LedgerState, author: str | None, published: Head | None = None
) -> Context:
    """Return the context of a state, with the drafts of an author if there are any; cached.

    ``published`` is the last event that all see, where that of the state is one browser's own.
    """
    shown = state.published if published is None else published
    drafts = state.mark_waiting(author) if author is not None else ""
    who = author if drafts else None
    make = partial(_make_context, origin, state, who, shown, drafts)
    found = _contexts.get_or_compute((origin, shown, drafts), make, lambda _: 1)
    return found if found.state is state else replace(found, state=state)


def _make_context(
    origin: _Origin, state: LedgerState, who: str | None, published: Head, drafts: str
) -> Context:
    from geo.builtin_layers import EvidenceStore
    from geo.ledger.states import write_version
    from geo.store import OverlayStore

    evidence = state.evidence(who)
    shared = write_version(origin.case_version, published)
    version = write_version(origin.case_version, published, drafts)
    history = partial(_find_earlier_store, origin)
    own = EvidenceStore(evidence, version, shared, history=history)
    store = OverlayStore(origin.layers, own) if origin.layers else own
    return Context(settings(), store, evidence, origin.ledger, state)


def _find_earlier_store(origin: _Origin, as_of: str) -> EvidenceStore:
    """Return the built-in layers as all saw them at the end of a day, or at an earlier version."""
    from geo.builtin_layers import find_builtin_store
    from geo.ledger.states import find_number
    from geo.store.core.time_zone import case_time_zone

    present = _read_shared_state(origin)
    number = find_number(as_of, origin.case_version, present.events, case_time_zone())
    if number is None:
        msg = f"as_of={as_of!r} is no day, and no version of the evidence that is known here."
        raise ViewError(f"{msg} Write a day as YYYY-MM-DD, or take as_of out of the link.")
    last = present.events[number - 1].hash if number else ""
    earlier = _contexts.get_or_compute(
        (origin, "earlier", number, last),
        lambda: _find_context(origin, present.rewind(number), None),
        lambda _: 1,
    )
    return find_builtin_store(earlier.store)


def session_layers() -> SessionLayers:
    """Return the folders that keep the layers of each browser session."""
    import os
    import tempfile

    from geo.store.session_layers import SessionLayers

    chosen = settings()
    temporary = f"{tempfile.gettempdir()}/briefing-map-{os.getuid()}"
    return SessionLayers(
        Path(chosen.own_folder or temporary),
        keep_days=chosen.own_days,
        most_layers=chosen.own_layers,
        most_bytes=chosen.own_mb * MB,
        most_bytes_in_all=chosen.own_all_mb * MB,
        cache=session_layer_cache(chosen.own_cache_mb),
    )


@lru_cache(maxsize=1)
def session_layer_cache(megabytes: int) -> LayerCache:
    """Return the cache of decoded rows that all session layers share."""
    from geo.store.query.layer_cache import LayerCache

    return LayerCache(megabytes * MB)


def context_for_key(key: str | None) -> Context:
    """Return the context for a session cookie's key.

    It has the drafts of the person in front of the browser, and session layers, if any, over what
    all see.
    """
    if key is None:
        return context()
    origin = _find_origin()
    if origin.ledger is not None:
        person = person_for_key(key)
        where = _find_context(origin, _read_shared_state(origin), person.name or None)
    else:
        where = _add_own_drafts(origin, key)
    if session_layers().has(key):
        return replace(where, store=_open_session_store(key, where.store))
    return where


def _add_own_drafts(origin: _Origin, key: str) -> Context:
    """Return the context with the drafts that one browser keeps, where no ledger is shared."""
    from geo.ledger.follow import follow
    from geo.ledger.models import NO_EVENTS
    from geo.ledger.people import OWN_AUTHOR

    ledger = _open_own_ledger(key, str(session_layers().root))
    state = follow(ledger, origin.case).state()
    where = _find_context(origin, state, OWN_AUTHOR, NO_EVENTS)
    return replace(where, ledger=ledger, state=state)


@lru_cache(maxsize=256)
def _open_own_ledger(key: str, _: str) -> Ledger:
    from geo.ledger import FolderLedger

    return FolderLedger(session_layers().find_ledger(key), shared=False)


@lru_cache(maxsize=64)
def _open_session_store(key: str, shared: LayerStore) -> LayerStore:
    from geo.store.overlay import SessionStore

    return SessionStore(session_layers().open(key), shared)


def name_person(key: str, name: str) -> None:
    """Remember who is in front of a browser, for requests without a page; "" forgets the name."""
    layers = session_layers()
    stamp, known = layers.read_file(key, _PERSON)
    if (known or "") != name or (name and layers.is_old(stamp)):
        layers.write_file(key, _PERSON, name)


def person_for_key(key: str) -> Person:
    """Return who is in front of a browser, with the roles of the shared ledger.

    Without a shared ledger it is the author of the browser's own drafts. Nobody is known where
    neither a sign-in nor EDIT_WITHOUT_SIGN_IN lets people have a name.
    """
    from geo.ledger.people import NOBODY, OWN_PERSON, make_person
    from geo.streamlit_bridge import is_sign_in_configured

    if not settings().ledger_url:
        return OWN_PERSON
    _, name = session_layers().read_file(key, _PERSON)
    if not name or not (is_sign_in_configured() or settings().edit_without_sign_in):
        return NOBODY
    return make_person(name)


def desk_for_key(key: str) -> Desk:
    """Return the desk of a browser: at the shared ledger, or at that of its own drafts."""
    from geo.ledger import Desk

    origin, person = _find_origin(), person_for_key(key)
    if origin.ledger is not None:
        return Desk(origin.ledger, origin.case, person)
    layers = session_layers()
    layers.make_root()
    return Desk(_open_own_ledger(key, str(layers.root)), origin.case, person)


@lru_cache(maxsize=64)
def _build_link_vocabulary(store: LayerStore, _: str) -> LinkVocabulary:
    from itertools import chain

    from geo.builtin_layers import find_evidence, find_store
    from geo.evidence.vocabularies import list_rating_words
    from geo.link_vocabulary import LinkVocabulary
    from geo.mapping.basemaps import list_bases
    from geo.selection import BUILTIN_LAYERS, CLAIMS

    def find_earlier(as_of: str) -> LinkVocabulary:
        earlier = find_store(store, as_of)
        return _build_link_vocabulary(earlier, earlier.version())

    rows, evidence = store.read(CLAIMS), find_evidence(store)
    places = frozenset(place.id for place in evidence.places)
    layers = {info.name for info in store.layers()}
    # an unreadable layer may be readable again before the link is opened
    layers |= {fault.name for fault in store.faults()}
    return LinkVocabulary(
        places=places,
        systems=frozenset(evidence.system_names.list_choices(chain(*rows["systems"]))),
        evidence=frozenset(rows["evidence"]),
        origins=frozenset(chain(*rows["origins"])),
        claims=frozenset(rows["id"]) | places,
        layers=frozenset(layers - BUILTIN_LAYERS),
        bases=frozenset(base.name for base in list_bases()),
        version=store.shared_version(),
        find_earlier=find_earlier,
        **list_rating_words(evidence.vocabulary_by_id),
    )
