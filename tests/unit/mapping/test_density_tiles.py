"""Large layers: density tiles count every feature once; queries find features."""

import datetime as dt
import hashlib
import io
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image
from starlette.applications import Starlette

from geo.errors import LayerUnreadableError, LimitError
from geo.large_layer import LargeLayerRows
from geo.mapping import density_tiles
from geo.mapping.legend import build_legend
from geo.selection import select
from geo.server.routes import routes
from geo.store import FolderStore, LayerSpec, Query, open_store
from geo.store.bulk.index_builder import load_index
from geo.store.bulk.spatial_index import WORLD, to_window
from geo.view import View, from_query
from geo.view_layers import LayerRows
from tests.support.asgi_client import get

MANY = 3_000
DAY = dt.date(2024, 12, 12)
EDGE = (33.75, 31.952162238024975)  # a corner of four tiles at zoom 5 and above
OVER_SYRIA = (6, 38, 25)
ROOT_CODE = """
import sys, hashlib
from numba.core import event
from geo.mapping.density_tiles import compile_datashader, render_tile
from geo.selection import select
from geo.app_context import context
from geo.view import from_query
selection = select(from_query("layer=many")[0], context().store)
compile_datashader()
with event.install_recorder("numba:compile") as compiled:
    print(hashlib.sha256(render_tile(selection, "many", (6, 38, 25), "light")).hexdigest())
print(len(compiled.buffer))
"""


def points(places: np.ndarray) -> gpd.GeoDataFrame:
    """Return synthetic points spread evenly over three days, the last one undated."""
    numbers = np.arange(len(places))
    days = pd.Series(pd.to_datetime(DAY) + pd.to_timedelta(numbers % 3, unit="D"))
    days.iloc[-1:] = pd.NaT
    return gpd.GeoDataFrame(
        {
            "key": [f"k{number}" for number in numbers],
            "day": days,
            "name": [f"Synthetic {'é' if number % 2 else 'x'}{number % 7}" for number in numbers],
        },
        geometry=gpd.points_from_xy(*places.T),
        crs=4326,
    )


def lines(count: int) -> gpd.GeoDataFrame:
    """Return synthetic lines slightly south of a parallel that is a tile edge."""
    y = EDGE[1] - 0.01
    shapes = [shapely.LineString([(33, y), (34, y), (35, y)])] * (count - 1)
    return gpd.GeoDataFrame({"key": range(count)}, geometry=[*shapes, None], crs=4326)


def somewhere(count: int) -> np.ndarray:
    return np.random.default_rng(7).uniform((33.9, 32.1), (38.9, 36.4), (count, 2))


@pytest.fixture
def where(request, tmp_path, fresh_context):
    """Open a folder or database store whose layer "many" exceeds the vector limit."""
    kind = getattr(request, "param", "folder")
    url = str(tmp_path) if kind == "folder" else request.getfixturevalue("postgres").fresh()

    def made(frame: gpd.GeoDataFrame, **limits: str):
        context = fresh_context(url, **{"VECTOR_LIMIT": "1000", **limits})
        context.store.write("many", frame, LayerSpec(title="Synthetic many", id_column="key"))
        return context

    return made


both = pytest.mark.parametrize("where", ["folder", "postgis"], indirect=True)


@pytest.fixture
def app(where):
    where(points(somewhere(MANY)))
    return Starlette(routes=routes())


def rows_of(context, query: str = "layer=many") -> LargeLayerRows:
    (rows,) = select(from_query(query)[0], context.store).layers
    return rows


def counted(rows: LargeLayerRows, zoom: int, x: int, y: int) -> np.ndarray:
    side = WORLD >> zoom
    spots = (density_tiles.CELLS, density_tiles.CELLS)
    return density_tiles.count_features(
        rows, (x * side, y * side), side / density_tiles.CELLS, spots
    )


def test_tile_counts_each_point_in_its_cell(where):
    at = np.array([36.0, 35.0])
    rows = rows_of(where(points(np.array([*[at] * 900, *[at + 0.5] * 600, *somewhere(1)]))))
    found = counted(rows, 9, *tile_at(9, at))
    assert found.max() == 900
    assert found[spot_at(9, at)] == 900
    assert counted(rows, 9, *tile_at(9, at + 0.5))[spot_at(9, at + 0.5)] == 600


def tile_at(zoom: int, at: np.ndarray) -> tuple[int, int]:
    x, y, _, _ = to_window((*at, *at))
    return x >> (32 - zoom), y >> (32 - zoom)


