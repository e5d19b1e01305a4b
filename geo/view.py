"""The View: the filters and the camera of a page, with conversion to and from a query string."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from geo.camera import Camera, format_camera, format_screen, parse_camera, parse_screen
from geo.errors import ViewError
from geo.evidence.case import builtin_case
from geo.evidence.day_counts import AXES, OBSERVED_AXIS
from geo.evidence.models import CERTAINTIES, STANCES
from geo.evidence.vocabularies import RATING_KINDS
from geo.link_values import (
    clean_ids,
    clean_text,
    describe_missing_layers,
    describe_unknown,
    parse_flag,
    parse_one_of,
    parse_state,
    quote_shortened,
)
from geo.link_vocabulary import LinkVocabulary
from geo.playback import PLAY_HINT, Playback, format_playback, parse_playback
from geo.session_keys import SESSION_PREFIX, format_layer_name
from geo.text.map_names import ENGLISH, NAME_CHOICES

CANVASES = ("16:9", "4:3")
OFFLINE = "offline"


@dataclass(frozen=True)
class View:
    """Filters, camera and page. Two views are equal if they show the same."""

    page: str = ""
    """Path of the page; empty becomes the first page of the case."""
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    """Both included; None leaves that end open."""
    undated: bool = False
    """Whether reports without a date stay in while days are set."""
    axis: str = OBSERVED_AXIS
    """What the days are: when it happened, or when it was reported; one of AXES."""
    as_of: str | None = None
    """The evidence as it was known: at the end of an ISO day, or at a data version."""
    places: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    """Origins of evidence, such as one satellite image."""
    stances: tuple[str, ...] = ()
    """Allowed values, sorted, as in `places`, `systems` and `evidence`; empty allows all."""
    certainty: str | None = None
    """Weakest certainty that is shown (floor); None shows all."""
    reliability: tuple[str, ...] = ()
    credibility: tuple[str, ...] = ()
    likelihood: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    """Terms of the case's vocabularies, sorted; UNRATED finds what has no rating."""
    sources: str = ""
    """A set of sources of the case, or "all"; empty becomes what the case shows at first."""
    layers: tuple[str, ...] = ()
    """Layers shown, sorted."""
    dated_only: tuple[str, ...] = ()
    """Those of `layers` whose undated rows are left out while days are set, sorted."""
    q: str = ""
    claim: str | None = None
    """The selected claim, several with commas, or the place whose claims are open in the panel."""
    at: Camera | None = None
    """None is the page's own camera."""
    screen: tuple[int, int] | None = None
    """Width and height in pixels of the map that `at` was chosen on: a picture shows all of it."""
    base: str = OFFLINE
    names: str = ENGLISH
    """Which names are on the map; a key of NAME_CHOICES."""
    play: Playback | None = None
    """The step, the speed and the repeat of a playback of the days."""
    compare: dt.date | None = None
    compare_to: dt.date | None = None
    """First and last day of the window that the view's own days are compared with."""
    compare_as_of: str | None = None
    """As `as_of`, for that window; None: as the view's own."""
    scene: str | None = None
    v: str | None = None
    """The data version that a link was made on."""
    clean: str | None = None
    """A canvas of that shape, without anything round it: one of CANVASES; "1" is the first."""

    def __post_init__(self) -> None:
        several = ("places", "systems", "evidence", "origins", "stances", "layers", "dated_only")
        for name in (*several, *RATING_KINDS):
            cleaned = {clean_text(value) for value in getattr(self, name)} - {""}
            object.__setattr__(self, name, tuple(sorted(cleaned)))
        dated = tuple(name for name in self.dated_only if name in self.layers)
        object.__setattr__(self, "dated_only", dated)
        object.__setattr__(self, "clean", CANVASES[0] if self.clean == "1" else self.clean)
        for name in ("claim", "scene", "v", "as_of", "compare_as_of"):
            object.__setattr__(self, name, clean_text(getattr(self, name) or "") or None)
        object.__setattr__(self, "base", clean_text(self.base) or OFFLINE)
        object.__setattr__(self, "q", clean_text(self.q))
        if self.date_from and self.date_to and self.date_from > self.date_to:
            msg = f"The window ends ({self.date_to}) before it starts ({self.date_from})."
            raise ViewError(msg)
        object.__setattr__(self, "page", self.page or builtin_case().first_page)
        object.__setattr__(self, "sources", builtin_case().find_sources(self.sources))
        for name, allowed in (
            ("axis", AXES),
            ("clean", (None, *CANVASES)),
            ("names", tuple(NAME_CHOICES)),
        ):
            if (value := getattr(self, name)) not in allowed:
                raise ViewError(f"No {name} {value!r}; choose one of {allowed}.")
        for state in (self.as_of, self.compare_as_of):
            if state is not None:
                parse_state(state)

    @property
    def windowed(self) -> bool:
        """Whether a date window is set."""
        return bool(self.date_from or self.date_to)

    def narrow_to_places(self, places: Iterable[str]) -> View:
        """Return the view restricted to places; unchanged if there are none."""
        places = tuple(places)
        return replace(self, places=places) if places else self

    def to_share(self, version: str) -> View:
        """Return the view for a link that others open, with the version of the data they see.

        A chosen feature of a layer that is not shown is left out.
        """
        layer, slash, _ = (self.claim or "").partition("/")
        claim = None if slash and layer not in self.layers else self.claim
        return replace(self, v=version, scene=None, clean=None, claim=claim)

    def without_filters(self) -> View:
        """Return the view without filters; page, camera, base map, sources and layers stay.

        So does the state of the evidence that it shows.
        """
        same = ("page", "layers", "at", "screen", "base", "names", "play", "sources", "as_of")
        kept = {name: getattr(self, name) for name in same}
        return View(**kept)


