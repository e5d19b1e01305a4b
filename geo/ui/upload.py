"""The upload of the Layers page: import a file, preview it, change options, accept the layer.

Text from a file, its name included, is never used in labels: Streamlit renders them as Markdown,
in which an image address would be fetched (FIELD-NOTES 3).
"""

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st

from geo.app_context import MB, context, session_layers
from geo.errors import GeoError
from geo.evidence.case_meridian import find_case_meridian
from geo.export.background_job import Job
from geo.ingest import ImportOptions, ImportResult, read_upload, report_csv
from geo.ingest.extent import bring_together, choose_side, describe_extent
from geo.ingest.readers.detect_format import EXTENSIONS
from geo.ingest.save_result import make_session_name, save_layer, share_layer
from geo.mapping.folium_map import MapExtent
from geo.mapping.symbols import choose_free_colour, choose_layer_colour
from geo.meridian import crosses
from geo.page_registry import build_frame
from geo.selection import UPLOAD_PREVIEW, select
from geo.server.startup import warm_up_for_rows
from geo.store.open import is_database
from geo.streamlit_bridge import uploaded_bytes
from geo.ui import import_options
from geo.ui.browser_session import session_context, session_key
from geo.ui.export_sections import draw_job_progress
from geo.ui.html import escape, headline, html_table, section, tag
from geo.ui.page_context import change_view
from geo.ui.page_sections import as_text_frame, current_page, draw_map
from geo.ui.reading_job import start_reading
from geo.view import View

_READ, _EPOCH, _DONE = "upload_read", "upload_epoch", "upload_done"
_PREVIEWED = "upload_previewed"
_ROWS = 200  # of the preview's table
_LEVELS = {"error": "Error: ", "warning": "Warning: ", "info": ""}


@dataclass(frozen=True)
class _Upload:
    """An uploaded file and the job that imports it with the chosen options."""

    id: str  # Streamlit's, the same on every rerun
    name: str
    body: bytes
    options: ImportOptions
    job: Job[ImportResult]


def draw_upload() -> None:
    """Draw the uploader, and the import result of the uploaded file."""
    words = (
        "A file that you bring is drawn beside the evidence, follows the days, and can be taken "
        "away. It stays private to this browser."
    )
    st.html(headline("Layers of your own", words))
    done = st.session_state.pop(_DONE, "")
    if done:
        st.success("The layer is on the maps now.")
        st.text(done)
    file = st.file_uploader(
        "Drop a file: GeoJSON, GeoPackage, KML, KMZ, zipped Shapefile, GPX, GeoParquet, or CSV, "
        "TSV, Excel or JSON with coordinates",
        type=[extension.removeprefix(".") for extension in EXTENSIONS],
        key=f"upload_{st.session_state.get(_EPOCH, 0)}",
        max_upload_size=context().settings.upload_file_mb,
    )
    if file is None:
        _draw_size_limit()
        st.session_state.pop(_READ, None)
        return
    upload: _Upload | None = st.session_state.get(_READ)
    if upload is None or upload.id != file.file_id:  # a rerun does not copy the file
        upload = _start_import(file.file_id, file.name, file.getvalue(), ImportOptions())
    if not upload.job.finished:
        draw_job_progress(upload.job, "Reading", key="upload", stop=_start_over)
    elif upload.job.result is None:
        st.error("The file could not be read.")
        st.text(upload.job.error)
        st.button("Try again", key="upload_again", on_click=_retry, args=(upload,))
    else:
        _draw_result(upload, upload.job.result)


_REFUSALS = (
    "A file that cannot be uploaded is rejected with a number. 503: the server has no memory left "
    "for it; try again in a minute. 413: it is too large; split it. 401: the sign-in expired; "
    "reload the page."
)


