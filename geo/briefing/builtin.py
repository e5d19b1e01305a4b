"""The built-in briefings of a case: its files scenes/*.toml, or one with a scene for each page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.briefing.models import HEADLINE, Briefing, Scene, Statement
from geo.briefing.toml_format import read_briefing
from geo.errors import BriefingError
from geo.evidence import builtin_evidence
from geo.page_registry import PageSpec, list_pages
from geo.settings import case_folder
from geo.view import View

if TYPE_CHECKING:
    from geo.evidence import Evidence
    from geo.link_vocabulary import LinkVocabulary

PAGES_BRIEFING = "pages"
"""Name of the briefing of a case that has no file of scenes."""
_NAMED = 3  # reports that a scene of it rests on


def open_briefing(
    name: str, vocabulary: LinkVocabulary, evidence: Evidence | None = None
) -> Briefing:
    """Open a built-in briefing by its name, or a file by its path.

    `evidence` is what the briefing of a case without a file of scenes rests on; by default the
    case's own, without what a ledger adds.

    Raises
    ------
    geo.errors.BriefingError
        If there is none, or it has faults.
    """
    folder = case_folder() / "scenes"
    if name == PAGES_BRIEFING and not _list_files(folder):
        return build_pages_briefing(evidence or builtin_evidence())
    path = folder / f"{name}.toml" if name in list_builtin_briefings() else Path(name)
    try:
        text = path.read_bytes()
    except OSError as error:
        built_in = ", ".join(list_builtin_briefings())
        msg = (
            f"There is no briefing {name!r} ({error.strerror}). Name a file, or one of: {built_in}."
        )
        raise BriefingError(msg) from error
    return read_briefing(text, path.stem, vocabulary)


def list_builtin_briefings() -> tuple[str, ...]:
    """Return the names of the built-in briefings, the one that is opened first at the start."""
    names = _list_files(case_folder() / "scenes")
    first = builtin_evidence().case.briefing
    return tuple(sorted(names, key=lambda name: name != first)) or (PAGES_BRIEFING,)


@lru_cache(maxsize=4)
def _list_files(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def build_pages_briefing(evidence: Evidence) -> Briefing:
    """Build a briefing with a scene for each map page on which something is reported."""
    pages = [page for page in list_pages() if page.frame]
    scenes = [scene for page in pages if (scene := _build_scene(page, evidence)).claims]
    return Briefing(
        PAGES_BRIEFING,
        evidence.case.title[:HEADLINE],
        scenes=tuple(scenes) or (_build_scene(pages[0], evidence),),
    )


def _build_scene(page: PageSpec, evidence: Evidence) -> Scene:
    """Build the scene of a page: what the page is about, resting on its first reports."""
    view = View(page=page.path)
    sets = {source.id: source.set for source in evidence.sources}
    claims = [
        one.id
        for one in evidence.claims
        if (not page.places or one.place in page.places)
        and view.sources in ("all", sets[one.source])
    ]
    return Scene(page.path, view, Statement(page.about[:HEADLINE], tuple(claims[:_NAMED])))
