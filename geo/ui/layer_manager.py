"""The layer manager of the Layers page: show, hide, rename, style and remove session layers."""

from functools import partial

import numpy as np
import streamlit as st

from geo.app_context import session_layers
from geo.errors import GeoError
from geo.large_layer import SAMPLE_ROWS
from geo.mapping.symbols import choose_layer_colour
from geo.selection import UPLOAD_PREVIEW
from geo.store import LayerInfo
from geo.ui.browser_session import session_key
from geo.ui.html import escape_markdown, section
from geo.ui.page_context import change_view
from geo.ui.page_sections import current_page
from geo.view_layers import LayerRows

NO_LABEL = "— none —"
_FAULT = "layers_fault"
_ASKED = "layer_asked"  # session key: the layer that is removed once it is confirmed


def draw_layer_manager() -> None:
    """Draw this browser's session layers, each with its controls."""
    folders, key = session_layers(), session_key()
    if not folders.has(key):
        return
    store = folders.open(key)
    layers = [info for info in store.layers() if info.name != UPLOAD_PREVIEW]
    if layers:
        st.html(section("Your layers"))
    message = st.session_state.pop(_FAULT, "")
    if message:
        st.error("The layer was not changed.")
        st.text(message)
    for info in layers:
        title = escape_markdown(f"{info.title} · {info.rows:,} rows")
        with st.expander(title, key=f"layer_{info.name}"):
            first = store.read_positions(info.name, np.arange(min(info.rows, SAMPLE_ROWS)))
            _draw_layer(LayerRows(info, first))
    for fault in store.faults():
        st.error("A layer cannot be read.")
        st.text(f"{fault.name}: {fault.why} {fault.remedy}")


def _draw_layer(layer: LayerRows) -> None:
    info, columns = layer.info, [str(column) for column in layer.sample.columns]
    shown = info.name in current_page().view.layers
    st.text(f"{info.geometry}, {layer.days_and_zone}")
    with st.form(f"style_{info.name}", border=False):
        title = st.text_input("Title", info.title, max_chars=100)
        options = [NO_LABEL, *(name for name in columns if name != "geometry")]
        at = options.index(info.label_column) if info.label_column in options else 0
        label = st.selectbox("Label", options, at)
        colour = st.color_picker("Colour", choose_layer_colour(info.name, info.colour))
        if st.form_submit_button("Save"):
            _update_layer(info, title.strip(), None if label == NO_LABEL else label, colour)
    with st.container(horizontal=True):
        toggle, name = partial(_set_shown, info.name, not shown), info.name
        st.button("Hide" if shown else "Show on the maps", key=f"show_{name}", on_click=toggle)
        st.button("Remove", key=f"remove_{name}", on_click=_ask_to_remove, args=(name,))
    if st.session_state.get(_ASKED) == name:
        st.warning(f"Remove this layer with its {info.rows:,} rows? It cannot be brought back.")
        with st.container(horizontal=True):
            st.button("Remove it", key=f"confirm_{name}", on_click=_remove_layer, args=(name,))
            st.button("Keep it", key=f"keep_{name}", on_click=_ask_to_remove, args=(None,))


def _update_layer(info: LayerInfo, title: str, label: str | None, colour: str) -> None:
    try:
        store = session_layers().open(session_key())
        store.describe(info.name, title=title or info.title, label_column=label, colour=colour)
    except GeoError as error:
        st.session_state[_FAULT] = str(error)
    st.rerun()


def _set_shown(name: str, shown: bool) -> None:
    others = tuple(one for one in current_page().view.layers if one != name)
    change_view(layers=(*others, name) if shown else others)


def _ask_to_remove(name: str | None) -> None:
    st.session_state[_ASKED] = name


def _remove_layer(name: str) -> None:
    try:
        session_layers().open(session_key()).remove(name)
    except GeoError as error:
        st.session_state[_FAULT] = str(error)
    _set_shown(name, shown=False)
