"""Data files: CSV, GeoJSON, GeoPackage, KML and GeoParquet of one selection, and its citations."""
