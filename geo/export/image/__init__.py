"""Slides as pictures, drawn with matplotlib: PNG, SVG and PDF."""
