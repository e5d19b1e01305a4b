"""Detect the columns of label and id, and rows that occur twice."""

import numpy as np
import pandas as pd
import shapely

from geo.ingest.base.column_types import cells_as_text, find_blank_cells
from geo.ingest.base.diagnostics import Diagnostics, RawTable
from geo.ingest.base.safe_text import printable, quote_names
from geo.ingest.detect import known_schemas
from geo.ingest.detect.date_detection import holds_dates
from geo.ingest.detect.known_schemas import MatchedSchema, index_names


def find_label(data: pd.DataFrame, schema: MatchedSchema | None, log: Diagnostics) -> str | None:
    """Return the column that names each row, None for none.

    It is the chosen one, else the schema's, else one by name, else the first text without dates.
    """
    if log.options.label is not None:
        return log.options.label or None
    if schema is not None and schema.labels:
        return schema.labels[0]
    names = index_names(data.columns)
    for one in known_schemas.LABELS:
        if one in names and not find_blank_cells(data[names[one]]).all():
            return names[one]
    for name in data.columns:
        other = name in log.detected.coordinates
        is_text = not other and isinstance(data[name].dtype, pd.StringDtype)
        if is_text and not find_blank_cells(data[name]).all() and not holds_dates(data[name], 0.5):
            return name
    return None


def find_id(table: RawTable, schema: MatchedSchema | None, log: Diagnostics) -> str | None:
    """Return the column of unique ids, None if there is none.

    Duplicate ids are reported; their rows stay, and the row number is the id of all rows.
    """
    data, chosen = table.data, log.options.id
    name = chosen
    if name is None:
        name = (schema and schema.id) or known_schemas.match_name(
            index_names(data.columns), known_schemas.IDS
        )
    if not name:
        return None
    cells = pd.Series(cells_as_text(data[name]))
    empty = (cells == "").to_numpy()
    twice = cells.duplicated(keep=False).to_numpy() & ~empty
    if not twice.any() and not empty.any():
        return name
    if twice.any():
        repeated = cells.duplicated().to_numpy() & ~empty
        if repeated.sum() * 2 > len(cells) and chosen is None:
            return None  # the id of a track, not of a row
        some = quote_names(cells[repeated].unique()[:3])
        within = cells if table.layers is None else pd.Series(zip(table.layers, cells, strict=True))
        in_one = bool((within.duplicated().to_numpy() & ~empty).any())
        log.add_message(
            "warning" if in_one else "info",  # each layer has ids of its own
            f"{printable(name, 60)}: the id {some} is in more than one row "
            f"({table.describe_rows(twice)}). All rows are kept, with their row number as id.",
        )
    if empty.any() and not empty.all():
        rows = table.describe_rows(empty)
        text = f"{printable(name, 60)}: no id in {rows}. All rows have their row number as id."
        log.add_message("warning" if chosen else "info", text)
    return None


def report_duplicate_rows(table: RawTable, log: Diagnostics) -> None:
    """Report rows that duplicate an earlier one, and offer to leave them out."""
    columns = [table.data[name] for name in table.data.columns]
    if any(column.dtype != object and column.is_unique for column in columns):
        return  # no two rows are equal
    geometries = np.full(len(table.data), None) if table.geometries is None else table.geometries
    data = table.data.astype(str).assign(**{"\x00geometry": shapely.to_wkb(geometries)})
    duplicate = data.duplicated().to_numpy() & ~table.rejected
    if not duplicate.any():
        return
    what = "leave out rows that repeat an earlier row in everything"
    if log.offer_repair("drop-copies", what, int(duplicate.sum())):
        why, remedy = "It repeats an earlier row.", "Nothing is lost."
        table.reject_rows(log, duplicate, "", why, remedy, lambda _: "")
    else:
        rows = table.describe_rows(duplicate)
        log.warn(f"Repeats of an earlier row in everything: {rows}; kept.")