def _draw_size_limit() -> None:
    """Draw the size limit, with an explanation of HTTP errors: the uploader shows only a number."""
    chosen = context().settings
    most = chosen.upload_file_mb
    left = max(0, chosen.upload_held_mb - uploaded_bytes() // MB)
    size = f"A file may have up to {most:,} MB"
    if left < most:
        size += f", but just now the server has room for {left:,} MB: "
        size += "it holds files of pages that are open"
    st.caption(f"{size}.", help=_REFUSALS)


def _start_import(id: str, name: str, body: bytes, options: ImportOptions) -> _Upload:
    job = start_reading(partial(read_upload, body, name, options), title="reading an upload")
    upload = _Upload(id, name, body, options, job)
    st.session_state[_READ] = upload
    return upload


def _retry(upload: _Upload) -> None:
    _start_import(upload.id, upload.name, upload.body, upload.options)


def _start_over() -> None:
    for name in (_READ, _PREVIEWED):
        st.session_state.pop(name, None)
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def _draw_result(upload: _Upload, result: ImportResult) -> None:
    """Draw the import result: counts, messages, rejected rows, options, preview."""
    rejected = f"; {result.rejected_count:,} rejected" if result.rejected_count else ""
    verdicts = {
        "accept": "can be accepted",
        "reject": "cannot be accepted",
        "accept-with-warning": "can be accepted; read the warnings",
    }
    messages = sorted(result.messages, key=lambda one: list(_LEVELS).index(one.level))
    st.html(
        section(
            upload.name,
            tag("p", "", escape(f"{describe_extent(result)}{rejected}.")),
            tag("p", "", escape(f"The file {verdicts[result.verdict]}.")),
            *(tag("p", "", escape(_LEVELS[one.level] + one.text)) for one in messages),
            css="reading full",
        )
    )
    _draw_rejected(result)
    left, right = st.columns((1.6, 1), gap="large")
    with right:
        again = import_options.draw_import_options(upload.options, result)
        if again is not None:
            _start_import(upload.id, upload.name, upload.body, again)
            st.rerun()
    with left:
        if result.accepted:
            _draw_preview(upload, result)
            _draw_accept(upload, result)


def _draw_rejected(result: ImportResult) -> None:
    """Draw the rejected rows, and the dates without which rows are kept."""
    undated = "Dates that could not be used; their rows are kept"
    for faults, count, title, why in (
        (result.rejected, result.rejected_count, "Rejected rows", "Why it was rejected"),
        (result.undated, len(result.undated), undated, "Why"),
    ):
        if faults:
            rows = ((one.place, one.field, one.value, one.why, one.remedy) for one in faults[:20])
            more = count - min(len(faults), 20)
            note = tag("p", "", f"{more:,} more are in the report.") if more > 0 else ""
            table = html_table(("Row", "Column", "Value", why, "What to do"), rows)
            st.html(section(title, table, note, css="reading full"))
    if not (result.rejected or result.undated):
        return
    st.download_button(
        "Download the report (CSV)",
        report_csv(result),
        "rejected-rows.csv",
        "text/csv",
        key="upload_report",
        on_click="ignore",
    )


def _draw_preview(upload: _Upload, result: ImportResult) -> None:
    """Draw the rows on a map and in a table, before they are accepted."""
    token = hashlib.sha256(f"{upload.id} {upload.options!r}".encode()).hexdigest()[:16]
    try:
        if st.session_state.get(_PREVIEWED) != token:
            warm_up_for_rows(result.accepted)  # it takes seconds; meanwhile the rows are written
            folder = session_layers().make(session_key(), instead_of=UPLOAD_PREVIEW)
            save_layer(folder, UPLOAD_PREVIEW, result, "Preview")
            st.session_state[_PREVIEWED] = token
        view = View(page="layers", layers=(UPLOAD_PREVIEW,))
        store = session_context().store
        selection = select(view, store)
        box = store.layer(UPLOAD_PREVIEW).extent
    except GeoError as error:
        st.error("The preview cannot be drawn.")
        st.text(str(error))
        return
    box = box and bring_together(box, result.frame.geometry)
    if box and crosses(box) and not find_case_meridian():
        box, beyond = choose_side(result.frame.geometry)
        st.caption(f"The map ends at 180 degrees; {beyond} at its other edge.")
    # Locked: the preview map ignores the date window and does not change the URL.
    frame = MapExtent(_pad_box(box), lock=True) if box else build_frame(lock=True)
    draw_map(selection, view, frame=frame, name=f"preview{token}", version=store.version())
    st.dataframe(
        as_text_frame(result.frame.drop(columns="geometry").head(_ROWS)),
        hide_index=True,
        key=f"preview_{token}",
    )


def _pad_box(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box with a margin, at least 0.02 degrees wide and high."""
    xmin, ymin, xmax, ymax = box
    width = xmax - xmin + (360 if crosses(box) else 0)
    room = max(0.01, 0.08 * max(width, ymax - ymin))
    west, south = max(xmin - room, -180), max(ymin - room, -84)
    return west, south, min(xmax + room, 180), min(ymax + room, 84)


def _draw_accept(upload: _Upload, result: ImportResult) -> None:
    stem = upload.name.rsplit(".", 1)[0][:80]
    title = st.text_input("Title of the layer", stem, max_chars=100, key="upload_title").strip()
    shared = False
    who = ""
    url = context().settings.store_url
    if context().settings.share_uploads and url and not is_database(url):
        shared = st.checkbox("Share it with everybody who uses this map", key="upload_share")
        who = st.text_input("Shared by", key="upload_who", max_chars=100) if shared else ""
    if not st.button("Accept the layer", type="primary", key="upload_accept", disabled=not title):
        return
    try:
        if shared:
            name = _share(upload, result, title, who)
        else:
            store = session_layers().make(session_key(), instead_of=UPLOAD_PREVIEW)
            kept = [one for one in store.layers() if one.name != UPLOAD_PREVIEW]
            taken = [choose_layer_colour(one.name, one.colour) for one in kept]
            info = save_layer(store, make_session_name(title), result, title)
            name, colour = info.name, choose_free_colour(taken)
            store.describe(name, title=title, label_column=info.label_column, colour=colour)
            store.remove(UPLOAD_PREVIEW)
    except GeoError as error:
        st.error("The layer was not kept.")
        st.text(str(error))
        return
    st.session_state[_DONE] = f"{title}: {result.accepted:,} rows"
    change_view(layers=(*current_page().view.layers, name))
    _start_over()
    st.rerun()


def _share(upload: _Upload, result: ImportResult, title: str, who: str) -> str:
    url = context().settings.store_url
    folder = Path(unquote(urlsplit(url).path) if url.startswith("file:") else url)
    shared = context().store
    return share_layer(shared, folder, result, upload.body, title=title, who=who).name
