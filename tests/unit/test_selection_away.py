"""A layer that cannot be read in the very moment in which a view is selected."""

from __future__ import annotations

from contextlib import closing

import pytest

from geo.errors import LayerUnreadableError
from geo.evidence import Evidence
from geo.export.slide import build_slide
from geo.mapping.features import encode_view_features
from geo.selection import select
from geo.settings import ASSETS
from geo.store import OverlayStore, open_store
from geo.store.postgis.store import PostgisStore
from geo.view import View
from tests.support.postgres_server import Postgres, wait_for
from tests.support.sample_layers import QUICK, sample

VIEW = View(layers=("synthetic",))


def test_database_that_goes_away_while_a_view_is_selected_is_not_missed_once_it_is_back(
    postgres: Postgres, builtin_records: Evidence
):
    with closing(PostgisStore(postgres.fresh(), timeouts=QUICK)) as database:
        database.write("synthetic", sample())
        store = OverlayStore(database, open_store(str(ASSETS / "layers"), ours=True))
        version, held = store.version(), database._monitor.get_state()
        postgres.stop()
        try:
            database._monitor._state, database._monitor._until = (
                held,
                float("inf"),
            )  # asked just now
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
