"""Use a page's Selection in a script or notebook: the same rows, ids and counts.

Run it with `python docs/in_a_notebook.py`; a test runs it too.
"""

import datetime as dt

from geo import View, open_store, select

store = open_store()

# A link's query as a View.
twelfth = View(places=("khmeimim",), date_from=dt.date(2024, 12, 12), date_to=dt.date(2024, 12, 12))
selection = select(twelfth, store)
print(selection.report_count)
print(selection.rows[["id", "says", "reported"]].to_string(index=False))

# Rows are a GeoDataFrame in EPSG:4326; areas are computed in metres, never in degrees.
projected = selection.rows.to_crs(selection.rows.estimate_utm_crs())
print(f"The outline that they share has {projected.area.iloc[0] / 1e6:.1f} square kilometres.")
