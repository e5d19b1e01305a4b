"""What the process works on: settings, store and evidence, opened once, when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.settings import ASSETS, Settings, settings

if TYPE_CHECKING:
    from geo.evidence import Evidence
    from geo.store import LayerStore
    from geo.view import Known


@dataclass(frozen=True)
class Context:
    """Settings, store and evidence of this process."""

    settings: Settings
    store: LayerStore
    evidence: Evidence

    def known(self) -> Known:
        """Return what a link may name just now."""
        return _known(self, self.store.version())


@lru_cache(maxsize=1)
def context() -> Context:
    """Open the store and read the evidence, once a process.

    Raises
    ------
    geo.errors.GeoError
        If the settings, the store or the evidence cannot be used; the message says what to do.
    """
    from geo.evidence import load_evidence
    from geo.shipped import open_with_shipped

    chosen = settings()
    store = open_with_shipped(chosen.store_url)
    return Context(chosen, store, load_evidence(ASSETS / "evidence"))


@lru_cache(maxsize=4)
def _known(where: Context, version: str) -> Known:
    from geo.mapping.tiles import BASES
    from geo.selection import CLAIMS, SHIPPED
    from geo.view import Known

    rows = where.store.read(CLAIMS)
    places = frozenset(place.id for place in where.evidence.places)
    return Known(
        places=places,
        systems=frozenset(system for row in rows["systems"] for system in row),
        evidence=frozenset(rows["evidence"]),
        claims=frozenset(rows["id"]) | places,
        layers=frozenset(info.name for info in where.store.layers()) - SHIPPED,
        bases=frozenset(base.name for base in BASES),
        version=version,
    )
