"""The map's camera and the size of the map that it was chosen on, as a link writes them."""

from dataclasses import dataclass

from geo.errors import ViewError
from geo.meridian import wrap_longitude

MOST_LON = 540.0  # degrees: a map may show one more turn to each side
SCREENS = (50, 20_000)  # least and most pixels of a side of a map on a screen


@dataclass(frozen=True)
class Camera:
    """Map camera: latitude and longitude in degrees (EPSG:4326), Leaflet zoom level.

    A longitude beyond 180, as of a map that shows the world more than once, is brought back to
    -180 to 180.
    """

    lat: float
    lon: float
    zoom: float

    def __post_init__(self) -> None:
        numbers = (self.lat, self.lon, self.zoom)
        # Written so that NaN, which is neither above nor below anything, is refused as well.
        if not (-85 <= self.lat <= 85 and abs(self.lon) <= MOST_LON and 1 <= self.zoom <= 19):
            msg = f"The camera {numbers!r} is off the map: latitude, longitude, zoom 1 to 19."
            raise ViewError(msg)
        object.__setattr__(self, "lon", wrap_longitude(self.lon))
        for name, digits in (("lat", 5), ("lon", 5), ("zoom", 2)):
            object.__setattr__(self, name, round(getattr(self, name), digits))


def parse_camera(text: str) -> Camera:
    """Parse "latitude,longitude,zoom"."""
    lat, lon, zoom = (float(part) for part in text.split(","))
    return Camera(lat, lon, zoom)


def format_camera(at: Camera) -> str:
    """Write a camera as the map writes it."""
    return f"{at.lat:.5f},{at.lon:.5f},{at.zoom:.2f}"


def parse_screen(text: str) -> tuple[int, int]:
    """Parse the width and height of a map, such as "1106x770"."""
    width, height = (int(part) for part in text.split("x"))
    if not (SCREENS[0] <= min(width, height) and max(width, height) <= SCREENS[1]):
        msg = f"A map of {width} x {height} pixels is none that a screen shows."
        raise ViewError(msg)
    return width, height


def format_screen(screen: tuple[int, int]) -> str:
    """Write the width and height of a map."""
    return "{}x{}".format(*screen)
