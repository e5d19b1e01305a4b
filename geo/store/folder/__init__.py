"""A folder of layer files as a store."""
