"""The frame of the preview map of an upload, with its margin."""

import pytest

from geo.meridian import crosses
from geo.ui.upload import _pad_box


@pytest.mark.parametrize(
    ("box", "crossing"),
    [
        ((179.5, -17.5, -179.5, -17.0), True),
        ((179.98, -17.0, 179.98, -17.0), False),
        ((-180.0, -17.0, -179.99, -17.0), False),
        ((35.0, 34.0, 36.0, 35.0), False),
    ],
)
def test_margin_keeps_a_frame_within_its_turn_and_on_its_side(box, crossing):
    west, south, east, north = _pad_box(box)
    assert crosses((west, south, east, north)) is crossing
    assert -180 <= west <= box[0]
    assert box[2] <= east <= 180
    assert (east - west) % 360 < 2
    assert south < box[1] <= box[3] < north
