"""A database outage during the selection of a view."""

from __future__ import annotations

from contextlib import closing

import pytest

from geo.builtin_layers import EvidenceStore
from geo.errors import LayerUnreadableError
from geo.evidence import Evidence
from geo.export.slide import build_slide
from geo.mapping.features import encode_view_features
from geo.selection import select
from geo.store import OverlayStore
from geo.store.postgis.store import PostgisStore
from geo.view import View
from tests.support.postgres_server import Postgres, wait_for
from tests.support.sample_layers import QUICK, sample

VIEW = View(layers=("synthetic",))


def test_outage_during_a_selection_is_not_cached(postgres: Postgres, builtin_records: Evidence):
    with closing(PostgisStore(postgres.fresh(), timeouts=QUICK)) as database:
        database.write("synthetic", sample())
        store = OverlayStore(database, EvidenceStore(builtin_records))
        version, held = store.version(), database._monitor.get_state()
        postgres.stop()
        try:
            database._monitor._state, database._monitor._until = (
                held,
                float("inf"),
            )  # as if just refreshed
            missed = select(VIEW, store)
            assert missed.layers == ()
            with pytest.raises(LayerUnreadableError, match="does not answer"):
                encode_view_features("synthetic", VIEW, store)
            lines = build_slide(VIEW, store, builtin_records).lines
            assert "Not drawn" in lines[-1]
            assert lines[-1].endswith("layer synthetic.")
        finally:
            postgres.start()
        wait_for(lambda: store.version() == version)
        (rows,) = select(VIEW, store).layers
        assert rows.shown == 8
