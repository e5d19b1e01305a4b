"""The preview of the report form: the sentence and the mark that readers will see."""

from datetime import date

from geo.errors import EvidenceError
from geo.evidence import Evidence, Source
from geo.evidence.distance import Distance
from geo.evidence.distance_shapes import find_centre
from geo.ledger.models import Fields
from geo.mapping.symbols import CERTAINTY, EVIDENCE_SIGN, SIGNS, STANCE
from geo.ui.claim_card import write_statement
from geo.ui.html import escape, tag
from geo.ui.report_records import BuiltReport
from geo.ui.signs import render_sign

UNKNOWN_SIGN = "page"
NOTHING_YET = "The sentence and its mark, once a source or the words are there."


def render_preview(built: BuiltReport, evidence: Evidence) -> str:
    """Return the sentence and the mark of a report as HTML, as far as it is filled in."""
    if not built.claim["says"] and _find_source(built, evidence) is None:
        return tag("p", "hint", NOTHING_YET)
    words = describe_distance(built.claim, evidence)
    sentence = tag("p", "says", escape(write_statement(make_preview_row(built, evidence))))
    where = tag("p", "source", escape(f"{words}; the spot is not given")) if words else ""
    mark = render_mark(built.claim)
    return tag("article", f"claim {built.claim['stance']}", sentence, where, mark)


def describe_distance(claim: Fields, evidence: Evidence) -> str:
    """Return the distance of a claim in words, as the panel has it; empty without one."""
    try:
        distance = Distance.model_validate(claim.get("distance"))
        words = distance.describe(find_centre(evidence, distance)[2])
    except (ValueError, EvidenceError):  # its faults are listed beside
        return ""
    return f"{words[:1].upper()}{words[1:]}"


def render_mark(claim: Fields) -> str:
    """Return the signs of evidence and stance, as strong as the certainty, with their words."""
    label, opacity = CERTAINTY[claim["certainty"]]
    stance, kind = STANCE[claim["stance"]], claim["evidence"]
    paths = (
        SIGNS["evidence"][EVIDENCE_SIGN.get(kind, UNKNOWN_SIGN)],
        SIGNS["stance"][stance.mark],
    )
    signs = "".join(render_sign(path) for path in paths)
    mark = f'<span class="mark-signs" style="opacity: {opacity:g}">{signs}</span>'
    words = " · ".join((kind or "evidence not chosen", label.lower(), stance.label.lower()))
    return tag("p", "kinds", mark, escape(words))


def make_preview_row(built: BuiltReport, evidence: Evidence) -> Fields:
    """Return the row of the claims layer that the panel would write the claim from."""
    claim = built.claim
    source = _find_source(built, evidence)
    place = evidence.place_by_id.get(claim["place"] or "")
    name = built.place["name"] if built.place else place.name if place else None
    days = {
        name: date.fromisoformat(claim[name]) if claim[name] else None
        for name in ("observed_from", "observed_to")
    }
    reported = source.reported if source else "reported by …"
    return claim | days | {"says": claim["says"] or "…", "place_name": name, "reported": reported}


def _find_source(built: BuiltReport, evidence: Evidence) -> Source | None:
    if built.source is None:
        return evidence.source_by_id.get(built.claim["source"] or "")
    try:
        return Source.model_validate(built.source)
    except ValueError:  # its faults are listed beside
        return None
