"""Reading a briefing: every fault at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from geo.briefing import models
from geo.briefing.models import Briefing, Scene, Statement, slug
from geo.briefing.toml_lines import lines_of
from geo.errors import BriefingError
from geo.page_registry import PAGES
from geo.settings import ASSETS
from geo.view import from_query

if TYPE_CHECKING:
    from geo.view import LinkVocabulary, View

FOLDER = ASSETS / "scenes"
LARGEST = 1_000_000  # bytes
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
    """What is wrong with a briefing's file: where, what, and what to do.

    Attributes
    ----------
    line : int or None
        Line of the file, from 1; None where the fault is of no single line.
    """

    line: int | None
    field: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}, " if self.line else ""
        return f"{where}{self.field}: {self.why}" if self.field else f"{where}{self.why}"


def read_briefing(text: str | bytes, name: str, known: LinkVocabulary) -> Briefing:
    """Read a briefing from TOML.

    Parameters
    ----------
    text : str or bytes
        Bytes must be UTF-8.
    name : str
        What the briefing is called in links; made from a file's name.
    known : geo.view.Known
        What links and statements may name.

    Raises
    ------
    geo.errors.BriefingError
        With every fault, each in a sentence that begins with its line.
    """
    text = _decoded(text)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = re.search(r"at line (\d+)", str(error))
        why = f"it is not TOML here ({error}); mend that line, or download the briefing again"
        raise _refused([BriefingFault(int(where[1]) if where else None, "", why)]) from error
    lines = lines_of(text)
    try:
        record = _BriefingRecord.model_validate(raw)
    except ValidationError as error:
        raise _refused(_shape_faults(error, lines)) from error
    faults = [*_scene_faults(record, known, lines)]
    if faults:
        raise _refused(faults)
    made = tuple(_scene(one, known) for one in record.scene)
    return Briefing(slug(name) or "briefing", record.title, record.subtitle, made)


def open_briefing(name: str, known: LinkVocabulary) -> Briefing:
    """Open a shipped briefing by its name, or a file by its path.

    Raises
    ------
    geo.errors.BriefingError
        If there is none, or it has faults.
    """
    path = FOLDER / f"{name}.toml" if name in shipped_briefings() else Path(name)
    try:
        text = path.read_bytes()
    except OSError as error:
        shipped = ", ".join(shipped_briefings())
        msg = (
            f"There is no briefing {name!r} ({error.strerror}). Name a file, or one of: {shipped}."
        )
        raise BriefingError(msg) from error
    return read_briefing(text, path.stem, known)


@lru_cache(maxsize=1)
def shipped_briefings() -> tuple[str, ...]:
    """Return the names of the briefings that come with the map."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _decoded(text: str | bytes) -> str:
    if len(text) > LARGEST:
        why = f"it has {len(text):,} bytes, more than the {LARGEST:,} that are read; part it in two"
        raise _refused([BriefingFault(None, "the file", why)])
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise _refused(
            [BriefingFault(line, "", "it is not UTF-8 here; save the file as UTF-8")]
        ) from error


def _refused(faults: list[BriefingFault]) -> BriefingError:
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    told = "\n".join(f"- {fault}" for fault in sorted(faults, key=lambda f: f.line or 0))
    return BriefingError(f"This briefing cannot be used, it has {count}:\n{told}")


def _shape_faults(error: ValidationError, lines: dict[tuple, int]) -> list[BriefingFault]:
    return [
        BriefingFault(_line(lines, fault["loc"]), _spoken(fault["loc"]), _why(fault))  # type: ignore[arg-type]
        for fault in error.errors(include_url=False)
    ]


def _why(fault: dict[str, Any]) -> str:
    if fault["type"] == "missing":
        return "it is missing; add it"
    if fault["type"] == "extra_forbidden":
        return "no such field is known; take it out, or mend its name"
    given = repr(fault["input"])
    given = f"{given[:60]}…" if len(given) > 60 else given
    return f"{given} cannot be used: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _line(lines: dict[tuple, int], place: tuple) -> int | None:
    """Return the line of a field, or of what it stands in."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return None


def _spoken(place: tuple) -> str:
    """Return a field's place in words: "scene 3, statement 1, claims"."""
    parts: list[str] = []
    for part in place:
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        else:
            parts.append(str(part))
    return ", ".join(parts)


def _scene_faults(
    record: _BriefingRecord, known: LinkVocabulary, lines: dict[tuple, int]
) -> Iterator[BriefingFault]:
    seen: set[str] = set()

    def fault(why: str, *place: Any) -> BriefingFault:
        return BriefingFault(_line(lines, place), _spoken(place), why)

    for number, scene in enumerate(record.scene):
        at = ("scene", number)
        if scene.id in seen:
            yield fault(f"{scene.id!r} is the id of an earlier scene; choose another", *at, "id")
        seen.add(scene.id)
        for notice in _view(scene.link, known)[1]:
            yield fault(notice, *at, "link")
        parts: list[tuple[tuple, list[str]]] = [(at, scene.claims)]
        parts += [((*at, "statement", i), s.claims) for i, s in enumerate(scene.statement)]
        for place, claims in parts:
            for claim in claims:
                if claim not in known.claims or claim in known.places:
                    yield fault(f"there is no claim {claim!r} in the data", *place, "claims")


def _view(link: str, known: LinkVocabulary) -> tuple[View, tuple[str, ...]]:
    page, _, query = link.partition("?")
    page = page.strip().strip("/") or PAGES[0].path
    view, notices = from_query(query, page=page, known=known)
    if page not in {spec.path for spec in PAGES if not spec.bare}:
        notices = (*notices, f"There is no page {page!r}.")
    # A briefing outlives the data that it was made on; its claims are checked one by one.
    return view, tuple(notice for notice in notices if "made on other data" not in notice)


def _scene(record: _SceneRecord, known: LinkVocabulary) -> Scene:
    return Scene(
        id=record.id,
        view=_view(record.link, known)[0],
        headline=Statement(record.headline, tuple(record.claims)),
        statements=tuple(Statement(s.says, tuple(s.claims)) for s in record.statement),
        notes=record.notes,
    )
