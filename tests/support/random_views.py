"""Hypothesis strategies for views: with any text, or with values of the built-in data."""

import datetime as dt
import random
from functools import cache

from hypothesis import strategies as st

from geo.builtin_layers import EvidenceStore
from geo.camera import Camera
from geo.evidence import builtin_evidence
from geo.evidence.case import builtin_case
from geo.evidence.day_counts import AXES, REPORTED_AXIS
from geo.evidence.models import CERTAINTIES, STANCES
from geo.evidence.vocabularies import RATING_KINDS, UNRATED, builtin_vocabularies
from geo.playback import LEAST_SECONDS, MOST_DAYS, MOST_SECONDS, Playback
from geo.selection import CLAIMS
from geo.text.map_names import NAME_CHOICES
from geo.view import CANVASES, OFFLINE, View

STATES = ("2025-02-28", "2025-03-02", "2025-03-04")
"""Days whose ends are three states of the history in `tests.support.ledger_days`."""
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.text("&=%#+?;/ \t\n\x00\x7f\ud800طرطوس🚁é", max_size=30),
    st.sampled_from(
        ["طرطوس", "حميميم", "a&b=c%20#d+e", "🚁🇸🇾", "\ud800half", "x" * 300, "%", "+ +"]
    ),
)


@st.composite
def windows(draw: st.DrawFn, days: st.SearchStrategy[dt.date]) -> tuple:
    start, end = draw(st.none() | days), draw(st.none() | days)
    return (end, start) if start and end and start > end else (start, end)


def cameras() -> st.SearchStrategy[Camera]:
    def within(low: float, high: float) -> st.SearchStrategy[float]:
        return st.floats(low, high, allow_nan=False)

    return st.builds(Camera, within(-85, 85), within(-180, 180), within(1, 19))


def playbacks() -> st.SearchStrategy[Playback]:
    """Draw a playback of the days."""
    return st.builds(
        Playback,
        st.integers(1, MOST_DAYS),
        st.floats(LEAST_SECONDS, MOST_SECONDS, allow_nan=False),
        st.booleans(),
    )


def states() -> st.SearchStrategy[str]:
    """Draw a state of the evidence: a day or a data version."""
    return st.dates().map(dt.date.isoformat) | st.text("0123456789abcdef", min_size=12, max_size=12)


@st.composite
def ratings(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Draw chosen ratings of each kind, mostly none; what is not rated is one of them."""
    words = {one.id: [UNRATED, *(term.id for term in one.terms)] for one in builtin_vocabularies()}
    return {
        name: draw(st.just(()) | st.lists(st.sampled_from(words[name]), max_size=3).map(tuple))
        for name in draw(st.just([]) | st.lists(st.sampled_from(RATING_KINDS), unique=True))
    }


@st.composite
def any_views(draw: st.DrawFn) -> View:
    """Draw a view with any values, existing or not."""
    several = st.lists(ANY_TEXT, max_size=4).map(tuple)
    start, end = draw(windows(st.dates()))
    layers = draw(several)
    return View(
        page=draw(st.sampled_from(["overview", "tartus"])),
        date_from=start,
        date_to=end,
        undated=draw(st.booleans()),
        axis=draw(st.sampled_from(AXES)),
        as_of=draw(st.none() | states()),
        places=draw(several),
        systems=draw(several),
        evidence=draw(several),
        origins=draw(several),
        stances=draw(st.lists(st.sampled_from(STANCES), max_size=4).map(tuple)),
        certainty=draw(st.none() | st.sampled_from(CERTAINTIES)),
        **draw(ratings()),
        sources=draw(st.sampled_from(builtin_case().source_names)),
        layers=layers,
        dated_only=draw(st.lists(st.sampled_from(layers)).map(tuple)) if layers else (),
        q=draw(ANY_TEXT),
        claim=draw(st.none() | ANY_TEXT),
        at=draw(st.none() | cameras()),
        screen=draw(st.none() | st.tuples(*[st.integers(50, 20_000)] * 2)),
        base=draw(st.just(OFFLINE) | ANY_TEXT),
        names=draw(st.sampled_from(tuple(NAME_CHOICES))),
        play=draw(st.none() | playbacks()),
        compare=draw(st.none() | st.dates()),
        compare_to=draw(st.none() | st.dates()),
        compare_as_of=draw(st.none() | states()),
        scene=draw(st.none() | ANY_TEXT),
        v=draw(st.none() | ANY_TEXT),
        clean=draw(st.none() | st.sampled_from(CANVASES)),
    )


@cache
def _vocabulary() -> dict[str, list[str]]:
    rows = EvidenceStore(builtin_evidence()).read(CLAIMS)
    return {
        "places": sorted(rows["place"].dropna().unique()),
        "systems": sorted({system for row in rows["systems"] for system in row}),
        "evidence": sorted(rows["evidence"].unique()),
        "origins": sorted({origin for row in rows["origins"] for origin in row}),
        "words": sorted({word for says in rows["says"] for word in says.split()})[::5],
    }


@st.composite
def builtin_views(draw: st.DrawFn) -> View:
    """Draw a view with values of the built-in data, often wide enough to match claims."""
    words = _vocabulary()

    def some(name: str) -> st.SearchStrategy[tuple[str, ...]]:
        few = st.lists(st.sampled_from(words[name]), max_size=6, unique=True).map(tuple)
        return st.just(()) | few

    start, end = draw(windows(st.dates(dt.date(2024, 12, 1), dt.date(2025, 2, 1))))
    return View(
        date_from=start,
        date_to=end,
        undated=draw(st.booleans()),
        axis=draw(st.sampled_from(AXES)),
        places=draw(some("places")),
        systems=draw(some("systems")),
        evidence=draw(some("evidence")),
        origins=draw(some("origins")),
        stances=draw(st.just(()) | st.lists(st.sampled_from(STANCES), max_size=3).map(tuple)),
        certainty=draw(st.none() | st.sampled_from(CERTAINTIES)),
        **draw(ratings()),
        sources=draw(st.sampled_from(builtin_case().source_names)),
        q=draw(st.just("") | st.sampled_from(words["words"])),
    )


def pick_builtin_view(chance: random.Random) -> View:
    """Return a view with a few filters of the built-in data; most of them show some claims."""
    words = _vocabulary()
    days = [dt.date(2024, 12, 3) + dt.timedelta(chance.randrange(58)) for _ in range(2)]
    near = [dt.date(2024, 12, chance.randrange(8, 18)) for _ in range(2)]
    start, end = sorted(chance.choice((days, near)))
    filters = {
        "date_from": start,
        "date_to": end,
        "undated": True,
        "axis": REPORTED_AXIS,
        "as_of": chance.choice(STATES),
        "places": tuple(chance.sample(words["places"], 2)),
        "systems": tuple(chance.sample(words["systems"], 4)),
        "evidence": tuple(chance.sample(words["evidence"], 4)),
        "origins": tuple(chance.sample(words["origins"], 4)),
        "stances": tuple(chance.sample(STANCES, 2)),
        "certainty": chance.choice(CERTAINTIES),
        "reliability": (UNRATED, "B"),
        "q": chance.choice(words["words"]),
    }
    kept = chance.sample(sorted(filters), chance.choice((0, 1, 1, 2, 2, 3)))
    chosen = {name: filters[name] for name in kept}
    return View(sources=chance.choice(builtin_case().source_names), **chosen)
