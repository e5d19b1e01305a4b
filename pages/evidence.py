"""The ledger: every claim, with its source, as it was reported."""

from geo.ui import comparing, parts, takeaway

parts.heading()
parts.ledger()
comparing.corroborated()
takeaway.take_away()