@dataclass(frozen=True)
class _Parameter:
    """How a field of the View is written in a query."""

    name: str
    field: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str] = str
    repeats: bool = False
    vocabulary: str | None = None
    hint: str | Callable[[], str] = ""


_parse_day = dt.date.fromisoformat
_DAY = "a day such as 2024-05-03"
_STATE_HINT = "a day such as 2024-05-03, or a version of the data"
FILTERS = (
    _Parameter("from", "date_from", _parse_day, hint=_DAY),
    _Parameter("to", "date_to", _parse_day, hint="a day such as 2024-05-03"),
    _Parameter("undated", "undated", parse_flag, lambda on: "1" if on else "0", hint="0 or 1"),
    _Parameter("axis", "axis", parse_one_of(*AXES), hint=" or ".join(AXES)),
    _Parameter("as_of", "as_of", parse_state, hint=_STATE_HINT),
    _Parameter("place", "places", clean_text, repeats=True, vocabulary="places"),
    _Parameter("system", "systems", clean_text, repeats=True, vocabulary="systems"),
    _Parameter("evidence", "evidence", clean_text, repeats=True, vocabulary="evidence"),
    _Parameter("origin", "origins", clean_text, repeats=True, vocabulary="origins"),
    _Parameter("stance", "stances", parse_one_of(*STANCES), repeats=True, hint=", ".join(STANCES)),
    _Parameter("certainty", "certainty", parse_one_of(*CERTAINTIES), hint=", ".join(CERTAINTIES)),
    *(_Parameter(one, one, clean_text, repeats=True, vocabulary=one) for one in RATING_KINDS),
    _Parameter(
        *("sources", "sources", lambda text: builtin_case().find_sources(text)),
        hint=lambda: ", ".join(builtin_case().source_names),
    ),
    _Parameter("layer", "layers", clean_text, repeats=True, vocabulary="layers"),
    _Parameter("dated_only", "dated_only", clean_text, repeats=True),
    _Parameter("q", "q", clean_text),
)
PARAMETERS = (
    *FILTERS,
    _Parameter("claim", "claim", clean_ids, vocabulary="claims"),
    _Parameter("at", "at", parse_camera, format_camera, hint="latitude,longitude,zoom"),
    _Parameter("screen", "screen", parse_screen, format_screen, hint="pixels such as 1106x770"),
    _Parameter("base", "base", clean_text, vocabulary="bases"),
    _Parameter("names", "names", parse_one_of(*NAME_CHOICES), hint="en, ar or both"),
    _Parameter("play", "play", parse_playback, format_playback, hint=PLAY_HINT),
    _Parameter("compare", "compare", _parse_day, hint=_DAY),
    _Parameter("compare_to", "compare_to", _parse_day, hint=_DAY),
    _Parameter("compare_as_of", "compare_as_of", parse_state, hint=_STATE_HINT),
    _Parameter("scene", "scene", clean_text),
    _Parameter("v", "v", clean_text),
    _Parameter("clean", "clean", parse_one_of("1", *CANVASES), hint="1, 16:9 or 4:3"),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
FILTER_PARAMETERS = frozenset(parameter.name for parameter in FILTERS)


def to_query(view: View, *, explicit: bool = False, only: Iterable[str] | None = None) -> str:
    """Write a view as a query string, percent-encoded, in a fixed order, without a question mark.

    The page is not written: it is the path. With ``explicit`` the defaults are written too, so that
    the link means the same after a default changes; ``only`` names the parameters to write.
    """
    names, default = frozenset(_BY_NAME if only is None else only), View()
    pairs: list[tuple[str, str]] = []
    for parameter in PARAMETERS:
        value = getattr(view, parameter.field)
        if parameter.name not in names or value in (None, "", ()):
            continue
        if not explicit and value == getattr(default, parameter.field):
            continue
        values = value if parameter.repeats else (value,)
        pairs += [(parameter.name, parameter.format(item)) for item in values]
    return urlencode(pairs)


def from_query(
    query: str, *, page: str = "", vocabulary: LinkVocabulary | None = None
) -> tuple[View, tuple[str, ...]]:
    """Parse a query string, with or without its question mark; bad input never raises.

    Returns the nearest valid view, and one sentence for each parameter that could not be used.
    ``page`` is the link's path. Names are checked only with a vocabulary.
    """
    values: dict[str, Any] = {}
    notices: list[str] = []
    elsewhere: list[str] = []  # layers that another browser holds
    try:
        parts = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        notices.append("The link has too many parts; none of them was used.")
        parts = []
    for name, text in parts:
        parameter = _BY_NAME.get(name)
        if parameter is None:
            unknown = quote_shortened(name)
            notices.append(f"The link has a part that this map does not know: {unknown}.")
            continue
        try:
            value = parameter.parse(text)
        except (ValueError, TypeError, ViewError):
            hint = parameter.hint() if callable(parameter.hint) else parameter.hint
            hint = hint and f" Expected {hint}."
            notices.append(f"The link's {name} cannot be used: {quote_shortened(text)}.{hint}")
            continue
        if vocabulary and parameter.vocabulary and not vocabulary.has(parameter.vocabulary, value):
            if parameter.vocabulary in ("layers", "claims") and value.startswith(SESSION_PREFIX):
                elsewhere.append(format_layer_name(value.partition("/")[0]))
                continue
            notices.append(describe_unknown(name, text))
            continue
        earlier = values.get(parameter.field, ())
        values[parameter.field] = (*earlier, value) if parameter.repeats else value
    if elsewhere:
        notices.append(describe_missing_layers(tuple(dict.fromkeys(elsewhere))))
    return _build_nearest_view(values, notices, page, vocabulary), tuple(dict.fromkeys(notices))


def _build_nearest_view(
    values: dict[str, Any], notices: list[str], page: str, vocabulary: LinkVocabulary | None
) -> View:
    start, end = values.get("date_from"), values.get("date_to")
    if start and end and start > end:
        notices.append(f"The link's window ran backwards ({start} to {end}); it was turned round.")
        values["date_from"], values["date_to"] = end, start
    if vocabulary and values.get("v") not in (None, "", vocabulary.version):
        notices.append(
            "This link was made on other data; what it shows now may differ from what was shared."
        )
    values = {name: value for name, value in values.items() if value != ""}
    return View(page=page, **values)
