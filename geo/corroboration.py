"""Group reports on the same thing and count their independent origins of evidence.

Two articles that read the same image are one origin, not two: origins are counted, not articles.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from geo.selection import Selection


@dataclass(frozen=True)
class ReportGroup:
    """Claims of more than one source about one thing, at one place, on one day."""

    thing: str
    place: str
    day: dt.date
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    origins: tuple[str, ...]

    @property
    def independent(self) -> bool:
        """Whether the claims rest on more than one origin of evidence."""
        return len(self.origins) > 1


def group_reports(selection: Selection) -> tuple[ReportGroup, ...]:
    """Group the claims of more than one source on the same thing, place and day.

    Only claims of a single known day are grouped: two spans may mean different moments.
    """
    found: dict[tuple[dt.date, str, str], list[Any]] = {}
    for row in selection.rows.itertuples():
        if row.date_class != "day" or row.evidence == "background":
            continue
        place = row.place_name if isinstance(row.place_name, str) else ""
        for thing in row.systems or (row.subject,):
            found.setdefault((row.observed_to.date(), thing, place), []).append(row)
    return tuple(
        ReportGroup(
            thing,
            place,
            day,
            tuple(row.id for row in rows),
            tuple(sorted({row.publisher for row in rows})),
            tuple(sorted({origin for row in rows for origin in row.origins})),
        )
        for (day, thing, place), rows in sorted(found.items())
        if place and len({row.source for row in rows}) > 1
    )
