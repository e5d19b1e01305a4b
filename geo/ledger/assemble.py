"""The evidence of a ledger's state: published records, and the drafts of one author."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from geo.evidence import Evidence
from geo.evidence.models import Claim, Conflict, Place, Sector, Source
from geo.evidence.origins import Origin
from geo.evidence.record import Record
from geo.evidence.system_names import System
from geo.ledger.entries import Entry
from geo.ledger.models import RecordKind
from geo.text.names import is_same_person

R = TypeVar("R", bound=Record)
Shown = Mapping[tuple[RecordKind, str], Record]


def assemble_evidence(case: Evidence, entries: Iterable[Entry], author: str | None) -> Evidence:
    """Return the evidence that all see, with the waiting changes of one author over it.

    A record that today's rules reject, or that names one that is gone, is left out: a case whose
    files changed under its ledger is still shown.
    """
    shown: dict[tuple[RecordKind, str], Record] = {}
    review: dict[str, str] = {}
    for entry in entries:
        own = author is not None and entry.pending is not None
        if own and is_same_person(entry.author, author or "") and entry.pending_model is not None:
            shown[entry.kind, entry.record] = entry.pending_model
            if entry.kind == "claim":
                review[entry.record] = entry.pending_state or "draft"
        elif entry.published_model is not None:
            shown[entry.kind, entry.record] = entry.published_model
    sources = _pick(shown, "source", Source)
    places = _find_drawable(case, _pick(shown, "place", Place))
    known = {one.id for one in places} | {None}
    publications = {one.id for one in sources}
    claims = tuple(
        claim
        for claim in _pick(shown, "claim", Claim)
        if claim.source in publications and claim.place in known
    )
    kept = {claim.id for claim in claims}
    return replace(
        case,
        sources=sources,
        claims=claims,
        places=places,
        conflicts=_find_answered(_pick(shown, "conflict", Conflict), kept),
        systems=_pick(shown, "system", System),
        origins=_pick(shown, "origin", Origin),
        review={name: state for name, state in review.items() if name in kept},
    )


def _pick(shown: Shown, kind: RecordKind, model: type[R]) -> tuple[R, ...]:
    return tuple(one for (of, _), one in shown.items() if of == kind and isinstance(one, model))


def _find_drawable(case: Evidence, places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places whose recipe finds what it is drawn from."""
    legs = {route.id for route in case.routes}
    points = {place.id for place in places if place.lon is not None}

    def is_drawable(place: Place) -> bool:
        recipe = place.geometry
        if isinstance(recipe, Sector):
            return recipe.centre in points
        return recipe.kind != "route" or recipe.leg in legs

    return tuple(place for place in places if is_drawable(place))


def _find_answered(conflicts: tuple[Conflict, ...], claims: set[str]) -> tuple[Conflict, ...]:
    """Return the conflicts that at least two of these claims take part in."""
    found = []
    for conflict in conflicts:
        members = tuple(name for name in conflict.claims if name in claims)
        if len(members) > 1:
            whole = len(members) == len(conflict.claims)
            found.append(conflict if whole else conflict.model_copy(update={"claims": members}))
    return tuple(found)
