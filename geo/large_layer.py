"""The rows of a large layer that match a view, counted and found without reading them.

Drawing and counting use the arrays of `bulk.spatial_index`; the store reads only the rows that are
requested.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from geopandas import GeoDataFrame

from geo.errors import LimitError, StoreError
from geo.settings import settings
from geo.store import LayerInfo, LayerStore, Query
from geo.store.bulk.arrow_types import is_list, is_text
from geo.store.bulk.index_builder import load_index_of_version
from geo.store.bulk.spatial_index import SpatialIndex, Window
from geo.store.core.errors import check_version
from geo.store.core.normalise import has_times
from geo.text.formatting import fold_text, format_period, format_zone

SINGLE_FEATURES_LIMIT = 4_000  # features that are drawn one by one within a map box
SAMPLE_ROWS = 100
TILED_GEOMETRIES = ("point", "line")  # geometry types that support density tiles


@dataclass(frozen=True)
class ViewLayer(ABC):
    """A further layer of a view, large or not."""

    info: LayerInfo

    @property
    @abstractmethod
    def sample(self) -> GeoDataFrame:
        """Some rows of the layer, or none, with all of its columns."""

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.info.name

    @property
    def title(self) -> str:
        """The layer's title."""
        return self.info.title

    @property
    def total(self) -> int:
        """Rows of the whole layer."""
        return self.info.rows

    @property
    def colour(self) -> str:
        """Colour from the catalogue; may be empty."""
        return self.info.colour

    @property
    def days(self) -> str:
        """The days of the whole layer, in words."""
        first, last = self.info.date_from, self.info.date_to
        return format_period(first, last) if first and last else "no dates"

    @property
    def days_and_zone(self) -> str:
        """The days, and their time zone in short unless they are plain dates."""
        timed = has_times(self.sample[list(self.info.time_columns or ())])
        return f"{self.days}, {format_zone(self.info.time_zone)}" if timed else self.days

    @property
    def zone_note(self) -> str:
        """The zone of the layer's times, in words; empty if it has none."""
        return f"times in {self.info.time_zone}" if has_times(self.sample) else ""


