"""The further layers of a view: their rows that match, and why some cannot be read."""

from dataclasses import dataclass, field

import numpy as np
from geopandas import GeoDataFrame

from geo.builtin_layers import LAYERS, find_evidence
from geo.errors import LayerNotFoundError, StoreError
from geo.large_layer import LargeLayerRows, ViewLayer
from geo.settings import settings
from geo.store import LayerInfo, LayerStore, Query
from geo.store.core.date_window import compute_day_ranges
from geo.text.text_search import list_search_columns, parse_terms, search_rows
from geo.view import View


@dataclass(frozen=True)
class LayerRows(ViewLayer):
    """The rows of one layer that match the view."""

    frame: GeoDataFrame = field(repr=False, compare=False)
    undated: int = 0
    """Rows without a date that the search finds, shown or left out; 0 without a date window."""

    @property
    def shown(self) -> int:
        """Number of rows shown."""
        return len(self.frame)

    @property
    def sample(self) -> GeoDataFrame:
        """The rows shown."""
        return self.frame

    def head(self, most: int) -> GeoDataFrame:
        """Return the first rows shown."""
        return self.frame.head(most)


def read_layers(
    view: View, store: LayerStore
) -> tuple[tuple[LayerRows | LargeLayerRows, ...], dict[str, str]]:
    """Return the further layers of a view, and why some of them cannot be read."""
    layers: list[LayerRows | LargeLayerRows] = []
    unreadable: dict[str, str] = {}
    for name in view.layers:
        if name in LAYERS:
            continue
        try:
            info = store.layer(name)
            if info.rows > settings().vector_limit:
                large = _open_large_layer(info, view, store)
                _ = large.shown  # counted here, so that one that cannot be read is left out
                layers.append(large)
            else:
                layers.append(_read_layer(info, view, store))
        except LayerNotFoundError:
            continue
        except StoreError as error:
            unreadable[name] = str(error)
    return tuple(layers), unreadable


def _read_layer(info: LayerInfo, view: View, store: LayerStore) -> LayerRows:
    """Read the rows of a view; undated ones stay unless the view leaves those of the layer out."""
    rows = store.read(info.name, Query(view.date_from, view.date_to))
    frame = search_rows(rows, view.q, find_evidence(store).search_names)
    undated = 0
    if view.windowed:
        first, _ = compute_day_ranges(frame, info.time_columns, info.time_zone)
        undated = int(np.isnat(first).sum())
        frame = frame[~np.isnat(first)] if info.name in view.dated_only else frame
    return LayerRows(info, frame, undated)


def _open_large_layer(info: LayerInfo, view: View, store: LayerStore) -> LargeLayerRows:
    window = Query(view.date_from, view.date_to, info.name not in view.dated_only)
    terms = parse_terms(view.q, find_evidence(store).search_names)
    columns: list[str] = []
    if terms:
        nothing = store.read_positions(info.name, np.empty(0, dtype=np.int64))
        columns = list_search_columns(nothing)
    return LargeLayerRows(info, store.find_owner(info.name), window, terms, tuple(columns))
