"""Encode the response of GET /features/<layer> as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from geo.builtin_layers import find_store
from geo.errors import LayerNotFoundError, LayerUnreadableError
from geo.large_layer import LargeLayerRows
from geo.lru_cache import LruCache
from geo.mapping.feature_json import encode_rows, load_fragments
from geo.mapping.histogram import (
    count_reports_by_day,
    count_reports_by_last_day,
    count_reports_by_span,
    explain_histogram,
    list_coverage_rows,
    name_histogram,
)
from geo.mapping.legend import build_legend
from geo.selection import BUILTIN_LAYERS, CLAIMS, Selection, select
from geo.store import LayerStore, row_ids
from geo.store.bulk.spatial_index import Window
from geo.view import View
from geo.view_layers import LayerRows

CLICK_LIMIT = 5  # features that a click on a large layer may mean
CLICK_RADIUS = 9  # pixels around a click


def encode_view_features(
    name: str, view: View, store: LayerStore, *, vector_limit: int = 20_000
) -> bytes:
    """Encode the features of one layer that match a view.

    Parameters
    ----------
    vector_limit : int
        More features than this are not sent: the answer says `too_many`, or `density` for a large
        layer that has density tiles (`geo.mapping.density_tiles`).

    Returns
    -------
    bytes
        A GeoJSON FeatureCollection, UTF-8, EPSG:4326, with the foreign members `token`,
        `shown`, `total` and, for claims, `legend`, `days`, `spans`, `byDays`, `undated`, `heading`,
        `explained` and `coverage` of the whole view.

    Raises
    ------
    geo.errors.LayerNotFoundError, geo.errors.LayerUnreadableError
        If the store has no such layer, or cannot read it just now.
    """
    return encode_features(name, select(view, store), store, vector_limit=vector_limit)


def encode_features(
    name: str, selection: Selection, store: LayerStore, *, vector_limit: int = 20_000
) -> bytes:
    """Encode the features of one layer of a Selection; see `encode_view_features`.

    The claims of a Selection are encoded once, if it is complete, while the data stays as it is.
    """
    store = find_store(store, selection.view.as_of)
    encode = partial(_encode_features, name, selection, store, vector_limit)
    if name != CLAIMS or selection.unreadable:
        return encode()
    version = store.version()
    key = (store, version, selection.token, selection.ids, vector_limit)
    return _encoded.get_or_compute(
        key, encode, lambda body: len(body) if store.version() == version else None
    )


_encoded: LruCache[bytes] = LruCache(16_000_000)


def _encode_features(
    name: str, selection: Selection, store: LayerStore, vector_limit: int
) -> bytes:
    extra: dict[str, object] = {"token": selection.token}
    if name == CLAIMS:
        ids: tuple[str, ...] | list[str] = selection.ids
        extra |= {
            "shown": selection.shown,
            "total": selection.total,
            "legend": build_legend(selection),
            "days": count_reports_by_day(selection, store),
            "spans": count_reports_by_span(selection),
            "byDays": count_reports_by_last_day(selection, store),
            "undated": [selection.days.undated, selection.left_out.undated],
            "heading": name_histogram(selection),
            "explained": explain_histogram(selection),
            "coverage": list_coverage_rows(selection, store),
        }
    elif name in BUILTIN_LAYERS:
        ids = row_ids(store.read(name), store.layer(name))
    else:
        store.layer(name)  # raises if the layer exists but is unreadable
        rows = find_layer_rows(name, selection)
        extra |= {"shown": rows.shown, "total": rows.total}
        if isinstance(rows, LargeLayerRows):
            features = "" if rows.exceeds_limit else _encode_positions(rows, rows.positions())
            return _encode_answer(extra | _describe_density(rows), features)
        ids = row_ids(rows.frame, store.layer(name))
    if len(ids) > vector_limit:
        extra |= {"too_many": len(ids)}
        ids = []
    ready = load_fragments(store, name, store.layer(name).version)
    return _encode_answer(extra, ",".join(ready[key] for key in ids if key in ready))


def _encode_answer(extra: dict[str, Any], features: str) -> bytes:
    head = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))[1:]
    return f'{{"type":"FeatureCollection","features":[{features}],{head}'.encode()


def find_layer_rows(name: str, selection: Selection) -> LayerRows | LargeLayerRows:
    """Return the rows of a further layer.

    Raises
    ------
    geo.errors.LayerNotFoundError, geo.errors.LayerUnreadableError
        If it is not part of the view, or it is and could not be read.
    """
    if name in selection.unreadable:
        raise LayerUnreadableError(selection.unreadable[name])
    for rows in selection.layers:
        if rows.name == name:
            return rows
    msg = f"The layer {name!r} is not part of this view; add layer={name} to the link."
    raise LayerNotFoundError(msg)


def _describe_density(rows: LargeLayerRows) -> dict[str, object]:
    if not rows.exceeds_limit:
        return {}
    return {"density": True} if rows.can_be_tiled else {"too_many": rows.shown}


def _encode_positions(rows: LargeLayerRows, positions: np.ndarray) -> str:
    return ",".join(encode_rows(rows.rows(positions), rows.info).values())


def encode_features_within(name: str, selection: Selection, windows: Sequence[Window]) -> bytes:
    """Return the features of a large layer within a piece of the map, if there are few.

    Parameters
    ----------
    windows : sequence of Window
        The piece, in units (`geo.store.bulk.spatial_index`).

    Returns
    -------
    bytes
        As `encode_view_features`; `within` is the number of features, whether they are sent or not.

    Raises
    ------
    geo.errors.LayerNotFoundError
        If the view has no such layer, or it is not a large layer.
    """
    rows = _find_large_layer(name, selection)
    count, few = rows.count(windows), rows.can_draw_singly(windows)
    features = _encode_positions(rows, rows.positions(windows)) if few else ""
    return _encode_answer({"token": selection.token, "within": count}, features)


def encode_features_near(
    name: str, selection: Selection, spot: tuple[float, float, float]
) -> bytes:
    """Encode the features at a point of the map, nearest first; at most CLICK_LIMIT.

    Parameters
    ----------
    spot : tuple of float
        x and y in units (`geo.store.bulk.spatial_index`), and the units of one pixel of the screen.

    Returns
    -------
    bytes
        As `encode_features_within`: `within` is the number of features there.

    Raises
    ------
    geo.errors.LayerNotFoundError
        If the view has no such layer, or it is not a large layer.
    """
    rows = _find_large_layer(name, selection)
    x, y, pixel = spot
    reach = CLICK_RADIUS * pixel
    box = (int(x - reach), int(y - reach), int(x + reach), int(y + reach))
    positions = rows.positions((box,))
    far = rows.index.compute_distances(positions, x, y)
    near = np.flatnonzero(far <= reach)
    best = near[np.argsort(far[near], kind="stable")][:CLICK_LIMIT]
    chosen = np.sort(positions[best])
    order = np.searchsorted(chosen, positions[best])
    texts = list(encode_rows(rows.rows(chosen), rows.info).values())
    answer = {"token": selection.token, "within": len(near)}
    return _encode_answer(answer, ",".join(texts[number] for number in order))


def _find_large_layer(name: str, selection: Selection) -> LargeLayerRows:
    rows = find_layer_rows(name, selection)
    if isinstance(rows, LargeLayerRows):
        return rows
    msg = f"The layer {name!r} is sent whole; ask for its features."
    raise LayerNotFoundError(msg)