def spot_at(zoom: int, at: np.ndarray) -> tuple[int, int]:
    x, y, _, _ = to_window((*at, *at))
    shift = 24 - zoom
    return (y >> shift) % density_tiles.CELLS, (x >> shift) % density_tiles.CELLS


@pytest.mark.parametrize("zoom", [5, 8, 14, 22])
def test_points_at_tile_corners_are_counted_once(where, zoom):
    steps = np.array([(x, y) for x in (-1e-7, 0, 1e-7) for y in (-1e-7, 0, 1e-7)])
    rows = rows_of(where(points(np.repeat(EDGE + steps, 150, axis=0))))
    x, y = tile_at(zoom, np.add(EDGE, (1e-7, -1e-7)))
    four = [counted(rows, zoom, x - a, y - b).sum() for a in (0, 1) for b in (0, 1)]
    assert sum(four) == rows.shown == 1350
    assert all(four)


def test_tiles_of_a_zoom_contain_all_points(where):
    rows = rows_of(where(points(somewhere(MANY))))
    assert sum(counted(rows, 7, x, y).sum() for x in range(75, 79) for y in range(48, 53)) == MANY


def test_lines_are_continuous_across_tiles(where):
    rows = rows_of(where(lines(1_200)))
    assert rows.shown == 1_200  # includes the one without geometry
    x, y = tile_at(8, np.array([33.75, EDGE[1] - 0.01]))
    left, right = counted(rows, 8, x - 1, y), counted(rows, 8, x, y)
    assert set(left.max(axis=0)[-50:]) == {1_199}
    assert set(right.max(axis=0)[:50]) == {1_199}


@both
def test_view_filters_the_counted_features(where):
    context = where(points(somewhere(MANY)))
    on_day = rows_of(context, f"layer=many&from={DAY}&to={DAY}")
    dated = rows_of(context, f"layer=many&from={DAY}&to={DAY}&dated_only=many")
    assert (on_day.shown, on_day.undated) == (1_001, 1)
    assert (dated.shown, dated.undated) == (1_000, 1)
    assert counted(on_day, 5, 19, 12).sum() == 1_001
    assert counted(dated, 5, 19, 12).sum() == 1_000
    assert counted(rows_of(context, "layer=many&q=x3"), 5, 19, 12).sum() == len(
        [n for n in range(MANY) if n % 7 == 3 and not n % 2]
    )


@both
def test_large_layer_selection_equals_that_of_a_small_layer(where):
    frame = points(somewhere(MANY))
    for query in ("", f"from={DAY}&to={DAY}", "q=EX", "q=synthetic+e3", "q=k12", "q=nothing"):
        small = rows_of(where(frame, VECTOR_LIMIT="100000"), f"layer=many&{query}")
        many = rows_of(where(frame), f"layer=many&{query}")
        assert isinstance(small, LayerRows)
        assert isinstance(many, LargeLayerRows)
        pd.testing.assert_frame_equal(pd.DataFrame(many.frame), pd.DataFrame(small.frame))
        assert many.shown == small.shown
        assert list(many.head(5)["key"]) == list(small.head(5)["key"])


def test_tile_is_the_same_in_another_process(where):
    context = where(points(somewhere(MANY)))
    selection = select(View(layers=("many",)), context.store)
    here = hashlib.sha256(
        density_tiles.render_tile(selection, "many", OVER_SYRIA, "light")
    ).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", ROOT_CODE], capture_output=True, text=True, check=True
    )
    assert there.stdout.split() == [here, "0"]


@pytest.mark.parametrize(
    "path",
    [
        "nowhere/6/38/25",
        "claims/6/38/25",
        "many/23/0/0",
        "many/6/64/25",
        "many/6/38/64",
        "many/-1/0/0",
        "many/6/38.5/25",
        "many/a/b/c",
        "many/06/38/25",
        "many/6/38",
        "many",
    ],
)
def test_missing_tile_is_a_404_with_a_message(app, path):
    for query in ("layer=many&layer=nowhere", ""):
        answer = get(app, f"/tiles/{path}.png?{query}")
        assert (answer.status, answer.kind) == (404, "application/json")
        assert answer.json["error"]


def test_tile_of_a_layer_that_the_view_lacks_is_a_404(app):
    assert get(app, "/tiles/many/6/38/25.png").status == 404
    assert get(app, "/tiles/many/6/38/25.png?layer=many&theme=pink").status == 400
    assert get(app, "/tiles/many/6/38/25.png?layer=many&fom=2024").status == 400


