"""A map of public reporting: evidence, layers, views and the pictures made from them."""
