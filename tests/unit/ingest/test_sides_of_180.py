"""The side of 180 degrees that a map shows whose frame does not cross it."""

import geopandas
import pytest
import shapely

from geo.ingest.extent import choose_side


@pytest.mark.parametrize(
    ("shapes", "box", "beyond"),
    [
        ([shapely.Point(179, -17), shapely.Point(178, -16), shapely.Point(-179, -15)],
         (178, -17, 179, -16), "1 row is"),
        ([shapely.Point(179, -17), shapely.Point(-178, -16), shapely.Point(-179, -15), None],
         (-179, -16, -178, -15), "1 row is"),
        ([shapely.MultiPolygon([shapely.box(178, 1, 180, 2), shapely.box(-180, 1, -179, 2)])],
         (178, 1, 180, 2), "1 row is"),
        ([shapely.Point(179, 0), shapely.Point(179.5, 1), shapely.Point(-179, 0),
          shapely.Point(-178, 0)], (179, 0, 179.5, 1), "2 rows are"),
    ],
)  # fmt: skip
def test_side_with_more_places_is_shown_and_the_others_are_counted(shapes, box, beyond):
    assert choose_side(geopandas.GeoSeries(shapes, crs=4326)) == (box, beyond)