def test_tile_with_a_matching_etag_is_a_304(app, fresh_context):
    first = get(app, "/tiles/many/6/38/25.png?layer=many")
    again = get(app, "/tiles/many/6/38/25.png?layer=many", if_none_match=first.headers["etag"])
    assert (first.status, first.kind) == (200, "image/png")
    assert (again.status, again.sent) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"


def test_tile_of_the_current_version_is_cacheable(where):
    version = where(points(somewhere(MANY))).store.version()
    app = Starlette(routes=routes())
    kept = get(app, f"/tiles/many/6/38/25.png?layer=many&v={version}")
    assert kept.headers["cache-control"] == "private, max-age=600"
    other = get(app, "/tiles/many/6/38/25.png?layer=many&v=other")
    assert other.headers["cache-control"] == "private, no-cache"


def test_tile_is_transparent_without_features_and_themed(app):
    bodies = {
        theme: get(app, f"/tiles/many/6/38/25.png?layer=many&theme={theme}").sent
        for theme in ("light", "dark")
    }
    images = {theme: Image.open(io.BytesIO(body)) for theme, body in bodies.items()}
    assert images["light"].size == (density_tiles.CELLS, density_tiles.CELLS)
    alpha = np.array(images["light"].convert("RGBA"))[..., 3]
    assert 0 < np.count_nonzero(alpha) < MANY + 1
    assert bodies["light"] != bodies["dark"]
    empty = Image.open(io.BytesIO(get(app, "/tiles/many/6/0/0.png?layer=many").sent))
    assert not np.array(empty.convert("RGBA"))[..., 3].any()


def test_features_of_a_large_layer_are_marked_as_density(app):
    answer = get(app, "/features/many?layer=many").json
    assert answer["density"] is True
    assert (answer["shown"], answer["total"], answer["features"]) == (MANY, MANY, [])
    few = get(app, f"/features/many?layer=many&from={DAY}&to={DAY}&q=x3").json
    assert "density" not in few
    assert len(few["features"]) == few["shown"] > 0


@both
def test_box_with_few_features_returns_them(app):
    frame = points(somewhere(MANY))
    box = (36.0, 34.0, 36.4, 34.4)
    said = ",".join(map(str, box))
    answer = get(app, f"/features/many/within?layer=many&box={said}").json
    inside = frame.cx[box[0] : box[2], box[1] : box[3]]
    assert {one["id"] for one in answer["features"]} == set(inside["key"])
    assert answer["within"] == len(inside) > 0


def test_box_with_too_many_features_returns_only_the_count(where):
    where(points(somewhere(MANY)))
    app = Starlette(routes=routes())
    answer = get(app, "/features/many/within?layer=many&box=30,30,40,40").json
    assert (answer["within"], answer["features"]) == (MANY, [])


@both
def test_click_returns_the_nearest_feature_first(where):
    at = np.array([36.0, 35.0])
    where(points(np.vstack([somewhere(MANY), np.add(at, [[0.00002, 0], [0, 0.00001], [0.01, 0]])])))
    app = Starlette(routes=routes())
    answer = get(app, "/features/many/near?layer=many&spot=35.0,36.0,15").json
    assert [one["id"] for one in answer["features"]] == [f"k{MANY + 1}", f"k{MANY}"]
    assert answer["within"] == 2
    assert get(app, "/features/many/near?layer=many&spot=10,10,15").json["features"] == []


@pytest.mark.parametrize(
    "path",
    [
        "within?box=1,2,3",
        "within?box=3,3,1,1",
        "within?",
        "near?spot=a,b,c",
        "near?spot=1,2,nan",
        "near?spot=1,2,99",
        "near?spot=1,2,3&spot=1,2,3",
    ],
)
def test_invalid_box_or_position_is_rejected(app, path):
    answer = get(app, f"/features/many/{path}&layer=many")
    assert answer.status == 400
    assert answer.json["error"]


def test_legend_has_the_number_classes_of_the_density(where):
    context = where(points(somewhere(MANY)))
    entries = build_legend(select(View(layers=("many",)), context.store))
    shades = [entry for entry in entries if entry["group"] == "shades"]
    assert [one["label"] for one in shades[0]["scale"]] == list(density_tiles.label_classes())
    assert density_tiles.label_classes()[:2] == ("1", "2–5")
    few = build_legend(select(View(layers=("many",), q="k12"), context.store))
    assert not [entry for entry in few if entry["group"] == "shades"]


def test_rows_over_the_download_limit_are_rejected(where):
    rows = rows_of(where(points(somewhere(MANY)), DOWNLOAD_ROWS="2999"))
    with pytest.raises(LimitError, match=r"3,000 rows .* \(2,999\)"):
        _ = rows.frame


