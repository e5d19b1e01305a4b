"""Column names of coordinates: languages, prefixes and units, and which names form a pair."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_LOOKS = str.maketrans("łıیک", "liيك")


def fold(text: str) -> str:
    """Return a text for comparison: no case, accents or variants of letters."""
    text = unicodedata.normalize("NFKD", text.translate(_LOOKS)).casefold()
    return "".join(ch for ch in text if not unicodedata.combining(ch)).translate(_LOOKS)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


_LATITUDES = _words("""
    lat lats latitude latitudes latitud latitudine latitudinea breitengrad breitengrade
    breedtegraad breddgrad breddegrad leveysaste широта enlem lintang 纬度 緯度 위도
    latdd latdeg latitudedd latwgs latdec declat ylat nlat gpslat
    lattitude latitute
""")
_LONGITUDES = _words("""
    lon lons lng long longitude longitudes longitud longitudine longitudinea längengrad
    laengengrad längengrade lengtegraad längdgrad lengdegrad pituusaste долгота довгота boylam
    bujur 经度 經度 経度 경도 londd longdd londeg longdeg longitudedd lonwgs londec declon declong
    xlon xlong elon gpslon gpslong longtitude longitute lontitude
""")
# also "width" and "length"
_WIDTHS = _words("""
    breite العرض عرض רוחב πλάτος szerokość szer šířka szélesség širina ширина enlik paralel
""")
_LENGTHS = _words("""
    länge laenge الطول طول אורך μήκος długość dł délka hosszúság dužina дужина uzunluq meridyen
""")
_SURE = (("lat", _LATITUDES), ("lon", _LONGITUDES))
_UNSURE = (("lat", _WIDTHS), ("lon", _LENGTHS))
_SIDES = {
    "lat": ({"n", "north"}, {"s", "south"}, {"y"}),
    "lon": ({"e", "east", "o"}, {"w", "west"}, {"x"}),
}
_GEOGRAPHIC = _words("""
    خط خطوط دائرة دايره جغرافيايي الجغرافي קו γεωγραφικό geograficzna geogr geographische
    geographisch zeměpisná földrajzi geografska географска gps grad deg wgs
""")
_NORTHINGS = _words(
    "y northing northings north ycoord coordy utmn utmy pointy hochwert nordwert nord"
)
_EASTINGS = _words("x easting eastings east xcoord coordx utme utmx pointx rechtswert ostwert ost")
_UNITS = _words("""
    deg degs degree degrees degre degres grad dd decimal dec dez decdeg wgs 84 wgs84 epsg 4326
    خط خطوط دائرة דרגות קו γεωγραφικό geograficzna geogr geographische zeměpisná جغرافيايي
    الجغرافي földrajzi geografska географска
""")
_GRID_WORDS = _words("""
    utm coord coordinate coordinates koordinate koordinat koordinatı coordenada coordonnée
    coordinata координата point pos position m metres meters
""")
_LENGTH_UNITS = _words("m cm mm km ft inch metre metres meter meters")
_BESIDE = _words("""
    min max minimum maximum minute minutes sec second seconds error err acc accuracy uncertainty
    precision sigma std stddev offset delta diff span range radius ref hem hemi hemisphere dir
    direction indicator status type quality zone count speed vel velocity rate rad radian radians
""")
"""Words of columns that hold something about a coordinate, or the edge of a box."""
_NEUTRAL = _words("gps osd geo exif location position pos point coord coords x y reported site")
_EVENT = _words("action event incident impact target strike place ort lieu")
_FIRST = _words("start from begin departure dep pickup first 1")
_OTHER = _words("""
    actor origin source src home rc operator pilot user observer reporter photographer camera
    viewpoint capital centroid office hq end to dest destination arrival arr dropoff last 2 3
