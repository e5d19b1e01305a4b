"""Which columns hold dates, a label and an id, when nobody says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import blank, texts
from geo.ingest.base.diagnostics import Diagnostics, RawTable, listed
from geo.ingest.base.model import ImportOptions
from geo.ingest.base.safe_text import printable
from geo.ingest.detect import date_columns, date_formats
from geo.ingest.detect.date_columns import DateColumn
from geo.ingest.detect.known_schemas import GEOCONFIRMED, MatchedSchema, key

STARTS = (
    "datefrom",
    "startdate",
    "start",
    "begin",
    "datestart",
    "starttime",
    "begindate",
    "from",
    "fromdate",
    "observedfrom",
    "validfrom",
    "firstseen",
    "startedat",
    "beginning",
)
ENDS = (
    "dateto",
    "enddate",
    "end",
    "dateend",
    "endtime",
    "to",
    "todate",
    "until",
    "observedto",
    "validto",
    "lastseen",
    "endedat",
    "finish",
)
INSTANTS = (
    "date",
    "eventdate",
    "datetime",
    "timestamp",
    "time",
    "when",
    "day",
    "observed",
    "basedatetime",
    "acqdate",
    "dateevent",
    "observedon",
    "dateutc",
    "timeutc",
    "datetimeutc",
    "التاريخ",
    "дата",
    "datum",
    "fecha",
    "reported",
    "reportedon",
    "published",
    "created",
    "createdat",
    "updated",
)
LABELS = (
    "name",
    "title",
    "label",
    "nom",
    "titel",
    "الاسم",
    "название",
    "имя",
    "headline",
    "vesselname",
    "callsign",
    "eventtype",
    "type",
    "city",
    "place",
    "location",
    "admin3",
    "description",
    "desc",
    "notes",
    "cmt",
)
IDS = (
    "id",
    "uuid",
    "guid",
    "eventid",
    "eventidcnty",
    "featureid",
    "objectid",
    "fid",
    "dataid",
    "recordid",
    "globalid",
    "gid",
    "ogcfid",
    "uid",
)
_DATE_WORD = re.compile(r"date|time(?!zone)|дата|تاريخ", re.IGNORECASE)
_DAY_WORD = re.compile(r"date|day|datum|when|fecha|дата|تاريخ", re.IGNORECASE)
_SAMPLE = 300


@dataclass(frozen=True)
class Times:
    """Columns and dates of a table."""

    first: DateColumn | None
    last: DateColumn | None
    zone: str | None


def times(
    table: RawTable, choices: ImportOptions, known: MatchedSchema | None, log: Diagnostics
) -> Times:
    """Find the date columns, read them, and report what is wrong; bad rows are set aside.

    Raises
    ------
    RefusedError
        When a chosen column or time zone does not exist.
    """
    date_columns.check_names(
        table.data, choices.date_from, choices.date_to, choices.label, choices.id
    )
    date_columns.check_zone(choices.time_zone)
    start, end = _columns(table.data, choices, known)
    if start is None:
        return Times(None, None, None)
    zone = choices.time_zone or (known.zone if known else None)
    read = []
    for column in dict.fromkeys((start, end or start)):
        ours = known is not None and column == known.date
        time = known.time if ours and known else None
        begins = ours and known is not None and known.name == GEOCONFIRMED
        dated = date_columns.read_column(table.data, column, choices.day_first, zone, time, begins)
        settled = bool(dated.ambiguous.any()) and date_columns.order_is_certain(table.data, column)
        date_columns.check_column(
            table, dated, log, known, settled, chosen=choices.day_first is not None
        )
        read.append(dated)
    timed = any(one.timed.any() for one in read)
    return Times(read[0], read[-1], (zone or "UTC") if timed else None)


def label(
    data: pd.DataFrame,
    choices: ImportOptions,
    known: MatchedSchema | None,
    others: Sequence[str] = (),
) -> str | None:
    """Return the column that says what a row is, None for none.

    Parameters
    ----------
    others
        Columns that hold something else: no text of theirs is taken for want of a better one.
    """
    if choices.label is not None:
        return choices.label or None
    if known is not None and known.label:
        return known.label
    names = {key(name): name for name in reversed(data.columns)}
    for one in LABELS:
        if one in names and not blank(data[names[one]]).all():
            return names[one]
    for name in data.columns:
        if name in others or not isinstance(data[name].dtype, pd.StringDtype):
            continue
        if not blank(data[name]).all() and not _dates(data[name], 0.5):
            return name
    return None


def find_id(
    table: RawTable, choices: ImportOptions, known: MatchedSchema | None, log: Diagnostics
) -> str | None:
    """Return the column of ids, None where there is none that tells all rows apart.

    Ids that come twice are told; the rows stay, with their place in the file as their id.
    """
    data = table.data
    names = {key(name): name for name in reversed(data.columns)}
    name = choices.id if choices.id is not None else None
    if name is None:
        name = (
            known.id
            if known and known.id
            else next((names[one] for one in IDS if one in names), None)
        )
    if not name:
        return None
    cells = pd.Series(texts(data[name]))
    empty = (cells == "").to_numpy()
    twice = cells.duplicated(keep=False).to_numpy() & ~empty
    if not twice.any() and not empty.any():
        return name
    if twice.any():
        again = cells.duplicated().to_numpy() & ~empty
        if again.sum() * 2 > len(cells) and choices.id is None:
            return None  # a track's id, not a row's
        some = listed(cells[again].unique()[:3])
        log.add_message(
            "warning",
            f"{printable(name, 60)}: the id {some} stands in more than one row "
            f"({table.named(twice)}). All rows are kept; their place in the file is their "
            "id.",
        )
    if empty.any() and not empty.all():
        told = f"{printable(name, 60)}: no id in {table.named(empty)}. "
        log.add_message("warning", f"{told}Their place in the file is the id of all rows.")
    return None


def copies(table: RawTable, log: Diagnostics) -> None:
    """Offer to leave out rows that repeat an earlier one in every cell and place."""
    if any(
        table.data[name].dtype != object and table.data[name].is_unique
        for name in table.data.columns
    ):
        return  # no two rows can be the same
    data = table.data.astype(str).assign(**{"\x00place": shapely.to_wkb(_shapes(table))})
    again = data.duplicated().to_numpy() & ~table.bad
    if not again.any():
        return
    what = "leave out rows that repeat an earlier row in everything"
    if log.offer_repair("drop-copies", what, int(again.sum())):
        table.set_aside(
            log, again, "", [""] * len(data), "It repeats an earlier row.", "Nothing is lost."
        )
    else:
        log.add_message(
            "warning", f"Repeats of an earlier row in everything: {table.named(again)}; kept."
        )


def _shapes(table: RawTable) -> np.ndarray:
    return table.shapes if table.shapes is not None else np.full(len(table.data), None)


def _columns(
    data: pd.DataFrame, choices: ImportOptions, known: MatchedSchema | None
) -> tuple[str | None, str | None]:
    """Return the columns of first and last day, as chosen or guessed."""
    start, end = choices.date_from, choices.date_to
    if start is not None or end is not None:
        return (start or end) or None, (end or start) or None
    if known is not None and known.date:
        return known.date, known.date
    names = {key(name): name for name in reversed(data.columns)}
    first = next((names[n] for n in STARTS if n in names and _dates(data[names[n]], 0.5)), None)
    last = next((names[n] for n in ENDS if n in names and _dates(data[names[n]], 0.5)), None)
    instants = (names[n] for n in INSTANTS if n in names and _dates(data[names[n]], 0.3))
    first = first or next((name for name in instants if name != last), None)
    if first or last:
        return first or last, last or first
    for name in data.columns:
        if _DATE_WORD.search(str(name)) and _dates(data[name], 0.5):
            return name, name
    for name in data.columns:
        if not pd.api.types.is_numeric_dtype(data[name].dtype) and _dates(data[name], 0.9):
            return name, name
    for name in data.columns:
        if _DAY_WORD.search(str(name)) and date_columns.is_serial(data[name]):
            return name, name
    return None, None


def _dates(column: pd.Series, least: float) -> bool:
    """Whether a share of a column's cells are dates; one that looks like one counts half."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return True
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_float_dtype(column.dtype):
        return False
    cells = [cell for cell in texts(column.head(_SAMPLE)) if cell]
    good = sum(date_formats.read(cell) not in (None, date_formats.ROUGH) for cell in cells)
    like = sum(bool(_LIKE.fullmatch(cell)) for cell in cells)
    return bool(cells) and max(good, like / 2 if good < like else good) / len(cells) >= least


_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].{0,40})?")
