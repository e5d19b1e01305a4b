"""The application context: settings, store and evidence, opened once a process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.settings import Settings, settings

if TYPE_CHECKING:
    from geo.evidence import Evidence
    from geo.link_vocabulary import LinkVocabulary
    from geo.store import LayerStore
    from geo.store.query.layer_cache import LayerCache
    from geo.store.session_layers import SessionLayers

MB = 1_000_000


@dataclass(frozen=True)
class Context:
    """Settings, store and evidence of this process."""

    settings: Settings
    store: LayerStore
    evidence: Evidence

    def link_vocabulary(self) -> LinkVocabulary:
        """Return the values that a link may name at the current data version."""
        return _build_link_vocabulary(self, self.store.version())


@lru_cache(maxsize=1)
def context() -> Context:
    """Open the store and read the evidence, once a process; `GeoError` if one cannot be used."""
    from geo.builtin_layers import open_with_builtin
    from geo.evidence import builtin_evidence

    chosen = settings()
    store = open_with_builtin(chosen.store_url)
    return Context(chosen, store, builtin_evidence())


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
    """Return the context for a session cookie's key: session layers, if any, over the others."""
    if key is None or not session_layers().has(key):
        return context()
    return _open_session_context(key, context())


@lru_cache(maxsize=64)
def _open_session_context(key: str, shared: Context) -> Context:
    from geo.store.overlay import SessionStore

    return replace(shared, store=SessionStore(session_layers().open(key), shared.store))


@lru_cache(maxsize=64)
def _build_link_vocabulary(where: Context, version: str) -> LinkVocabulary:
    from itertools import chain

    from geo.evidence.vocabularies import list_rating_words
    from geo.link_vocabulary import LinkVocabulary
    from geo.mapping.basemaps import BASES
    from geo.selection import BUILTIN_LAYERS, CLAIMS

    rows = where.store.read(CLAIMS)
    places = frozenset(place.id for place in where.evidence.places)
    layers = {info.name for info in where.store.layers()}
    # an unreadable layer may be readable again before the link is opened
    layers |= {fault.name for fault in where.store.faults()}
    return LinkVocabulary(
        places=places,
        systems=frozenset(where.evidence.system_names.list_choices(chain(*rows["systems"]))),
        evidence=frozenset(rows["evidence"]),
        origins=frozenset(chain(*rows["origins"])),
        claims=frozenset(rows["id"]) | places,
        layers=frozenset(layers - BUILTIN_LAYERS),
        bases=frozenset(base.name for base in BASES),
        version=where.store.shared_version(),
        **list_rating_words(where.evidence.vocabulary_by_id),
    )
