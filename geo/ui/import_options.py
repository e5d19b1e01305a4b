"""The form of the Layers page that shows what was detected in a file, and changes it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.ingest import ImportOptions, ImportResult
from geo.ui.html import escape_markdown

NONE = "— none —"
_NOTATIONS = ("", "decimal", "dms", "mgrs", "wkt", "pair", "xy")
_ENCODINGS = ("", "utf-8", "utf-16", "cp1256", "cp1252", "cp1251", "latin-1")


def draw_import_options(now: ImportOptions, result: ImportResult) -> ImportOptions | None:
    """Draw what was detected, in fields; return the new options when the form is submitted."""
    detected = result.detected
    columns = list(detected.columns)
    with st.form("upload_choices", border=True):
        st.markdown("**Detected in the file**")
        new = ImportOptions(
            layer=_choose_layer(detected.layers, detected.layers_read, now.layer),
            coordinates=_choose_coordinates(columns, detected.coordinates, now.coordinates),
            notation=_choose_value("Notation of the coordinates", _NOTATIONS, detected.notation),
            crs=_type_value("Coordinate system, such as EPSG:32637", detected.crs),
            date_from=_choose_column("First day", columns, detected.date_from),
            date_to=_choose_column("Last day", columns, detected.date_to),
            day_first=_choose_day_first(detected.day_first),
            time_zone=_type_value("Time zone, such as Asia/Damascus", detected.time_zone or ""),
            label=_choose_column("Label", columns, detected.label),
            id=_choose_column("Id", columns, detected.id),
            encoding=_choose_value("Encoding", _ENCODINGS, detected.encoding),
            schema=now.schema,
            delimiter=now.delimiter,
            repairs=_choose_repairs(now, result),
        )
        again = st.form_submit_button("Read it again like this")
    return _keep_changes(new, now, result) if again else None


def _choose_layer(layers: tuple[str, ...], read: tuple[str, ...], chosen: str | None) -> str | None:
    if len(layers) < 2:
        return chosen
    options = ["", *layers]
    at = options.index(read[0]) if len(read) == 1 and read[0] in options else 0
    picked = st.selectbox(
        "Layer of the file", options, at, format_func=lambda one: one or "All that go together"
    )
    return picked or None


def _choose_coordinates(
    columns: list[str], detected: tuple[str, ...], chosen: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    if not columns or not (detected or chosen):
        return chosen
    found = (*(chosen or detected), NONE, NONE)[:2]
    options = [NONE, *dict.fromkeys((*columns, *(chosen or detected)))]
    picked = [
        st.selectbox(label, options, options.index(value) if value in options else 0)
        for label, value in zip(("Latitude, y, or both", "Longitude, x"), found, strict=True)
    ]
    return tuple(one for one in picked if one and one != NONE) or None


def _choose_column(label: str, columns: list[str], detected: str | None) -> str:
    options = [NONE, *columns]
    picked = st.selectbox(label, options, options.index(detected) if detected in options else 0)
    return "" if picked in (None, NONE) else picked


def _choose_value(label: str, options: tuple[str, ...], detected: str) -> str | None:
    if not detected:
        return None
    known = list(dict.fromkeys((*options, detected)))
    picked = st.selectbox(label, known[1:], known[1:].index(detected))
    return picked if picked != detected else None


def _type_value(label: str, detected: str) -> str | None:
    typed = st.text_input(label, detected, max_chars=80).strip()
    return typed if typed != detected else None


def _choose_day_first(detected: bool | None) -> bool | None:
    if detected is None:
        return None
    words = {True: "3 April", False: "March 4"}
    return st.selectbox(
        "03/04/2024 is", [True, False], 0 if detected else 1, format_func=words.__getitem__
    )


def _choose_repairs(now: ImportOptions, result: ImportResult) -> tuple[str, ...]:
    offered = [
        one.id
        for one in result.repairs
        if st.checkbox(
            escape_markdown(f"{one.what} ({one.rows:,} rows)"),
            one.id in now.repairs,
            key=f"repair_{one.id}",
        )
    ]
    made = [one for one in now.repairs if one not in {repair.id for repair in result.repairs}]
    return (*made, *offered)


def _keep_changes(new: ImportOptions, now: ImportOptions, result: ImportResult) -> ImportOptions:
    """Return the options without those equal to what was detected, which may change again."""
    detected = result.detected

    same = new.coordinates in (detected.coordinates, None)
    return replace(
        new,
        coordinates=now.coordinates if same else new.coordinates,
        day_first=now.day_first if new.day_first == detected.day_first else new.day_first,
        notation=new.notation if new.notation is not None else now.notation,
        crs=new.crs if new.crs is not None else now.crs,
        time_zone=new.time_zone if new.time_zone is not None else now.time_zone,
        encoding=new.encoding if new.encoding is not None else now.encoding,
        date_from=now.date_from if new.date_from == (detected.date_from or "") else new.date_from,
        date_to=now.date_to if new.date_to == (detected.date_to or "") else new.date_to,
        label=now.label if new.label == (detected.label or "") else new.label,
        id=now.id if new.id == (detected.id or "") else new.id,
    )
