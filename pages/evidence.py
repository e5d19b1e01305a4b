"""The ledger: every claim, with its source, as it was reported."""

from geo.ui import comparing, parts

parts.heading("The ledger")
parts.ledger()
comparing.corroborated()
