"""What the words of the fixed vocabularies mean; those of the ratings are records of the case."""

from collections.abc import Mapping

CERTAINTY: Mapping[str, str] = {
    "observed": "an image, a video or tracking shows it",
    "likely": "the source calls it likely",
    "apparent": "the source says that it appears so",
    "stated": "the source states it, and not how it knows",
    "claimed": "somebody whom the source cites says so",
    "unconfirmed": "the source says that it is not confirmed",
    "unknown": "the source says that it is not known",
}
STANCE: Mapping[str, str] = {
    "leaving": "forces or equipment leave, or are made ready to",
    "staying": "they stay, or go on as before",
    "undecided": "the source says that it is open, or negotiated",
    "neutral": "the source says neither",
}
EVIDENCE: Mapping[str, str] = {
    "satellite imagery": "a satellite image of a day",
    "verified video": "a video that the source has verified",
    "drone footage": "film from a drone",
    "ship tracking": "positions that ships send",
    "flight tracking": "positions that aircraft send",
    "photo": "a photo, not verified by the source",
    "video": "a video, not verified by the source",
    "official statement": "a government, an army or its office says so",
    "social post": "a post of a person or a channel",
    "expert": "somebody who knows the subject says so",
    "unconfirmed report": "hearsay that the source passes on as such",
    "article's own reading": "the source says it in its own words",
    "background": "what was so before, for understanding",
}
DATE_CLASS: Mapping[str, str] = {
    "day": "on one day: the source gives it",
    "range": "some time within days: the source gives the first and the last",
    "by": "by a day: it had happened no later than this",
    "undated": "the source gives no date",
}
REPORTED_ON_PRECISION: Mapping[str, str] = {
    "day": "the day is known",
    "month": "only the month is known",
    "unknown": "not known",
}
LOCATION_CLASS: Mapping[str, str] = {
    "exact": "the source gives the spot",
    "vicinity": "near it; the source gives no spot",
    "locality": "somewhere within it; the source gives no spot",
    "area": "an approximate area, drawn from the wording",
    "route-inferred": "on the way between the places that the source names; the road is inferred",
    "none": "the source names no place that can be drawn",
    "distance": "at a distance from a point; the source gives no spot",
}
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "certainty": CERTAINTY,
    "stance": STANCE,
    "evidence": EVIDENCE,
    "date_class": DATE_CLASS,
    "reported_on_precision": REPORTED_ON_PRECISION,
    "location_class": LOCATION_CLASS,
}
"""Meanings by the field that holds the word."""