def test_spatial_index_finds_the_rows_of_a_full_read(tmp_path):
    frame = points(somewhere(MANY))
    frame.loc[5, "geometry"] = None
    frame.loc[6, "geometry"] = shapely.Point(np.nan, 3)
    FolderStore(tmp_path).write("many", frame)
    store = FolderStore(tmp_path, small_bytes=0)
    columns = load_index(store, "many")
    for query in (
        Query(bbox=(35, 33, 36, 35)),
        Query(DAY, DAY, undated=False, bbox=(34, 32, 38, 36)),
        Query(None, DAY, undated=True),
        Query(DAY, None, undated=False),
    ):
        window = to_window(query.bbox) if query.bbox else None
        found = np.concatenate([*columns.find_rows(query, window), np.empty(0, int)]).astype(int)
        assert list(found) == list(store.read("many", query).index)
        assert columns.count_rows(query, window) == len(found)
        taken = store.read_positions("many", found)
        pd.testing.assert_frame_equal(pd.DataFrame(taken), pd.DataFrame(store.read("many", query)))


def test_spatial_index_finds_areas_by_their_bounds(tmp_path):
    boxes = shapely.box(*np.hstack([somewhere(50), somewhere(50) + 0.1]).T)
    frame = gpd.GeoDataFrame({"n": range(50)}, geometry=boxes, crs=4326)
    store = open_store(str(tmp_path))
    store.write("areas", frame)
    columns = load_index(store, "areas")
    found = np.concatenate(list(columns.find_rows(Query(), to_window((35, 33, 36, 34)))))
    near = frame.geometry.bounds
    meets = (near.minx <= 36) & (near.maxx >= 35) & (near.miny <= 34) & (near.maxy >= 33)
    assert list(found) == list(np.flatnonzero(meets))


def test_large_file_is_in_hilbert_order_with_few_row_groups_per_box(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.store.formats.geoparquet_writer.SORTED_FROM", 1_000)
    monkeypatch.setattr("geo.store.formats.geoparquet_writer.ROW_GROUP", 100)
    frame = points(somewhere(MANY))
    frame.loc[5, "geometry"] = None
    store = FolderStore(tmp_path, small_bytes=0)
    store.write("many", frame, LayerSpec(id_column="key"))
    read = store.read("many")
    assert sorted(read["key"]) == sorted(frame["key"])
    assert read["key"].iloc[-1] == "k5"
    groups = {int(at) // 100 for at in store.read("many", Query(bbox=(36, 34, 36.5, 34.5))).index}
    assert len(groups) <= 6


@both
@pytest.mark.parametrize("count", [MANY + 500, MANY // 2])
def test_selection_of_a_replaced_layer_shows_no_new_rows(where, count):
    context = where(points(somewhere(MANY)))
    rows = rows_of(context)
    last = rows.positions()[-1:]
    assert list(rows.rows(last)["key"])
    context.store.write("many", points(somewhere(count)[::-1]), LayerSpec(id_column="key"))
    assert counted(rows, 5, 19, 12).sum() == MANY  # the counts at selection time
    for some in (last, rows.positions(most=1)):
        with pytest.raises(LayerUnreadableError, match="has just been replaced"):
            rows.rows(some)
    assert context.store.faults() == ()
    assert rows_of(context).shown == count


@pytest.mark.parametrize("kind", ["points", "lines"])
def test_database_tiles_equal_folder_tiles(kind, tmp_path, postgres, fresh_context):
    frame = points(somewhere(MANY)) if kind == "points" else lines(MANY)
    frame.loc[5, "geometry"] = None
    answers = []
    for url in (str(tmp_path), postgres.fresh()):
        fresh_context(url, VECTOR_LIMIT="1000").store.write(
            "many", frame, LayerSpec(id_column="key")
        )
        app = Starlette(routes=routes())
        tiles = [
            get(app, f"/tiles/many/{square}.png?layer=many&{query}").sent
            for square, query in (
                ("6/38/25", ""),
                ("5/19/12", "theme=dark"),
                ("5/19/12", "q=e3"),
                ("5/19/12", f"from={DAY}&to={DAY}&undated=1"),
            )
        ]
        rows = [
            (answer["features"], answer["within"])
            for asked in ("near?spot=35.0,36.0,8", "within?box=36,34,36.4,34.4")
            for answer in [get(app, f"/features/many/{asked}&layer=many").json]
        ]
        answers.append((tiles, rows))
    assert answers[0] == answers[1]
    assert all(tiles)
