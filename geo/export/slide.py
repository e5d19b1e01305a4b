"""Build the slide model that screen, image, PowerPoint and HTML exports share.

All its content comes from one Selection and is plain text without markup.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import summary
from geo.builtin_layers import find_evidence, find_store
from geo.compare import NOT_OBSERVED, compare_views
from geo.evidence.rating_words import list_ratings
from geo.export.data.cell_types import clean_text
from geo.export.data.citations import Citation, list_citations
from geo.export.layout.panel_model import PanelContent
from geo.export.lists_shown import shows_lists
from geo.export.slide_image import CopyReader, SlideImage, find_slide_image
from geo.mapping.basemap_files import write_base_credit
from geo.mapping.legend import LegendEntry, build_legend
from geo.page_registry import PageSpec, build_frame, find_page
from geo.selection import CLAIMS, Selection, select
from geo.store import Query
from geo.text import formatting
from geo.text.direction import keep_apart
from geo.view import View, to_query

if TYPE_CHECKING:
    from geo.briefing import Scene
    from geo.evidence import Evidence
    from geo.mapping.folium_map import MapExtent
    from geo.store import LayerStore

REMARK = "Reported facts, not verified by the makers of this map."
_NAMED = 6


@dataclass(frozen=True)
class Question:
    """A question on which sources differ, with a short summary of their answers."""

    id: str
    question: str
    answers: str


@dataclass(frozen=True)
class Block:
    """A part of a slide without a map: a question, or a report that answers it."""

    title: str = ""
    text: str = ""
    note: str = ""
    stance: str = ""


@dataclass(frozen=True)
class PlayedDays:
    """Which of the days of a playback a slide shows: the share of all of them, from 0 to 1.

    `whole` has all of them, whose map the slide's map is fitted to.
    """

    share: tuple[float, float]
    whole: Selection


@dataclass(frozen=True)
class Slide:
    """A slide: its view, texts and sources.

    Attributes
    ----------
    key : str
        The scene's id, or the page's path.
    window, counted : str
        The date range, and "N of M reports".
    unseen : str
        Systems that earlier reports name and those of the chosen days do not; may be empty.
    sources, citations, references : tuple of str
        Each source of a claim shown or named, in order: publisher and date; with its URL; with
        a remark on its date and its claims shown.
    ratings : tuple of str
        Each rating of a report shown, in words, with the ids of its claims; mostly none.
    claims : tuple of str
        Ids of the claims cited by headline and lines; all shown claims if there is no scene.
    parts : tuple of Slide
        Of Compare the left and the right window, each with a map; of Conflicts each question.
    blocks : tuple of Block
        What it shows instead of a map and a panel.
    image : SlideImage, optional
        Beside the chosen report, where it may be published.
    played : PlayedDays, optional
        Of a picture of an animation.
    playing : str
        That the stage plays the days which the slide shows at once; mostly empty.
    link : str
        URL of the page with every view parameter and the data version; relative if no server
        address is known.
    """

    key: str
    page: PageSpec
    view: View
    selection: Selection
    headline: str
    lines: tuple[str, ...]
    window: str
    counted: str
    legend: tuple[LegendEntry, ...]
    questions: tuple[Question, ...]
    unseen: str
    sources: tuple[str, ...]
    citations: tuple[str, ...]
    references: tuple[str, ...]
    claims: tuple[str, ...]
    ratings: tuple[str, ...]
    notes: str
    link: str
    parts: tuple[Slide, ...] = ()
    blocks: tuple[Block, ...] = ()
    image: SlideImage | None = None
    played: PlayedDays | None = None
    playing: str = ""

    def add_image(self, read_copy: CopyReader | None) -> Slide:
        """Return the slide with the image of its chosen report, where that may be shown."""
        chosen = None if self.blocks else self.view.claim
        return replace(self, image=find_slide_image(chosen, self.selection.evidence, read_copy))

    @property
    def frame(self) -> MapExtent:
        """Map extent if the view has no camera."""
        return self.page.frame or build_frame()

    @property
    def still_lines(self) -> tuple[str, ...]:
        """The lines of what does not move, with the sentence on a playback."""
        return (*self.lines, self.playing) if self.playing else self.lines

    @property
    def fitted(self) -> Selection:
        """What the map's camera leaves room for: of an animation all that is played."""
        return self.played.whole if self.played else self.selection

    @property
    def credit(self) -> str:
        """Attribution of the base map, and the remark that reports are unverified."""
        return REMARK if self.blocks else f"{write_base_credit()} {REMARK}"

    @property
    def alt(self) -> str:
        """Alternative text of the map for screen readers."""
        if self.parts and not self.blocks:
            return " ".join(
                f"{part.key.capitalize()}: {part.window}. {part.alt}" for part in self.parts
            )
        rows, by_place = self.selection.rows, self.selection.by_place
        names = dict(zip(rows["place"], rows["place_name"], strict=True))
        counts = {f"{names[place]}": count for place, count in by_place.items() if place}
        places = ", ".join(
            f"{keep_apart(name)}: {count} {'report' if count == 1 else 'reports'}"
            for name, count in counts.items()
        )
        return f"Map. {self.page.about} {self.counted}. {places or 'No place'}."

    @property
    def panel(self) -> PanelContent:
        """Content of the side panel."""
        asked = tuple((one.question, one.answers) for one in self.questions)
        return PanelContent(self.legend, asked, self.unseen)

    @property
    def spoken(self) -> str:
        """Speaker notes, ratings, each source with its claims, the image's credit, the link."""
        link = formatting.explain_link(self.link)
        rated = ["Ratings", *(f"- {one}" for one in self.ratings)] if self.ratings else []
        sources = (f"- {one}" for one in self.references)
        image = self.image.described if self.image else ""
        parts = [self.notes, *rated, "Sources", *sources, image, link]
        return "\n".join(part for part in parts if part)