@dataclass(frozen=True)
class LargeLayerRows(ViewLayer):
    """The rows of one large layer that match the view (compare `selection.LayerRows`)."""

    store: LayerStore = field(repr=False, compare=False)
    """The store of the layer itself."""
    window: Query
    """The view's days."""
    terms: tuple[str, ...] = ()
    """Terms of the search (`text_search.parse_terms`); a row must have all of them."""
    search_columns: tuple[str, ...] = ()

    @property
    def index(self) -> SpatialIndex:
        """Spatial index of the layer."""
        return load_index_of_version(self.store, self.info)

    @property
    def search_mask(self) -> np.ndarray | None:
        """One bool a row of the layer: whether a search finds it; None without a search."""
        if not self.terms:
            return None
        if not self.search_columns:
            return np.zeros(len(self.index), dtype=bool)
        return _search_rows(self.store, self.info, self.terms, self.search_columns)

    @cached_property
    def shown(self) -> int:
        """Number of rows in the view."""
        return self.index.count_rows(self.window, found=self.search_mask)

    @cached_property
    def undated(self) -> int:
        """Rows without a date that the search finds, shown or left out; 0 without a date window."""
        if not self.window.windowed:
            return 0
        every, dated = (replace(self.window, undated=undated) for undated in (True, False))
        found = self.search_mask
        return self.index.count_rows(every, found=found) - self.index.count_rows(dated, found=found)

    @cached_property
    def sample(self) -> GeoDataFrame:
        """The first rows of the layer; none if it cannot be read just now."""
        try:
            return self.rows(np.arange(min(self.total, SAMPLE_ROWS)))
        except StoreError:  # a legend can do without
            return GeoDataFrame({name: [] for name in self.info.time_columns or ()})

    @property
    def is_tiled(self) -> bool:
        """Whether the rows are drawn as density tiles."""
        return self.can_be_tiled and self.exceeds_limit

    @property
    def exceeds_limit(self) -> bool:
        """Whether more rows match than may be drawn one by one."""
        return self.shown > settings().vector_limit

    @property
    def can_be_tiled(self) -> bool:
        """Whether the geometry type supports density tiles."""
        return self.info.geometry in TILED_GEOMETRIES

    def count(self, windows: Sequence[Window]) -> int:
        """Return the number of rows whose bounds touch some windows of the map."""
        if len(windows) == 1:
            return self.index.count_rows(self.window, windows[0], self.search_mask)
        return len(self.positions(windows))

    def can_draw_singly(self, windows: Sequence[Window]) -> bool:
        """Whether few enough rows touch some windows of the map to draw them one by one."""
        return self.count(windows) <= min(SINGLE_FEATURES_LIMIT, settings().vector_limit)

    def positions(
        self, windows: Sequence[Window | None] = (None,), most: int | None = None
    ) -> np.ndarray:
        """Return the positions of rows in the layer, ascending; at most the first so many.

        `windows` are pieces of the map, one or several; None is the whole.
        """
        parts = [np.empty(0, dtype=np.int64)]
        for window in windows:
            for part in self.index.find_rows(self.window, window, self.search_mask):
                parts.append(part)
                if most is not None and sum(map(len, parts)) >= most:
                    break
        found = np.concatenate(parts)
        return (np.unique(found) if len(windows) > 1 else found)[:most]

    def rows(self, positions: np.ndarray) -> GeoDataFrame:
        """Return rows by their positions (ascending), as the store reads them.

        LayerUnreadableError: the layer has been replaced, and its positions are other rows' now.
        """
        rows = self.store.read_positions(self.name, positions)
        check_version(self.store, self.info)
        return rows

    def head(self, most: int) -> GeoDataFrame:
        """Return the first rows of the view, in file order."""
        return self.rows(self.positions(most=most))

    @property
    def frame(self) -> GeoDataFrame:
        """All rows of the view; LimitError when they are more than may be read at once."""
        if self.download_refusal:
            raise LimitError(self.download_refusal)
        return self.rows(self.positions())

    @property
    def download_refusal(self) -> str:
        """Why the rows are not read all at once; empty if they may be."""
        most = settings().download_rows
        if self.shown <= most:
            return ""
        return (
            f"{self.shown:,} rows of the layer “{self.title}” are more than are written into one "
            f"file ({most:,}). Narrow the days or the search, or ask for the layer's own file."
        )


@lru_cache(maxsize=8)
def _search_rows(
    store: LayerStore, info: LayerInfo, terms: tuple[str, ...], searched: tuple[str, ...]
) -> np.ndarray:
    """Return one bool a row: whether each term is in some cell of these columns."""
    parts = [np.empty(0, dtype=bool)]
    for batch in store.read_batches(info.name, searched):
        hits = np.zeros((len(terms), len(batch.data)), dtype=bool)
        for name, column in zip(searched, batch.data.columns, strict=True):
            texts, rows = _extract_texts(column.combine_chunks(), as_id=name == info.id_column)
            for number, term in enumerate(terms):
                hits[number, rows[_match_term(texts, term)]] = True
        parts.append(np.asarray(np.logical_and.reduce(hits)))
    check_version(store, info)
    return np.concatenate(parts)


def _extract_texts(cells: pa.Array, *, as_id: bool) -> tuple[pa.Array, np.ndarray]:
    """Return the texts of a column, or of its lists, and the row number of each."""
    rows = np.arange(len(cells))
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if as_id and pa.types.is_integer(cells.type):
        cells = pc.cast(cells, pa.string())  # an id is text wherever it is read
    if is_list(cells.type):
        rows = pc.list_parent_indices(cells).to_numpy()
        cells = pc.cast(cells.flatten(), pa.string(), safe=False)
    if is_text(cells.type):
        return cells, rows
    return pa.array([], pa.string()), rows[:0]


def _match_term(cells: pa.Array, term: str) -> np.ndarray:
    """Return whether each text, folded, has a term."""
    plain = pc.fill_null(pc.string_is_ascii(cells), True).to_numpy(zero_copy_only=False)
    matches = pc.fill_null(pc.match_substring_regex(pc.ascii_lower(cells), term), False)
    hits = np.array(matches.to_numpy(zero_copy_only=False))
    if plain.all():
        return hits
    hits &= plain
    others = np.flatnonzero(~plain)
    hits[others] = [
        re.search(term, fold_text(text)) is not None for text in cells.take(others).to_pylist()
    ]
    return hits
