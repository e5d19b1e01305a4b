"""Large layers: batches, the spatial index, streams of rows."""
