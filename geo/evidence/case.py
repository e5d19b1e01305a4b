"""The case: what one story has beside its records, from its file case.json.

Its name and time zone, its sets of sources, its pages with their map extents, its range rings.
Coordinates are EPSG:4326, longitude before latitude; a box whose xmin is above its xmax crosses
the 180th meridian.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from geo.case_file import ALL, CASE_FILE
from geo.errors import EvidenceError, ViewError
from geo.evidence.case_rules import CASE_RULES, PAGE_RULES, PagePath, SetId, Zone
from geo.evidence.json_records import RecordFault, RecordTable, read_records
from geo.evidence.record import Bearing, Bounds, Day, Id, Point, Record, Text
from geo.settings import case_folder

Section = Literal["table", "systems by day", "legs of roads", "videos"]
SECTIONS: tuple[str, ...] = get_args(Section)


class SourceSet(Record):
    """A set of sources that readers may choose: its id is in links, its label on the screen.

    The one with `default` is shown at first; without one, all sets are. `kind` is the kind of all
    its sources. With `id_prefix` "ext-" its reports are ext-NN; statements of one report
    are ext-NNa, ext-NNb.
    """

    id: SetId
    label: Text
    note: Text | None = None
    kind: Text | None = None
    default: bool = False
    id_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+-$")] | None = None


class CasePage(Record):
    """A page with a map. The first page is the home page, and is about all places.

    Attributes
    ----------
    path : str
        Its address, lower case: letters, digits and hyphens.
    title : str, optional
        Its name in the navigation; the path with a capital letter if there is none.
    about : str
        A sentence on what it shows.
    heading : str
        Begins its headline; empty where the days alone make it.
    places : tuple of str
        The places whose reports it shows; empty for all.
    bounds : tuple of float, optional
        Extent of its map; the frame of the case if there is none.
    towns : tuple of str
        Towns of the base map that are named from afar too.
    airfield, rings, listed : bool
        Whether it draws runways, range rings, and leaves room for the list of reports.
    locator : bool
        Whether a small map of the country shows where its map is.
    sections : tuple of str
        What stands below the map, in order.
    not_shown : tuple of str
        Reports that say what videos leave open, for the section "videos".
    """

    RULES = PAGE_RULES

    path: PagePath
    title: Text | None = None
    about: Text
    heading: str = ""
    places: tuple[Id, ...] = ()
    bounds: Bounds | None = None
    towns: tuple[Text, ...] = ()
    airfield: bool = False
    rings: bool = False
    listed: bool = False
    locator: bool = False
    sections: tuple[Section, ...] = ("table",)
    not_shown: tuple[Id, ...] = ()


class Rings(Record):
    """Range rings round a place: radii in metres, and the true bearing of their labels."""

    centre: Id
    radii_m: Annotated[tuple[Annotated[float, Field(gt=0, le=2_000_000)], ...], Field(min_length=1)]
    label_bearing: Bearing = 225


class Country(Record):
    """The country of the case, by which swapped coordinates of an upload are detected.

    `names` is how files write it, `point` is within it, `bounds` is a box round it.
    """

    RULES = PAGE_RULES

    name: Text
    names: tuple[Text, ...]
    point: Point
    bounds: Bounds


class AboutRemark(Record):
    """A paragraph of the About page, with the words that it begins with in bold."""

    heading: Text
    text: Text


class Case(Record):
    """What a case has beside its records.

    Attributes
    ----------
    title : str
        Its name, after the page's own in the browser's title.
    about : str
        First sentence of the About page.
    remarks : tuple of AboutRemark
        Paragraphs after its method.
    time_zone : str
        IANA name; days are cut in it where a layer names no zone of its own.
    frame : tuple of float
        Extent of the whole.
    study_area : tuple of float, optional
        Uploads are expected in it; the frame if there is none.
    country : Country, optional
        By which swapped coordinates are detected.
    crs : tuple of str
        Codes of coordinate systems that are suggested for uploads in metres without one, such as
        EPSG:32637; empty for the UTM zones of the study area.
    search_hint : str
        Examples in the empty search field.
    default_days : tuple of date, optional
        First and last day to choose from while no report has a day.
    briefing : str, optional
        The built-in briefing that is opened first, a file of scenes/ without its ending.
    source_sets : tuple of SourceSet
        In the order of the choice.
    all_sources : str
        Label of the choice of all sets.
    credits : str
        Where towns, roads and other geography of the records are from, with their licences.
    rings : Rings, optional
        Range rings round one place.
    pages : tuple of CasePage
        In the order of the navigation.
    """

    RULES = CASE_RULES

    title: Text
    about: str = ""
    remarks: tuple[AboutRemark, ...] = ()
    time_zone: Zone = "UTC"
    frame: Bounds
    study_area: Bounds | None = None
    country: Country | None = None
    crs: tuple[Text, ...] = ()
    search_hint: str = ""
    default_days: tuple[Day, Day] | None = None
    briefing: Text | None = None
    source_sets: Annotated[tuple[SourceSet, ...], Field(min_length=1)]
    all_sources: Text = "All"
    credits: str = ""
    rings: Rings | None = None
    pages: Annotated[tuple[CasePage, ...], Field(min_length=1)]

    @property
    def first_page(self) -> str:
        """Path of the home page."""
        return self.pages[0].path

    @property
    def default_sources(self) -> str:
        """What a link without sources shows: the id of a set, or "all"."""
        if len(self.source_sets) == 1:
            return ALL
        return next((one.id for one in self.source_sets if one.default), ALL)

    @property
    def source_names(self) -> tuple[str, ...]:
        """What a link may name as its sources: the ids of the sets, and "all"."""
        return (*(one.id for one in self.source_sets), ALL)

    def find_sources(self, name: str) -> str:
        """Return the sources of a view for what a link names; the default for an empty name.

        With a single set, its id means the same as "all". A ViewError is raised for other names.
        """
        if name and name not in self.source_names:
            raise ViewError(f"No sources {name!r}; choose one of {', '.join(self.source_names)}.")
        return name if name and len(self.source_sets) > 1 else self.default_sources

    @property
    def source_choices(self) -> dict[str, str]:
        """Label of each choice of sources by its value in links, in order, all of them last.

        A case of one set has one choice, which is none.
        """
        if len(self.source_sets) == 1:
            return {ALL: self.all_sources}
        return {one.id: one.label for one in self.source_sets} | {ALL: self.all_sources}

    def find_set(self, name: str) -> SourceSet | None:
        """Return a set of sources by its id."""
        return next((one for one in self.source_sets if one.id == name), None)


def read_case(folder: Path) -> RecordTable[Case]:
    """Read case.json of a folder, with its faults."""
    table = read_records(folder / CASE_FILE, "case", Case)
    if len(table.records) != 1 and not table.faults:
        value, remedy = f"{len(table.records)} found", 'write {"case": {...}}'
        table.add_fault("", "case", "the file describes exactly one case", value, remedy)
    for case in table.records:
        name = case.briefing
        if name and not (folder / "scenes" / f"{name}.toml").is_file():
            why, remedy = "no such file in scenes/", "put it there or write null"
            table.add_fault(case.title, "briefing", why, repr(name), remedy)
    return table


def builtin_case() -> Case:
    """Return the case that this process shows; an EvidenceError names every fault of its file."""
    return _load_case(case_folder())


@lru_cache(maxsize=8)
def _load_case(folder: Path) -> Case:
    table = read_case(folder)
    if table.faults:
        raise EvidenceError(describe_faults(table.faults, folder))
    return table.records[0]


def describe_faults(faults: list[RecordFault], folder: Path) -> str:
    """Return a message with the faults of a folder, one a line."""
    things = "thing is" if len(faults) == 1 else "things are"
    lines = "\n".join(str(fault) for fault in faults)
    return f"{len(faults)} {things} wrong with the evidence in {str(folder)!r}:\n{lines}"
