"""The list of pages, from which navigation, maps and tests are built."""

from dataclasses import dataclass

from geo.mapping.folium_map import MapExtent
from geo.settings import ROOT


@dataclass(frozen=True)
class PageSpec:
    """A page: its path, description, and the initial extent of its map.

    The heading begins its headline, and is empty where the days alone make it. A fullscreen page
    has no navigation and no sidebar.
    """

    path: str
    about: str
    places: tuple[str, ...] = ()
    frame: MapExtent | None = None
    heading: str = ""
    fullscreen: bool = False

    @property
    def title(self) -> str:
        """The page's name in the navigation."""
        return self.path.capitalize()

    @property
    def script(self) -> str:
        """The page's script."""
        return str(ROOT / "pages" / f"{self.path}.py")


COMPARE, CONFLICTS = "compare", "conflicts"  # paths of the pages that show more than one Selection
WEST_SYRIA = MapExtent((34.6, 33.42, 37.5, 35.72))
KHMEIMIM = MapExtent((35.934, 35.3845, 35.962, 35.418), ("airfield",), listed=True)
TARTUS = MapExtent((35.66, 34.80, 36.06, 35.045), ("rings",))
ROAD_TOWNS = ("Damascus", "Al-Qutayfah", "An-Nabk", "Hisyah", "Homs", "Tartus", "Baniyas", "Jableh")
CONVOYS = MapExtent((35.55, 33.45, 37.25, 35.45), towns=ROAD_TOWNS)

PAGES = (
    PageSpec(
        "overview",
        "Western Syria: the two bases, the road, and what was reported day by day.",
        frame=WEST_SYRIA,
    ),
    PageSpec(
        "khmeimim",
        "The air base: what was reported within it, by system and by day.",
        ("khmeimim",),
        KHMEIMIM,
        "Khmeimim air base",
    ),
    PageSpec(
        "tartus",
        "The naval base, the waters off it, and distances from it.",
        ("tartus", "tartus-offshore"),
        TARTUS,
        "Tartus naval base",
    ),
    PageSpec(
        "convoys",
        "The road north from Damascus to Homs, and what the videos show and do not show.",
        ("convoy-damascus-homs",),
        CONVOYS,
        "The road north",
    ),
    PageSpec(COMPARE, "Two days, or two windows of days, side by side, and what differs in words."),
    PageSpec(CONFLICTS, "Where sources differ: each question beside the reports that answer it."),
    PageSpec(
        "evidence",
        "The ledger: every report, with its source, as it was reported.",
        heading="The ledger",
    ),
    PageSpec("layers", "Layers of your own: a file is brought, looked at, corrected, accepted."),
    PageSpec("briefing", "Scenes in their order: worded, kept as a file, taken away as slides."),
    PageSpec(
        "present",
        "A briefing, scene by scene: one map that flies, with its words beside it.",
        fullscreen=True,
    ),
    PageSpec("about", "How this map is made, its sources, its classes of precision, its licences."),
)


def find_page(path: str) -> PageSpec:
    """Return the page of that path; the first page for an empty or unknown one."""
    return next((page for page in PAGES if page.path == path), PAGES[0])