""")
_GLUED = re.compile(r"(.*?)(latitude|lat|longitude|long|lon|lng)(|dd|deg|dec|wgs|gps)")
_SCALES = (("e7", 10**7), ("e6", 10**6))
_EXPONENTS = (["e", "7"], ["e", "6"])
_AXIS_AND = r"(?i)((?:^|[\W_])(?:lat|latitude|lon|lng|long|longitude))"
_PARTS = tuple(  # lat_d, lat_m, lat_s; Lat', Lat"
    (re.compile(_AXIS_AND + form), rf"\1 {word}")
    for form, word in (
        (r"[ _.-]?d$", "deg"),
        (r"[ _.-]?m$", "min"),
        (r"[ _.-]?s$", "sec"),
        (r"\s*[\[(]?(?:\"|″|”|'')[\])]?$", "sec"),
        (r"\s*[\[(]?(?:'|′|’)[\])]?$", "min"),
    )
)


@dataclass(frozen=True)
class AxisName:
    """What a column name says: latitude or longitude (y or x), and the words beside that."""

    axis: str
    """"lat", "lon", "y" or "x"."""
    rest: tuple[str, ...] = ()
    sure: bool = True
    """False: the word also has another meaning, or is part of a longer one."""
    negative: bool = False
    """The unit says °S or °W: positive numbers are south or west."""
    in_metres: bool = False
    """The unit is one of length: the numbers are never degrees."""

    @property
    def scale(self) -> int:
        """What its whole numbers are multiples of: 10,000,000 in latitudeE7, else 1."""
        return next((scale for word, scale in _SCALES if word in self.rest), 1)

    @property
    def rank(self) -> int:
        """0 for the plain name, then event, other words, the first of several, other objects."""
        rest = set(self.rest) - _NEUTRAL
        groups = ((_OTHER, 4), (_FIRST, 3), (_EVENT, 1))
        return next((rank for words, rank in groups if rest & words), 2 if rest else 0)


def split_name(name: object) -> list[str]:
    """Return the folded words of a name, split at punctuation, units, case and digits."""
    text = unicodedata.normalize("NFC", str(name)).strip()
    for form, word in _PARTS:
        text = form.sub(word, text)
    text = re.sub(r"(?<=[a-zà-ž])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", text)
    words = [word for word in re.split(r"[\W_]+", fold(text)) if word]
    return [*words[:-2], "".join(words[-2:])] if words[-2:] in _EXPONENTS else words


def read_name(name: object) -> AxisName | None:
    """Return what a column name says, None if it names neither latitude nor longitude."""
    words = split_name(name)
    if words in (["la"], ["lo"]):  # of GeoConfirmed
        return AxisName("lat" if words == ["la"] else "lon", sure=False)
    named = [(axis, word) for axis, known in _SURE for word in words if word in known]
    sure = bool(named) or bool(set(words) & _GEOGRAPHIC)
    if not named:
        named = [(axis, word) for axis, known in _UNSURE for word in words if word in known]
        if named and not sure and set(words) & _LENGTH_UNITS:
            return None
    if not named:
        return _read_grid_name(words)
    if len({axis for axis, _ in named}) > 1:
        return None
    axis, hit = named[0]
    others = [word for word in words if word != hit and word not in _UNITS]
    plus, minus, letter = _SIDES[axis]
    rest = tuple(word for word in others if word not in plus | minus | letter)
    behind = words[words.index(hit) :]  # "S." before the word abbreviates anything
    negative = bool(minus.intersection(behind)) and not plus.intersection(others)
    return None if set(rest) & _BESIDE else AxisName(axis, rest, sure, negative)


def _read_grid_name(words: Sequence[str]) -> AxisName | None:
    """Return the axis of names such as x, y, Easting or POINT_X."""
    bare = [word for word in words if word not in _UNITS | _GRID_WORDS]
    if len(bare) > 2 or set(bare) & _BESIDE:
        return None
    for axis, known in (("y", _NORTHINGS), ("x", _EASTINGS)):
        hit = next((word for word in (*bare, "".join(words)) if word in known), None)
        if hit and (len(bare) < 2 or hit in ("northing", "easting")):
            metres = bool(set(words) & _LENGTH_UNITS)
            return AxisName(axis, tuple(word for word in bare[1:] if word != hit), in_metres=metres)
    return None


def pair_names(names: Iterable[str]) -> list[tuple[str, str, AxisName]]:
    """Return (latitude, longitude) or (y, x) columns that differ by these words only, best first.

    A single latitude and a single longitude are a pair whatever words are beside them. Each pair
    comes with what its first name says.
    """
    names = list(names)
    known = {name: axis for name in names if (axis := read_name(name))}
    pairs = []
    for first, second in (("lat", "lon"), ("y", "x")):
        ones = [name for name, axis in known.items() if axis.axis == first]
        others = [name for name, axis in known.items() if axis.axis == second]
        for one in ones:
            if _is_edge(known[one], known, names):
                continue
            same = [name for name in others if known[name].rest == known[one].rest]
            if not same and len(ones) == len(others) == 1:
                same = others
            if same:  # latitude goes with longitude, and lat with lon
                other = min(same, key=lambda name: abs(len(name) - len(one)))
                pairs.append((one, other, known[one]))
    pairs += _pair_glued_names([name for name in names if name not in known])
    return sorted(pairs, key=lambda pair: (pair[2].axis == "y", not pair[2].sure, pair[2].rank))


def _is_edge(axis: AxisName, known: dict[str, AxisName], names: Sequence[str]) -> bool:
    """Return whether there is a column for the north as well as the south edge of a box."""
    box = axis.axis == "y" and any(split_name(name)[-1:] == ["south"] for name in names)
    other = replace(axis, axis="lon" if axis.axis == "lat" else "x")
    longitudes = {one.negative for one in known.values() if replace(one, negative=False) == other}
    opposite = replace(axis, negative=not axis.negative) in known.values()
    return box or opposite or len(longitudes) == 2


def _pair_glued_names(names: Sequence[str]) -> list[tuple[str, str, AxisName]]:
    """Return pairs such as reclat and reclong, whose names are one word.

    "lon" also ends other words (salat and salon): such a pair is not sure.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in names:
        hit = _GLUED.fullmatch("_".join(split_name(name)))
        if hit and not set(hit[1].split("_")) & _BESIDE:
            axis = "lat" if hit[2].startswith("lat") else "lon"
            found.setdefault((hit[1], hit[3]), {}).setdefault(axis, name)
    return [
        (
            axes["lat"],
            axes["lon"],
            AxisName("lat", key, sure=not axes["lon"].lower().endswith("lon")),
        )
        for key, axes in found.items()
        if len(axes) == 2
    ]
