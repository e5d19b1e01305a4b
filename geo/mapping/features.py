"""The answer to GET /features/<layer>: the features of a view, ready for the browser."""

from __future__ import annotations

import json

from geo.errors import LayerNotFoundError
from geo.mapping.fragments import joined
from geo.mapping.legend import legend
from geo.mapping.timeline import coverage_rows, histogram
from geo.selection import CLAIMS, SHIPPED, Selection, select
from geo.store import LayerStore, row_ids
from geo.view import View


def feature_collection(
    name: str, view: View, store: LayerStore, *, vector_limit: int = 50_000
) -> bytes:
    """Return the features of one layer that answer a view.

    Parameters
    ----------
    name : str
        Layer; "claims" answers with the legend of the whole view beside its features.
    view : View
    store : geo.store.LayerStore
    vector_limit : int
        More features than this are not sent; the answer then says how many there are.

    Returns
    -------
    bytes
        A GeoJSON FeatureCollection, UTF-8, EPSG:4326, with the foreign members `token`,
        `shown`, `total` and, for claims, `legend`.

    Raises
    ------
    geo.errors.LayerNotFoundError
        If the store has no such layer.
    """
    selection = select(view, store)
    extra: dict[str, object] = {"token": selection.token}
    if name == CLAIMS:
        ids: tuple[str, ...] | list[str] = selection.ids
        extra |= {
            "shown": selection.shown,
            "total": selection.total,
            "legend": legend(selection),
            "days": histogram(selection, store),
            "coverage": coverage_rows(selection, store),
        }
    elif name in SHIPPED:
        ids = row_ids(store.read(name), store.layer(name))
    else:
        ids = _layer_ids(name, selection, store)
        extra |= {"shown": len(ids), "total": store.layer(name).rows}
    if len(ids) > vector_limit:
        extra |= {"too_many": len(ids)}
        ids = []
    features = joined(store, name, ids, store.layer(name).version)
    head = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))[1:]
    return f'{{"type":"FeatureCollection","features":[{features}],{head}'.encode()


def _layer_ids(name: str, selection: Selection, store: LayerStore) -> list[str]:
    info = store.layer(name)
    for rows in selection.layers:
        if rows.name == name:
            return row_ids(rows.frame, info)
    msg = f"The layer {name!r} is not part of this view; add layer={name} to the link."
    raise LayerNotFoundError(msg)
