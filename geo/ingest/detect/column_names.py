"""Names by which columns are detected, as :func:`normalise_name` returns them."""

import re
from collections.abc import Iterable, Sequence


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LATITUDES = _words("""
    latitude lat latdd ylat latitud breite широта خطالعرض العرض
    decimallatitude gpslatitude latwgs84 latitudedd latdeg
""")
LONGITUDES = _words("""
    longitude lon lng long londd xlon longitud länge долгота خطالطول الطول
    decimallongitude gpslongitude lonwgs84 longdd longitudedd londeg
""")
XS = _words("x easting eastings east pointx xcoord coordx utme utmx")
YS = _words("y northing northings north pointy ycoord coordy utmn utmy")
TWO_COLUMNS = ((LATITUDES, LONGITUDES), (YS, XS))
SINGLE_COLUMNS = {
    "wkt": _words("wkt geometry geom thegeom geometrywkt wktgeometry shape wktgeom"),
    "mgrs": _words("mgrs usng mgrscoordinates grid gridref gridreference utm"),
    "pair": _words("""
        coordinates coords coordinate latlon latlong latlng location position gps geolocation
        geo point latitudelongitude الاحداثيات الإحداثيات координаты
    """),
}
"""Notation -> names of a column that holds both coordinates."""
STARTS = _words("""
    datefrom startdate start begin datestart starttime begindate from fromdate
    observedfrom validfrom firstseen startedat beginning
""")
ENDS = _words("""
    dateto enddate end dateend endtime to todate until
    observedto validto lastseen endedat finish
""")
INSTANTS = _words("""
    date eventdate datetime timestamp time when day observed basedatetime acqdate dateevent
    observedon dateutc timeutc datetimeutc التاريخ дата datum fecha
    reported reportedon published created createdat updated
""")
LABELS = _words("""
    name title label nom titel الاسم название имя headline vesselname callsign eventtype type
    city place location admin3 description desc notes cmt
""")
IDS = _words("""
    id uuid guid eventid eventidcnty featureid objectid fid dataid recordid globalid gid
    ogcfid uid
""")


def normalise_name(name: object) -> str:
    """Return a column name for comparison: case-folded, without spaces and punctuation."""
    return re.sub(r"[\s_\-.]+", "", str(name)).casefold()


def index_names(names: Iterable[str]) -> dict[str, str]:
    """Return normalised name -> name; the first of several equal ones."""
    return {normalise_name(name): name for name in reversed(list(names))}


def match_name(names: dict[str, str], wanted: Sequence[str]) -> str | None:
    """Return the column whose normalised name comes first in ``wanted``, None for none."""
    return next((names[one] for one in wanted if one in names), None)
