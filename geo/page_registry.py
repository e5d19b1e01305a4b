"""The list of pages, from which navigation, maps and tests are built.

A case has map pages of its own (case.json); the others are the same for every case.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.evidence.case import Case, CasePage, builtin_case
from geo.mapping.folium_map import MapExtent
from geo.settings import ASSETS, ROOT, case_folder

PAGES_FOLDER = ROOT / "pages"
MAP_PAGE = "map_page"  # the script of a map page that has none of its own
COMPARE, CONFLICTS, EVIDENCE = "compare", "conflicts", "evidence"
PRESENT = "present"


@dataclass(frozen=True)
class PageSpec:
    """A page: its path, description, and the initial extent of its map.

    The heading begins its headline, and is empty where the days alone make it. A fullscreen page
    has no navigation and no sidebar. `sections` and `not_shown` are those of `CasePage`.
    """

    path: str
    about: str
    places: tuple[str, ...] = ()
    frame: MapExtent | None = None
    heading: str = ""
    fullscreen: bool = False
    name: str = ""
    script_name: str = ""
    sections: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The page's name in the navigation."""
        return self.name or self.path.capitalize()

    @property
    def script(self) -> str:
        """The page's script."""
        return str(PAGES_FOLDER / f"{self.script_name or self.path}.py")


_FIXED = (
    PageSpec(COMPARE, "Two days, or two windows of days, side by side, and what differs in words."),
    PageSpec(CONFLICTS, "Where sources differ: each question beside the reports that answer it."),
    PageSpec(
        EVIDENCE,
        "The ledger: every report, with its source, as it was reported.",
        heading="The ledger",
    ),
    PageSpec("layers", "Layers of your own: a file is brought, looked at, corrected, accepted."),
    PageSpec("briefing", "Scenes in their order: worded, kept as a file, taken away as slides."),
    PageSpec(
        PRESENT,
        "A briefing, scene by scene: one map that flies, with its words beside it.",
        fullscreen=True,
    ),
    PageSpec("about", "How this map is made, its sources, its classes of precision, its licences."),
)


def list_pages() -> tuple[PageSpec, ...]:
    """Return the pages in the order of the navigation; the first one is the home page.

    An EvidenceError is raised if the case cannot be read.
    """
    return _build_pages(case_folder())


@lru_cache(maxsize=8)
def _build_pages(folder: Path) -> tuple[PageSpec, ...]:
    case, has_scripts = builtin_case(), folder == ASSETS / "case"
    return (*(_build_page(one, case, has_scripts) for one in case.pages), *_FIXED)


def _build_page(page: CasePage, case: Case, has_scripts: bool) -> PageSpec:
    flags = {"airfield": page.airfield, "rings": page.rings, "locator": page.locator}
    frame = MapExtent(
        page.bounds or case.frame,
        tuple(name for name, drawn in flags.items() if drawn),
        page.towns,
        page.listed,
    )
    own = has_scripts and (PAGES_FOLDER / f"{page.path}.py").is_file()
    return PageSpec(
        page.path,
        page.about,
        page.places,
        frame,
        page.heading,
        name=page.title or "",
        script_name="" if own else MAP_PAGE,
        sections=page.sections,
        not_shown=page.not_shown,
    )


def first_page() -> PageSpec:
    """Return the home page."""
    return list_pages()[0]


def find_page(path: str) -> PageSpec:
    """Return the page of that path; the first page for an empty or unknown one."""
    pages = list_pages()
    return next((page for page in pages if page.path == path), pages[0])


def build_frame(*, lock: bool = False, stage: bool = False) -> MapExtent:
    """Return the map extent of the whole case, with the options of `MapExtent`."""
    return MapExtent(builtin_case().frame, lock=lock, stage=stage)
