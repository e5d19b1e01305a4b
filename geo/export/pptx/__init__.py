"""PowerPoint files of a deck."""
