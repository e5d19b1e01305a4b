"""The View: the filters and the camera of a page, with conversion to and from a query string."""

from __future__ import annotations

import datetime as dt
import re
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
from geo.link_vocabulary import LinkVocabulary
from geo.session_keys import SESSION_PREFIX, format_layer_name

CANVASES = ("16:9", "4:3")
TEXT_LIMIT = 200
OFFLINE = "offline"
MISSING_LAYERS = "This link shows"  # begins the notice on layers that only another browser has
_STATE = re.compile(r"[0-9a-z][0-9a-z.-]{3,63}")  # a day or a data version
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def _clean_text(text: str) -> str:
    return _UNPRINTABLE.sub("", text)[:TEXT_LIMIT].strip()


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
    """The selected claim, or the place whose claims are open in the panel."""
    at: Camera | None = None
    """None is the page's own camera."""
    screen: tuple[int, int] | None = None
    """Width and height in pixels of the map that `at` was chosen on: a picture shows all of it."""
    base: str = OFFLINE
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
            cleaned = {_clean_text(value) for value in getattr(self, name)} - {""}
            object.__setattr__(self, name, tuple(sorted(cleaned)))
        dated = tuple(name for name in self.dated_only if name in self.layers)
        object.__setattr__(self, "dated_only", dated)
        object.__setattr__(self, "clean", CANVASES[0] if self.clean == "1" else self.clean)
        for name in ("claim", "scene", "v", "as_of", "compare_as_of"):
            object.__setattr__(self, name, _clean_text(getattr(self, name) or "") or None)
        object.__setattr__(self, "base", _clean_text(self.base) or OFFLINE)
        object.__setattr__(self, "q", _clean_text(self.q))
        if self.date_from and self.date_to and self.date_from > self.date_to:
            msg = f"The window ends ({self.date_to}) before it starts ({self.date_from})."
            raise ViewError(msg)
        object.__setattr__(self, "page", self.page or builtin_case().first_page)
        object.__setattr__(self, "sources", builtin_case().find_sources(self.sources))
        for name, allowed in (("axis", AXES), ("clean", (None, *CANVASES))):
            if (value := getattr(self, name)) not in allowed:
                raise ViewError(f"No {name} {value!r}; choose one of {allowed}.")
        for state in (self.as_of, self.compare_as_of):
            if state is not None:
                _parse_state(state)

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
        kept = {
            name: getattr(self, name)
            for name in ("page", "layers", "at", "screen", "base", "sources", "as_of")
        }
        return View(**kept)


def _parse_flag(text: str) -> bool:
    return ("0", "1").index(text) == 1  # ValueError for anything else


def _parse_one_of(*allowed: str) -> Callable[[str], str]:
    return lambda text: allowed[allowed.index(text)]  # ValueError for anything else


def _parse_state(text: str) -> str:
    """Return an ISO day or a data version as it is written."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text).isoformat()
    if not _STATE.fullmatch(text):
        raise ViewError(f"{text!r} is neither a day such as 2024-05-03 nor a version of the data.")
    return text


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
    _Parameter("undated", "undated", _parse_flag, lambda on: "1" if on else "0", hint="0 or 1"),
    _Parameter("axis", "axis", _parse_one_of(*AXES), hint=" or ".join(AXES)),
    _Parameter("as_of", "as_of", _parse_state, hint=_STATE_HINT),
    _Parameter("place", "places", _clean_text, repeats=True, vocabulary="places"),
    _Parameter("system", "systems", _clean_text, repeats=True, vocabulary="systems"),
    _Parameter("evidence", "evidence", _clean_text, repeats=True, vocabulary="evidence"),
    _Parameter("origin", "origins", _clean_text, repeats=True, vocabulary="origins"),
    _Parameter("stance", "stances", _parse_one_of(*STANCES), repeats=True, hint=", ".join(STANCES)),
    _Parameter("certainty", "certainty", _parse_one_of(*CERTAINTIES), hint=", ".join(CERTAINTIES)),
    *(_Parameter(one, one, _clean_text, repeats=True, vocabulary=one) for one in RATING_KINDS),
    _Parameter(
        *("sources", "sources", lambda text: builtin_case().find_sources(text)),
        hint=lambda: ", ".join(builtin_case().source_names),
    ),
    _Parameter("layer", "layers", _clean_text, repeats=True, vocabulary="layers"),
    _Parameter("dated_only", "dated_only", _clean_text, repeats=True),
    _Parameter("q", "q", _clean_text),
)
PARAMETERS = (
    *FILTERS,
    _Parameter("claim", "claim", _clean_text, vocabulary="claims"),
    _Parameter("at", "at", parse_camera, format_camera, hint="latitude,longitude,zoom"),
    _Parameter("screen", "screen", parse_screen, format_screen, hint="pixels such as 1106x770"),
    _Parameter("base", "base", _clean_text, vocabulary="bases"),
    _Parameter("compare", "compare", _parse_day, hint=_DAY),
    _Parameter("compare_to", "compare_to", _parse_day, hint=_DAY),
    _Parameter("compare_as_of", "compare_as_of", _parse_state, hint=_STATE_HINT),
    _Parameter("scene", "scene", _clean_text),
    _Parameter("v", "v", _clean_text),
    _Parameter("clean", "clean", _parse_one_of("1", *CANVASES), hint="1, 16:9 or 4:3"),
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
            unknown = _quote_shortened(name)
            notices.append(f"The link has a part that this map does not know: {unknown}.")
            continue
        try:
            value = parameter.parse(text)
        except (ValueError, TypeError, ViewError):
            hint = parameter.hint() if callable(parameter.hint) else parameter.hint
            hint = hint and f" Expected {hint}."
            notices.append(f"The link's {name} cannot be used: {_quote_shortened(text)}.{hint}")
            continue
        if vocabulary and parameter.vocabulary and not vocabulary.has(parameter.vocabulary, value):
            if parameter.vocabulary in ("layers", "claims") and value.startswith(SESSION_PREFIX):
                elsewhere.append(format_layer_name(value.partition("/")[0]))
                continue
            notices.append(f"The link's {name} is not in the data: {_quote_shortened(text)}.")
            continue
        earlier = values.get(parameter.field, ())
        values[parameter.field] = (*earlier, value) if parameter.repeats else value
    if elsewhere:
        notices.append(_describe_missing_layers(tuple(dict.fromkeys(elsewhere))))
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


def _describe_missing_layers(names: tuple[str, ...]) -> str:
    """Return the sentence on the layers of a link that only its author's browser has."""
    one = len(names) == 1
    count, ask = ("a layer", "its file") if one else (f"{len(names)} layers", "their files")
    listed = ", ".join(map(_quote_shortened, names))
    only = "only its author's browser holds"
    return f"{MISSING_LAYERS} {count} that {only}: {listed}. Ask for {ask}."


def _quote_shortened(text: str) -> str:
    text = _clean_text(text)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
