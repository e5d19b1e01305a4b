"""Draw the list of reported systems beside a place's outline.

No source gives a position inside the outline, so the list replaces points. It has the lines of the
browser's list: one for each system, with count, state and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.export.image.display_list import Box, DisplayList, Shape, rounded
from geo.export.image.fonts import BOLD, ITALIC, MEDIUM, SANS, Face
from geo.export.image.icons import sign
from geo.export.image.map_claims import MapClaims, Site
from geo.export.layout.text import cut_line
from geo.mapping.symbols import REVIEW

LINE = 26.0  # pixels of one line on a screen
WIDEST = 420.0
_PAD, _GAP, _SIGN = 8.0, 7.0, 18.0
_TEXT, _SMALL = 15.0, 13.0


@dataclass(frozen=True)
class ListedClaim:
    """One line of the list: a system, with texts in their typefaces and colours."""

    stance: str
    evidence: str
    texts: tuple[tuple[str, Face, str], ...]
    reports: str
    strength: float

    def width(self, scale: float) -> float:
        """Return the width of the uncut line, pixels."""
        sized = [(text, face, _TEXT) for text, face, _ in self.texts]
        wide = 0.0
        for text, face, size in (*sized, (self.reports, SANS, _SMALL)):
            wide += face.width(face.printable(text)) * size + _GAP if text else 0.0
        return scale * (2 * _PAD + _SIGN + _GAP + wide + _SIGN + 6)


def entries_of(site: Site) -> list[ListedClaim]:
    """Return one line for each system, in order of first mention."""
    found: dict[str, list[MapClaims]] = {}
    for report in site.reports:
        for system in report.systems or ((report.subject,) if report.state else ()):
            found.setdefault(system, []).append(report)
    return [_entry(system, some) for system, some in found.items()]


def _entry(system: str, some: list[MapClaims]) -> ListedClaim:
    counts = {one.count for one in some if one.count}
    count = f"× {counts.pop()}" if len(counts) == 1 else ""
    codes = {one.code for one in some}
    code = codes.pop() if len(codes) == 1 else ""
    state = next((one.state for one in some if one.state), "")
    mark = next((REVIEW[one.review][1] for one in some if one.review), "")
    return ListedClaim(
        stance=some[0].stance,
        evidence=some[0].evidence,
        texts=(
            (system, BOLD, "ink"),
            (count, MEDIUM, "ink"),
            (code, SANS, "faint"),
            (mark, ITALIC, "ink"),
            (state, SANS, "muted"),
        ),
        reports=f"{len(some)} reports" if len(some) > 1 else "",
        strength=max(one.strength for one in some),
    )


@dataclass(frozen=True)
class ClaimList:
    """A list with its size, before it is positioned; `more` lines did not fit."""

    entries: tuple[ListedClaim, ...]
    more: int
    width: float
    scale: float

    @property
    def height(self) -> float:
        """Height in pixels."""
        lines = len(self.entries) + (0.85 if self.more else 0)
        return (lines * LINE + _PAD) * self.scale


def plan_claim_list(site: Site, scale: float, room: tuple[float, float]) -> ClaimList | None:
    """Return the list that fits into `room` (width, height; pixels); None if no line fits."""
    entries = entries_of(site)
    fits = int((room[1] / scale - _PAD) // LINE)
    if fits < len(entries):
        fits = int((room[1] / scale - _PAD - 0.85 * LINE) // LINE)
    widest = max((one.width(scale) for one in entries), default=0.0)
    width = min(room[0], WIDEST * scale, widest)
    if not entries or fits < 1 or width < 130 * scale:
        return None
    return ClaimList(tuple(entries[:fits]), len(entries[fits:]), width, scale)


def draw_claim_list(sheet: DisplayList, fan: ClaimList, x: float, y: float) -> Box:
    """Draw a list with its upper left corner at (x, y); return its bounding box."""
    k = fan.scale
    box = (x, y, x + fan.width, y + fan.height)
    sheet.add(Shape(rounded(box, 6 * k), fill="sheet", line="line", width=max(1.0, 0.8 * k)))
    top = y + 0.5 * _PAD * k
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
    if entry.reports and end - at > 190 * k:
        right = end - _GAP * k, foot
        words = sheet.write(entry.reports, *right, SANS, small, "faint", align="right", alpha=alpha)
        end = words.x - 0.4 * _GAP * k
    for text, face, colour in entry.texts:
        room = end - _GAP * k - at
        if text and room > 26 * k:
            shown = cut_line(text, face, size, room)
            at += sheet.write(shown, at, foot, face, size, colour, alpha=alpha).width
            at += _GAP * k
