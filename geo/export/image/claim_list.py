"""Draw the list of reported systems beside a place's outline.

No source gives a position inside the outline, so the list replaces points. It has the lines of the
browser's list, the latest days first: a system with count, state, days and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.evidence.day_precision import DAY, format_days
from geo.export.image.display_list import Box, DisplayList, Shape, rounded
from geo.export.image.fonts import BOLD, ITALIC, MEDIUM, SANS, Face
from geo.export.image.icons import day_mark, sign
from geo.export.image.map_claims import MapClaims, Site
from geo.export.layout.claim_lines import ClaimLine, ShownDays, join_claims, name_common_days
from geo.export.layout.text import cut_line
from geo.mapping.design import TYPE
from geo.mapping.symbols import REVIEW

LINE = 26.0  # pixels of one line on a screen
WIDEST = 420.0
_PAD, _GAP, _SIGN = 8.0, 7.0, 18.0
_TEXT, _SMALL = float(TYPE["label"]), float(TYPE["note"])
_MARK, _HEAD = 20.0, 0.8  # width of a mark of time; height of the head, in lines


@dataclass(frozen=True)
class ListedClaim:
    """One line of the list: a system, with texts in their typefaces and colours.

    `days` says when, and how many reports share the line; `kind` how exactly the day is known, with
    `hold` for how much of the possible days is shown.
    """

    stance: str
    evidence: str
    texts: tuple[tuple[str, Face, str], ...]
    days: str
    kind: str
    hold: float
    strength: float

    @property
    def face(self) -> Face:
        """The typeface of the days: slanted where the day is not known exactly."""
        return SANS if self.kind == DAY else ITALIC

    def days_width(self, scale: float) -> float:
        """Return the width of the days with their mark, pixels."""
        mark = _MARK if self.kind != DAY else 0.0
        width = self.face.width(self.face.printable(self.days)) * _SMALL if self.days else 0.0
        return scale * (mark + width + (5.0 if mark and width else 0.0))

    def width(self, scale: float) -> float:
        """Return the width of the uncut line, pixels."""
        sized = [(text, face, _TEXT) for text, face, _ in self.texts]
        wide = 0.0
        for text, face, size in sized:
            wide += face.width(face.printable(text)) * size + _GAP if text else 0.0
        days = self.days_width(1.0) + 2 * _GAP
        return scale * (2 * _PAD + _SIGN + _GAP + wide + days + _SIGN + 6)


def entries_of(site: Site) -> list[ListedClaim]:
    """Return the lines of a place, the latest days first."""
    lines = join_claims(site.reports)
    _, common = name_common_days(lines, site.shown)
    return [_entry(line, site.shown, common) for line in lines]


def _entry(line: ClaimLine[MapClaims], shown: ShownDays, common: str) -> ListedClaim:
    some, first = line.claims, line.claims[0]
    codes = {one.code for one in some}
    code = codes.pop() if len(codes) == 1 else ""
    mark = next((REVIEW[one.review][1] for one in some if one.review), "")
    days = format_days(line.days, years=shown.years)
    reports = f"{len(some)} reports" if len(some) > 1 else ""
    return ListedClaim(
        stance=first.stance,
        evidence=first.evidence,
        texts=(
            (line.system, BOLD, "ink"),
            (f"× {first.count}" if first.count else "", MEDIUM, "ink"),
            (code, SANS, "faint"),
            (mark, ITALIC, "ink"),
            (first.state, SANS, "muted"),
        ),
        days=", ".join(one for one in (days if days != common else "", reports) if one),
        kind=first.days.kind,
        hold=max(one.days.compute_strength(shown.start, shown.end) for one in some),
        strength=max(one.strength for one in some),
    )


@dataclass(frozen=True)
class ClaimList:
    """A list with its size, before it is positioned; `more` lines did not fit.

    `head` is written above the lines: the day that they share; empty for none.
    """

    entries: tuple[ListedClaim, ...]
    more: int
    width: float
    scale: float
    head: str = ""

    @property
    def height(self) -> float:
        """Height in pixels."""
        lines = len(self.entries) + (0.85 if self.more else 0) + (_HEAD if self.head else 0)
        return (lines * LINE + _PAD) * self.scale


def plan_claim_list(site: Site, scale: float, room: tuple[float, float]) -> ClaimList | None:
    """Return the list that fits into `room` (width, height; pixels); None if no line fits."""
    entries = entries_of(site)
    head, _ = name_common_days(join_claims(site.reports), site.shown)
    free = room[1] / scale - _PAD - (_HEAD * LINE if head else 0.0)
    fits = int(free // LINE)
    if fits < len(entries):
        fits = int((free - 0.85 * LINE) // LINE)
    widest = max((one.width(scale) for one in entries), default=0.0)
    width = min(room[0], WIDEST * scale, widest)
    if not entries or fits < 1 or width < 130 * scale:
        return None
    return ClaimList(tuple(entries[:fits]), len(entries[fits:]), width, scale, head)


def draw_claim_list(sheet: DisplayList, fan: ClaimList, x: float, y: float) -> Box:
    """Draw a list with its upper left corner at (x, y); return its bounding box."""
    k = fan.scale
    box = (x, y, x + fan.width, y + fan.height)
    sheet.add(Shape(rounded(box, 6 * k), fill="sheet", line="line", width=max(1.0, 0.8 * k)))
    top = y + 0.5 * _PAD * k
    if fan.head:
        foot = top + 0.62 * LINE * k
        sheet.write(fan.head, x + 1.3 * _PAD * k, foot, MEDIUM, _SMALL * k, "muted")
        top += _HEAD * LINE * k
    for position, entry in enumerate(fan.entries):
        _line(sheet, fan, entry, x, top + (position + 0.5) * LINE * k)
    if fan.more:
        foot = top + (len(fan.entries) + 0.6) * LINE * k
        text = f"and {fan.more} more"
        sheet.write(text, x + 1.3 * _PAD * k, foot, ITALIC, _SMALL * k, "muted")
    return box


def _line(sheet: DisplayList, fan: ClaimList, entry: ListedClaim, x: float, middle: float) -> None:
    k = fan.scale
    size, small, alpha = _TEXT * k, _SMALL * k, 0.35 + 0.65 * entry.strength
    foot = middle + 0.34 * _TEXT * k
    sign(sheet, "stance", entry.stance, x + (_PAD + _SIGN / 2) * k, middle, _SIGN * k, alpha)
    end = x + fan.width - (_PAD + _SIGN) * k
    sign(sheet, "evidence", entry.evidence, end + 0.5 * _SIGN * k, middle, 15 * k)
    at = x + (_PAD + _SIGN + _GAP) * k
    wide = entry.days_width(k)
    if wide:
        end -= _GAP * k
        sheet.write(entry.days, end, foot, entry.face, small, "muted", align="right")
        end -= wide
        if entry.kind != DAY:
            day_mark(sheet, entry.kind, end + 0.5 * _MARK * k, middle, _MARK * k, entry.hold)
    for text, face, colour in entry.texts:
        room = end - _GAP * k - at
        if text and room > 26 * k:
            shown = cut_line(text, face, size, room)
            at += sheet.write(shown, at, foot, face, size, colour, alpha=alpha).width
            at += _GAP * k
