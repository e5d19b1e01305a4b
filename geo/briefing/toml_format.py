"""Read and write briefings as TOML; every fault is reported with its line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from geo.briefing import models
from geo.briefing.models import Briefing, Scene, Statement
from geo.errors import BriefingError, ViewError
from geo.page_registry import first_page, list_pages
from geo.text.slugs import slugify
from geo.view import from_query, to_query

if TYPE_CHECKING:
    from geo.link_vocabulary import LinkVocabulary
    from geo.view import View

BYTES_LIMIT = 1_000_000  # bytes
_HEAD = """\
# A briefing: scenes in their order, each a view, a headline, statements and speaker notes.
# Headline and statements name the claims that they rest on. "link" is a page and what stands
# behind the question mark of its address.

"""
FieldPath = tuple[str | int, ...]
_TABLE = re.compile(r"\s*\[\[\s*([\w.\s]+?)\s*\]\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*(.*)")
_LONG = ('"""', "'''")
Claims = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class _StatementRecord(_Record):
    says: Annotated[str, Field(min_length=1, max_length=models.SAYS)]
    claims: Claims


class _SceneRecord(_Record):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    link: Annotated[str, Field(max_length=20_000)]
    headline: Annotated[str, Field(min_length=1, max_length=models.HEADLINE)]
    claims: Claims
    notes: Annotated[str, Field(max_length=models.NOTES)] = ""
    statement: list[_StatementRecord] = []


class _BriefingRecord(_Record):
    title: Annotated[str, Field(min_length=1, max_length=models.HEADLINE)]
    subtitle: Annotated[str, Field(max_length=models.SAYS)] = ""
    scene: Annotated[list[_SceneRecord], Field(min_length=1, max_length=models.SCENES)]


@dataclass(frozen=True)
class BriefingFault:
    """A fault of a briefing file; `line` counts from 1, and is None where no single line has it."""

    line: int | None
    field: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}, " if self.line else ""
        return f"{where}{self.field}: {self.why}" if self.field else f"{where}{self.why}"


def read_briefing(text: str | bytes, name: str, vocabulary: LinkVocabulary) -> Briefing:
    """Read a briefing from TOML; bytes must be UTF-8. `name`, as in links, may be a file's name.

    Raises
    ------
    geo.errors.BriefingError
        With every fault, each in a sentence that begins with its line.
    """
    text = _decode(text)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = re.search(r"at line (\d+)", str(error))
        why = f"it is not TOML here ({error}); mend that line, or download the briefing again"
        raise _build_error([BriefingFault(int(where[1]) if where else None, "", why)]) from error
    lines = locate_fields(text)
    try:
        record = _BriefingRecord.model_validate(raw)
    except ValidationError as error:
        shape = error.errors(include_url=False)
        faults = [_locate_fault(lines, one["loc"], _explain_fault(one)) for one in shape]
        raise _build_error(faults) from error
    faults = list(_find_scene_faults(record, vocabulary, lines))
    if faults:
        raise _build_error(faults)
    made = tuple(_build_scene(one, vocabulary) for one in record.scene)
    return Briefing(slugify(name) or "briefing", record.title, record.subtitle, made)


def _decode(text: str | bytes) -> str:
    if len(text) > BYTES_LIMIT:
        why = f"it has {len(text):,} bytes; the limit is {BYTES_LIMIT:,}; split it in two"
        raise _build_error([BriefingFault(None, "the file", why)])
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        why = "it is not UTF-8 here; save the file as UTF-8"
        raise _build_error([BriefingFault(line, "", why)]) from error


def _build_error(faults: list[BriefingFault]) -> BriefingError:
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    listed = "\n".join(f"- {fault}" for fault in sorted(faults, key=lambda f: f.line or 0))
    return BriefingError(f"This briefing cannot be used, it has {count}:\n{listed}")


def _locate_fault(lines: dict[FieldPath, int], place: FieldPath, why: str) -> BriefingFault:
    """Return a fault with the line of its field, or of the field's nearest parent."""
    parents = (place[:depth] for depth in range(len(place), 0, -1))
    line = next((lines[parent] for parent in parents if parent in lines), None)
    return BriefingFault(line, _format_path(place), why)


