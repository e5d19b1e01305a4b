"""The columns of the table of reports."""

import pandas as pd

from geo.evidence.day_counts import REPORTED_AXIS
from geo.evidence.rating_words import list_rating_columns
from geo.text import formatting
from geo.ui.claim_card import list_review_states
from geo.ui.page_context import PageContext

LEDGER_WIDTHS = {
    "What is reported": 234,
    "When": 96,
    "Place": 108,
    "Certainty": 78,
    "Reported by": 115,
    "Sources differ": 38,
}
"""Pixels of the columns that are seen without scrolling at 1366 pixels, beside the sidebar."""


def list_claim_columns(page: PageContext) -> pd.DataFrame:
    """Return the columns of the table of reports, one row for each shown report."""
    rows = page.selection.rows
    reported = page.view.axis == REPORTED_AXIS
    first = {"Reported on": formatting.format_report_days(rows)} if reported else {}
    first |= list_review_states(rows.get("review", ()))
    columns = first | {
        "What is reported": rows["says"],
        "When": [
            formatting.format_when(row)
            for row in rows[[*formatting.DATE_COLUMNS]].to_dict("records")
        ],
        "Place": rows["place_name"].fillna("—"),
        "Certainty": rows["certainty"],
        "Reported by": rows["publisher"],
        "Sources differ": ["≠" if len(names) else "" for names in rows["conflicts"]],
        **list_rating_columns(rows, page.context.evidence.vocabulary_by_id),
        "Systems": [", ".join(names) for names in rows["systems"]],
        "Evidence": rows["evidence"],
        "Points to": rows["stance"],
        "Number": [
            formatting.format_count(*pair)
            for pair in zip(rows["count_min"], rows["count_max"], strict=True)
        ],
        "Attributed to": rows["attributed_to"],
        "id": rows["id"],
    }
    return pd.DataFrame(columns).reset_index(drop=True)
