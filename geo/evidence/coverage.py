"""Coverage per place and day: seen, reported, or no data.

"no data" means that no shown claim covers the place on that day. It does not mean that anything
had gone: not observed is not gone.
"""

from collections import defaultdict
from itertools import product
from typing import Any

import pandas as pd
from geopandas import GeoDataFrame

from geo.evidence.models import SEEING_KINDS

SEEN, REPORTED, NO_DATA = "seen", "reported", "no data"


def tabulate_coverage(claims: GeoDataFrame) -> pd.DataFrame:
    """Tabulate the coverage of each place and day.

    A claim of date class "day" counts on its day: as "seen" if its evidence kind is direct (an
    image, a video, tracking), else as "reported". Direct evidence of the vicinity of a site counts
    as "reported" of the site itself; a route has no inside, so there it is "seen". A "range" means
    some time within it, so it is "reported" on each of its days and never "seen". A "by" claim is
    "reported" on its last day. These do not count: background and undated claims, claims without
    a drawn location at the place, and claims of certainty "unknown", which state a gap in
    knowledge and no finding.

    The table has one row for each place, in order of first appearance, and each day from the first
    to the last dated day. Columns: place, day (datetime64[ms]), status, kinds (sorted list of the
    evidence kinds that count on that day).
    """
    dated = claims[(claims["evidence"] != "background") & claims["observed_to"].notna()]
    kinds: defaultdict[tuple[str, pd.Timestamp], set[str]] = defaultdict(set)
    seen: set[tuple[str, pd.Timestamp]] = set()
    for row in dated[dated["place"].notna()].itertuples():
        if row.location_class == "none" or row.certainty == "unknown":
            continue
        start = row.observed_to if pd.isna(row.observed_from) else row.observed_from
        for day in pd.date_range(start, row.observed_to):
            kinds[row.place, day].add(row.evidence)
            if _is_seen(row):
                seen.add((row.place, day))
    ends = dated[["observed_from", "observed_to"]]
    days = [] if dated.empty else pd.date_range(ends.min().min(), ends.max().max())
    rows = []
    for key in product(claims["place"].dropna().unique(), days):
        status = SEEN if key in seen else REPORTED if key in kinds else NO_DATA
        rows.append((*key, status, sorted(kinds.get(key, ()))))
    table = pd.DataFrame(rows, columns=["place", "day", "status", "kinds"])
    return table.astype({"place": "str", "day": "datetime64[ms]", "status": "str"})


def _is_seen(row: Any) -> bool:
    """Return whether a claim rests on direct evidence of the place itself on a single day."""
    on_a_line = row.geometry is not None and row.geometry.geom_type == "LineString"
    at_place = row.location_class != "vicinity" or on_a_line
    return at_place and row.date_class == "day" and row.evidence in SEEING_KINDS
