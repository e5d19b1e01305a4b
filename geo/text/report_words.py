"""The sentences about a selection, as forms: the server and the map's script fill in the same ones.

A name in braces is filled in; ``:,`` groups the digits of a number by thousands.
"""

from collections.abc import Mapping

PLACES_NAMED = 8  # places of a subtitle; one more is named too, since it takes no more room
SYSTEMS_NAMED = 6  # systems of a subtitle

FORMS: Mapping[str, str] = {
    "no match": "No report matches these filters",
    "silent": "No report of {span}",
    "silent place": "{place}: no report of {span}",
    "silent reported": "Nothing {span}",
    "silent reported place": "{place}: nothing {span}",
    "shown": "What was reported of {span}",
    "shown place": "{place}, {span}",
    "shown reported": "What was {span}",
    "shown reported place": "{place}, {span}",
    "reported day": "reported on {span}",
    "reported span": "reported {span}",
    "by place": "Reports: {list}.",
    "by system": "Reported: {list}.",
    "at place": "{count} {place}",
    "elsewhere": "elsewhere",
    "without place": "{count} with no place",
    "further places": "{count} at {places} further places",
    "further systems": "{list} and {count} more",
    "comma": ", ",
    "and": "{list} and {last}",
    "semicolon": "; ",
    "silence": "{none} That is no sign of absence.{layers}",
    "other filters": "No report of these days matches the other filters.",
    "no source": "No source here reports on these days.",
    "no source reported": "No source here reported on any of these days.",
    "all filters": "The sidebar's last button takes all filters off.{layers}",
    "layer": " The map shows {rows:,} {noun} of “{title}”.",
    "layers": " The map shows {rows:,} {noun} of {layers} further layers.",
    "row": "row",
    "rows": "rows",
    "counted": "{shown:,} of {total:,} {noun}",
    "report": "report",
    "reports": "reports",
    "background": "{count} background",
    "undated": "{count} without a date",
    "draft": "{count} draft",
    "drafts": "{count} drafts",
    "in review": "{count} in review",
    "table": "Table: {counted}",
    "rule": "Each report counts once: {list}.",
    "rule part": "{count:,} {words}",
    "dot": " · ",
}
