"""The form of the Layers page that shows what was detected in a file, and changes it."""

import streamlit as st

from geo.ingest import Detected, ImportOptions, ImportResult
from geo.ingest.base.crs import MAX_LENGTH
from geo.ui.html import escape_markdown

NONE = "— none —"
_NOTATIONS = ("decimal", "dms", "mgrs", "wkt", "pair", "lonlat", "xy")
_ENCODINGS = ("utf-8", "utf-16", "cp1256", "cp1252", "cp1251", "latin-1")


def draw_import_options(now: ImportOptions, result: ImportResult) -> ImportOptions | None:
    """Draw what was detected, in fields; return the new options when the form is submitted.

    A field that shows what was detected keeps its present option: the next run may detect another.
    """
    found = result.detected
    columns = list(found.columns)
    with st.form("upload_choices", border=True):
        st.markdown("**Detected in the file**")
        new = ImportOptions(
            layer=_choose_layer(found.layers, found.layers_read, now.layer),
            coordinates=_choose_coordinates(found, now.coordinates),
            notation=_choose_value(
                "Notation of the coordinates", _NOTATIONS, found.notation, now.notation
            ),
            crs=_type_value(
                "Coordinate system: a code such as EPSG:32637, a name, WKT or PROJ text",
                found.crs,
                now.crs,
                MAX_LENGTH,
            ),
            date_from=_choose_column("First day", columns, found.date_from, now.date_from),
            date_to=_choose_column("Last day", columns, found.date_to, now.date_to),
            day_first=_choose_day_first(found.day_first, now.day_first),
            time_zone=_type_value(
                "Time zone, such as Europe/Paris", found.time_zone or "", now.time_zone
            ),
            label=_choose_column("Label", columns, found.label, now.label),
            id=_choose_column("Id", columns, found.id, now.id),
            encoding=_choose_value("Encoding", _ENCODINGS, found.encoding, now.encoding),
            schema=now.schema,
            delimiter=now.delimiter,
            repairs=_choose_repairs(now, result),
        )
        return new if st.form_submit_button("Read it again like this") else None


def _pick(label: str, options: list[str], shown: str | None, empty: str = "") -> str:
    """Draw the choice of an option; the first one is shown if `shown` is not among them."""
    at = options.index(shown) if shown in options else 0
    return st.selectbox(label, options, at, format_func=lambda one: one or empty)


def _choose_layer(layers: tuple[str, ...], read: tuple[str, ...], now: str | None) -> str | None:
    if len(layers) < 2:
        return now
    shown = read[0] if len(read) == 1 else ""
    return _pick("Layer of the file", ["", *layers], shown, "All that go together") or None


def _choose_coordinates(found: Detected, now: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Draw the columns of the coordinates, and the other ones that were detected, if any.

    A table without detected coordinates has no CRS either: its columns can be chosen as well.
    """
    shown = found.coordinates or now or ()
    if found.notation == "xy":
        shown = shown[::-1]
    if not found.columns or (not shown and found.crs):
        return now
    if found.other_coordinates:
        pairs = {" and ".join(pair): pair for pair in (shown, *found.other_coordinates)}
        picked = pairs[_pick("Places from", list(pairs), None)]
        if picked != shown:
            return picked
    options = [NONE, *dict.fromkeys((*found.columns, *shown))]
    first, second = (*shown, NONE, NONE)[:2]
    boxes = (_pick("Latitude, y, or both", options, first), _pick("Longitude, x", options, second))
    new = tuple(one for one in boxes if one and one != NONE)
    return now if new in (shown, ()) else new


def _choose_column(
    label: str, columns: list[str], detected: str | None, now: str | None
) -> str | None:
    picked = _pick(label, [NONE, *columns], detected)
    new = "" if picked == NONE else picked
    return now if new == (detected or "") else new


def _choose_value(
    label: str, options: tuple[str, ...], detected: str, now: str | None
) -> str | None:
    if not detected:
        return now
    picked = _pick(label, list(dict.fromkeys((*options, detected))), detected)
    return now if picked == detected else picked


def _type_value(label: str, detected: str, now: str | None, max_chars: int = 80) -> str | None:
    typed = st.text_input(label, detected, max_chars=max_chars).strip()
    return now if typed == detected else typed


def _choose_day_first(detected: bool | None, now: bool | None) -> bool | None:
    if detected is None:
        return now
    day, month = "3 April", "March 4"
    new = _pick("03/04/2024 is", [day, month], day if detected else month) == day
    return now if new == detected else new


def _choose_repairs(now: ImportOptions, result: ImportResult) -> tuple[str, ...]:
    offered = {one.id: f"{one.what} ({one.rows:,} rows)" for one in result.repairs}
    chosen = [
        id
        for id, words in offered.items()
        if st.checkbox(escape_markdown(words), id in now.repairs, key=f"repair_{id}")
    ]
    return (*(one for one in now.repairs if one not in offered), *chosen)
