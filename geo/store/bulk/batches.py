"""Reading a layer in batches of rows, for layers that are too large to be held whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.store.core.api import Batch, LayerInfo, LayerStore
from geo.store.core.errors import replaced_error

if TYPE_CHECKING:
    from typing import Self

    import pyarrow as pa
    from geopandas import GeoDataFrame

_POINT_HEADER = np.array([1, 1, 0, 0, 0], dtype=np.uint8)  # WKB: little endian, point


class BatchStore(ABC):
    """Mixin of the stores that hold layers themselves (:class:`geo.store.core.api.LayerStore`)."""

    @abstractmethod
    def layer(self, name: str) -> LayerInfo:
        """One layer."""

    @abstractmethod
    def _read_existing(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read rows at positions that the layer has."""

    def find_owner(self, name: str) -> Self:
        """Return this store: it holds its layers itself."""
        return self

    def read_positions(self, name: str, positions: np.ndarray) -> GeoDataFrame:
        """Read the rows at these positions (see `LayerStore.read_positions`).

        Raises
        ------
        LayerNotFoundError
        LayerUnreadableError
            Also when the layer was replaced by one with fewer rows.
        """
        if len(positions) and positions.max() >= self.layer(name).rows:
            raise replaced_error(name)
        return self._read_existing(name, positions)


def check_version(store: LayerStore, info: LayerInfo) -> None:
    """Raise LayerUnreadableError when a layer is no longer the version that `info` describes."""
    if store.layer(info.name).version != info.version:
        raise replaced_error(info.name)


def make_batch(frame: GeoDataFrame, columns: Sequence[str], *, places: bool) -> Batch:
    """Return columns of a frame that a store read as one batch."""
    import pandas as pd
    import pyarrow as pa

    data = pa.Table.from_pandas(pd.DataFrame(frame[list(columns)]), preserve_index=False)
    shapes = pa.array(shapely.to_wkb(frame.geometry.to_numpy()), pa.large_binary())
    return Batch(data, shapes if places else None)


def decode_points(places: pa.Array) -> tuple[np.ndarray, np.ndarray] | None:
    """Return x and y of a WKB column of 2D points, read from its bytes; None for anything else."""
    import pyarrow as pa

    if places.null_count or not len(places):
        return None
    width = np.int64 if pa.types.is_large_binary(places.type) else np.int32
    _, offsets, data = places.buffers()
    ends = np.frombuffer(offsets, width)[places.offset : places.offset + len(places) + 1]
    if not (np.diff(ends) == 21).all():
        return None
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, 21)
    if not (raw[:, :5] == _POINT_HEADER).all():
        return None
    numbers = np.ascontiguousarray(raw[:, 5:]).view("<f8")
    return numbers[:, 0], numbers[:, 1]
