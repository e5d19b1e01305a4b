"""The page's Selection in a script or a notebook: the same rows, ids and counts.

Run it with `python docs/in_a_notebook.py`; a test does.
"""

import datetime as dt

from geo import View, open_store, select

store = open_store()

# What a link says after its question mark, as a View.
twelfth = View(places=("khmeimim",), date_from=dt.date(2024, 12, 12), date_to=dt.date(2024, 12, 12))
selection = select(twelfth, store)
print(selection.report_count)
print(selection.rows[["id", "says", "reported"]].to_string(index=False))

# Rows are a GeoDataFrame in EPSG:4326; areas are computed in metres, never in degrees.
projected = selection.rows.to_crs(selection.rows.estimate_utm_crs())
print(f"The outline that they share has {projected.area.iloc[0] / 1e6:.1f} square kilometres.")