def _explain_fault(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "it is missing; add it"
    if fault["type"] == "extra_forbidden":
        return "no such field is known; take it out, or mend its name"
    given = repr(fault["input"])
    given = f"{given[:60]}…" if len(given) > 60 else given
    return f"{given} cannot be used: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _format_path(place: FieldPath) -> str:
    """Format the path of a field: "scene 3, statement 1, claims"."""
    parts: list[str] = []
    for part in place:
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        else:
            parts.append(str(part))
    return ", ".join(parts)


def _find_scene_faults(
    record: _BriefingRecord, vocabulary: LinkVocabulary, lines: dict[FieldPath, int]
) -> Iterator[BriefingFault]:
    seen: set[str] = set()
    fault = partial(_locate_fault, lines)
    for number, scene in enumerate(record.scene):
        at: FieldPath = ("scene", number)
        if scene.id in seen:
            why = f"{scene.id!r} is the id of an earlier scene; choose another"
            yield fault((*at, "id"), why)
        seen.add(scene.id)
        view, notices = _parse_link(scene.link, vocabulary)
        for notice in notices:
            yield fault((*at, "link"), notice)
        known = _list_known_claims(view, vocabulary)
        parts: list[tuple[FieldPath, list[str]]] = [(at, scene.claims)]
        parts += [((*at, "statement", i), s.claims) for i, s in enumerate(scene.statement)]
        for place, claims in parts:
            for claim in claims:
                if claim not in known:
                    then = " as it stood then" if view.as_of else ""
                    why = f"there is no claim {claim!r} in the data{then}; correct it"
                    yield fault((*place, "claims"), why)


def _parse_link(link: str, vocabulary: LinkVocabulary) -> tuple[View, tuple[str, ...]]:
    page, _, query = link.partition("?")
    page = page.strip().strip("/") or first_page().path
    view, unknown = _drop_unknown_states(from_query(query, page=page)[0], vocabulary)
    then = vocabulary.as_of(view.as_of)
    read, notices = from_query(query, page=page, vocabulary=then)
    view = replace(read, as_of=view.as_of, compare_as_of=view.compare_as_of)
    notices = (*notices, *unknown)
    if page not in {spec.path for spec in list_pages() if not spec.fullscreen}:
        notices = (*notices, f"There is no page {page!r}.")
    # A briefing outlives the data that it was made on; its claims are checked one by one.
    return view, tuple(notice for notice in notices if "made on other data" not in notice)


def _drop_unknown_states(view: View, vocabulary: LinkVocabulary) -> tuple[View, tuple[str, ...]]:
    """Return a view without the states of the reports that are not known, and why they are not."""
    notices = []
    for name in ("as_of", "compare_as_of"):
        try:
            vocabulary.as_of(getattr(view, name))
        except ViewError as error:
            notices.append(str(error))
            view = (
                replace(view, as_of=None) if name == "as_of" else replace(view, compare_as_of=None)
            )
    return view, tuple(notices)


def _list_known_claims(view: View, vocabulary: LinkVocabulary) -> frozenset[str]:
    """Return the claims that a scene may rest on: of the reports as its view shows them."""
    states = {view.as_of, view.compare_as_of or view.as_of}
    shown = [vocabulary.as_of(state) for state in states]
    return frozenset().union(*(one.claims - one.places for one in shown))


def _build_scene(record: _SceneRecord, vocabulary: LinkVocabulary) -> Scene:
    return Scene(
        id=record.id,
        view=_parse_link(record.link, vocabulary)[0],
        headline=Statement(record.headline, tuple(record.claims)),
        statements=tuple(Statement(s.says, tuple(s.claims)) for s in record.statement),
        notes=record.notes,
    )


def locate_fields(text: str) -> dict[FieldPath, int]:
    """Return the line numbers of the tables and keys of a valid TOML text.

    Returns
    -------
    dict
        Line number from 1, by path as in pydantic: ("scene", 0, "statement", 1, "claims").
    """
    lines: dict[FieldPath, int] = {}
    at: FieldPath = ()
    counts: Counter[FieldPath] = Counter()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if table := _TABLE.match(line):
            at = _locate_table(re.split(r"\s*\.\s*", table[1]), counts)
            lines[at] = number
        elif key := _KEY.match(line):
            lines.setdefault((*at, key[1]), number)
            opened = next((mark for mark in _LONG if key[2].startswith(mark)), "")
            inside = opened if opened and opened not in key[2][3:] else ""
    return lines


def _locate_table(names: list[str], counts: Counter[FieldPath]) -> FieldPath:
    """Return the path of the next table of an array."""
    at: FieldPath = ()
    for name in names[:-1]:
        at = (*at, name, max(counts[(*at, name)] - 1, 0))
    array = (*at, names[-1])
    counts[array] += 1
    return (*array, counts[array] - 1)


def write_briefing(briefing: Briefing) -> str:
    """Return a briefing as TOML; reading it again gives an equal one."""
    record = {
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "scene": [_build_scene_record(scene) for scene in briefing.scenes],
    }
    return _HEAD + tomli_w.dumps(record, multiline_strings=True)


def _build_scene_record(scene: Scene) -> dict[str, Any]:
    query = to_query(scene.view, explicit=True)
    return {
        "id": scene.id,
        "link": f"{scene.view.page}?{query}",
        "headline": scene.headline.says,
        "claims": list(scene.headline.claims),
        "notes": scene.notes,
        "statement": [{"says": one.says, "claims": list(one.claims)} for one in scene.statements],
    }
