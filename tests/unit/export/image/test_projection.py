"""The camera of a picture: it covers all that a screen showed, whatever the shapes of both."""

import numpy as np
import pytest

from geo.camera import Camera
from geo.export.image.projection import camera_for, mercator
from geo.mapping.folium_map import MapExtent

TARTUS = MapExtent((35.66, 34.80, 36.06, 35.045), ("rings",))
BOXES = [(0, 0, 1344, 760), (0, 40, 900, 1500), (12, 80, 1240, 600), (0, 0, 330, 250)]
SCREENS = [(706, 458), (1308, 886), (356, 534), (2600, 1300), (600, 601)]


def screen_corners(at, screen):
    """Return longitude and latitude of the corners of a map on a screen (independent formula)."""
    world = 256 * 2**at.zoom
    x, y = (one[0] for one in mercator(np.array([at.lon]), np.array([at.lat])))
    for across in (-1, 1):
        for down in (-1, 1):
            left, top = x + across * screen[0] / 2 / world, y + down * screen[1] / 2 / world
            yield (left - 0.5) * 360, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * top))))


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("zoom", [6, 11.25, 17])
def test_picture_covers_the_screen_and_two_edges_meet(box, screen, zoom):
    at = Camera(34.9, 35.87, zoom)
    camera = camera_for(box, 0.7, TARTUS, at, screen=screen)
    spots = np.array([camera.at(*corner) for corner in screen_corners(at, screen)])
    assert (spots >= np.array(box[:2]) - 0.5).all()
    assert (spots <= np.array(box[2:]) + 0.5).all()
    if zoom < 17:
        spread = np.ptp(spots, axis=0) / (box[2] - box[0], box[3] - box[1])
        assert max(spread) == pytest.approx(1, abs=0.01)
    middle = camera.at(at.lon, at.lat)
    assert middle == pytest.approx(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), abs=0.1)


def test_camera_without_a_screen_has_the_zoom_of_the_link():
    camera = camera_for(BOXES[0], 1.0, TARTUS, Camera(34.9, 35.87, 9.5))
    assert camera.zoom == pytest.approx(9.5)