def build_slide(
    view: View,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene | None = None,
    address: str = "",
    selection: Selection | None = None,
) -> Slide:
    """Build the slide of a view.

    The scene gives headline, lines and notes, and `view` should be its view. The server address,
    such as http://127.0.0.1:8501, is the prefix of the link. `selection` is what is shown, if that
    is not what the view selects.
    """
    page = find_page(view.page)
    store = find_store(store, view.as_of)
    evidence = find_evidence(store) if view.as_of else evidence
    selection = selection or select(view.narrow_to_places(page.places), store)
    entries = list_citations(selection, evidence)
    named = tuple(claim for claim in scene.claims if claim not in selection.ids) if scene else ()
    if named:
        extra = replace(selection, rows=store.read(CLAIMS, Query(ids=named)))
        entries = [*entries, *list_citations(extra, evidence)]
    window = summary.format_day_range(selection)
    shared = view.to_share(store.shared_version())
    title = summary.build_title(selection, page.heading)
    return Slide(
        key=scene.id if scene else page.path,
        page=page,
        view=view,
        selection=selection,
        headline=clean_text(scene.headline.says if scene else title),
        lines=_lines(selection, scene),
        window=f"{window[:1].upper()}{window[1:]}" or "all dates",
        counted=summary.count_reports(selection),
        legend=tuple(
            build_legend(selection, listed=shows_lists(view, page.frame or build_frame()))
        ),
        questions=_questions(selection, evidence),
        unseen=_unseen(selection, store),
        sources=tuple(dict.fromkeys(_name_source(e) for e in entries)),
        citations=tuple(dict.fromkeys(_cited(e) for e in entries)),
        references=tuple(f"{_cited(e)} {e.remark}" for e in entries),
        claims=scene.claims if scene else selection.ids,
        ratings=tuple(map(clean_text, list_ratings(selection.rows, evidence.vocabulary_by_id))),
        notes=clean_text(scene.notes if scene else ""),
        link=f"{address.rstrip('/')}/{page.path}?{to_query(shared, explicit=True)}",
    )


def _name_source(entry: Citation) -> str:
    named = keep_apart(entry.named)
    return f"{named}, {entry.dated}" if entry.publisher else named


def _cited(entry: Citation) -> str:
    return f"{_name_source(entry)}{f', {entry.url}' if entry.url else ''}."


def _lines(selection: Selection, scene: Scene | None) -> tuple[str, ...]:
    says = [one.says for one in scene.statements] if scene else [summary.build_subtitle(selection)]
    if selection.unreadable:
        names = ", ".join(selection.unreadable)
        says.append(f"Not drawn, since it could not be read when this was made: layer {names}.")
    return tuple(clean_text(one) for one in says)


def _questions(selection: Selection, evidence: Evidence) -> tuple[Question, ...]:
    """Return the related questions, sorted by share of their claims shown, descending."""
    shown = set(selection.ids)
    touched = [one for one in evidence.conflicts if one.id in selection.conflicts]
    touched.sort(key=lambda one: -len(shown.intersection(one.claims)) / len(one.claims))
    return tuple(
        Question(one.id, clean_text(one.question), clean_text(one.note)) for one in touched
    )


def _unseen(selection: Selection, store: LayerStore) -> str:
    """Return a sentence on systems named on the last earlier day but not on the chosen days."""
    view = selection.view
    if view.date_from is None:
        return ""
    earlier = replace(view, date_from=None, date_to=None)
    days = [day for day in select(earlier, store).days.by_day if day < view.date_from]
    if not days:
        return ""
    before = replace(view, date_from=days[-1], date_to=days[-1])
    found = compare_views(before, view, store).changes
    names = sorted({one.system for one in found if one.change == NOT_OBSERVED})
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    last = formatting.format_day(days[-1], year=False)
    return (
        f"{', '.join(names[:_NAMED])}{more}: named on {last}, "
        "not in the reports of these days. No sign that they had gone."
    )
