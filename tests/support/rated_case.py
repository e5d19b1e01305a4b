"""The built-in case with invented ratings, for tests alone: no source rates its claims."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from geo.evidence import Evidence
from geo.settings import ASSETS

SOURCES: Mapping[str, dict[str, str]] = {
    "nyt-2024-12-13": {"reliability": "B"},
    "wider-usni-2024-12-10": {"reliability": "F"},
}
_CYCLE = (
    {"credibility": "2", "likelihood": "likely", "confidence": "moderate"},
    {},
    {"credibility": "6"},
    {"likelihood": "almost-certain"},
    {"confidence": "high"},
    {"credibility": "1", "likelihood": "very-unlikely"},
    {},
)


def rate_evidence(evidence: Evidence) -> Evidence:
    """Return evidence of which some sources and claims are rated, the first claim in every way."""
    sources = [one.model_copy(update=SOURCES.get(one.id, {})) for one in evidence.sources]
    pairs = zip(evidence.claims, cycle(_CYCLE), strict=False)
    claims = [claim.model_copy(update=ratings) for claim, ratings in pairs]
    return replace(evidence, sources=tuple(sources), claims=tuple(claims))


def write_rated_case(folder: Path) -> Path:
    """Write the built-in case with ratings into a folder."""
    shutil.copytree(ASSETS / "case", folder)
    _rate_file(folder / "sources.json", "sources", SOURCES)
    ratings = cycle(_CYCLE)
    for path in sorted(folder.glob("claims*.json"), key=lambda path: path.stem):
        records = json.loads(path.read_text("utf-8"))["claims"]
        _rate_file(path, "claims", {one["id"]: next(ratings) for one in records})
    return folder


def _rate_file(path: Path, key: str, ratings: Mapping[str, dict[str, str]]) -> None:
    content = json.loads(path.read_text("utf-8"))
    for record in content[key]:
        record.update(ratings.get(record["id"], {}))
    path.write_text(json.dumps(content), "utf-8")
