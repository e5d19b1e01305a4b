"""Differences between two files of one type: changed words, or anything else."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

PROSE = frozenset({"text", "why", "remedy", "what", "note", "title", "attribution"})
"""Keys of JSON whose values are sentences for people."""


@dataclass
class Findings:
    """Differences between two files, one per line: changed words, and everything else."""

    words: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        return "different" if self.other else "words only" if self.words else "identical"

    def add_words(self, before: object, after: object) -> None:
        """Add the differences of a text; changed numbers and one-sided texts are no words."""
        if before == after:
            return
        old, new = str(before).split(), str(after).split()
        start = _count_common(old, new)
        end = _count_common(old[start:][::-1], new[start:][::-1])
        if start + end in (len(old), len(new)):
            start, end = max(0, start - 2), max(0, end - 2)
        change = " -> ".join(" ".join(side[start : len(side) - end]) for side in (old, new))
        if not old or not new:
            self.other.append(f"text on one side only: {change}")
        elif read_numbers(before) != read_numbers(after):
            self.other.append(f"other numbers in a text: {change}")
        else:
            self.words.append(change)

    def add_texts(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Add the differences of two sequences of texts, line by line if possible."""
        for tag, i, j, k, n in opcodes(before, after):
            pairs = list(zip(before[i:j], after[k:n], strict=False))
            if tag == "equal":
                continue
            if j - i != n - k or any(read_numbers(a) != read_numbers(b) for a, b in pairs):
                pairs = [(" | ".join(before[i:j]), " | ".join(after[k:n]))]
            for pair in pairs:
                self.add_words(*pair)


def read_numbers(text: object) -> list[str]:
    """Return the numbers of a text, sorted, without data versions."""
    return sorted(re.findall(r"\d+", re.sub(r"\b[0-9a-f]{16}\b", "", str(text))))


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's opcodes that turn one sequence of texts into the other."""
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _count_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def shorten(value: object, most: int = 100) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _list_changes(before: Sequence[str], after: Sequence[str]) -> str:
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not gone and not come:
        return "another order"
    return shorten(f"gone {', '.join(gone) or 'none'}; new {', '.join(come) or 'none'}", 300)


def compare_json(before: bytes, after: bytes) -> Findings:
    """Compare JSON value by value; the values of PROSE keys are words."""
    found = Findings()
    _walk(json.loads(before), json.loads(after), "", found)
    return found


def _walk(before: object, after: object, where: str, found: Findings) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (key for key in {**before, **after} if key not in before or key not in after):
            found.other.append(f"{where}.{key}: only {'before' if key in before else 'after'}")
        for key in (key for key in before if key in after):
            _walk(before[key], after[key], f"{where}.{key}", found)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            changes = _list_changes([str(one) for one in before], [str(one) for one in after])
            found.other.append(f"{where}: {len(before)} -> {len(after)} items, {changes}")
            return
        for number, pair in enumerate(zip(before, after, strict=True)):
            _walk(*pair, f"{where}[{number}]", found)
    elif before != after or type(before) is not type(after):
        if where.rpartition(".")[2] in PROSE and isinstance(before, str) and isinstance(after, str):
            found.add_words(before, after)
        else:
            found.other.append(f"{where}: {shorten(before)} -> {shorten(after)}")


def compare_geojson(before: bytes, after: bytes) -> Findings:
    """Compare features by id (properties and geometry) and other members as JSON."""
    old, new = json.loads(before), json.loads(after)
    rows = [
        [
            {**one["properties"], "geometry": json.dumps(one["geometry"])}
            for one in made.pop("features")
        ]
        for made in (old, new)
    ]
    found = _compare_rows(*rows)
    _walk(old, new, "", found)
    return found


def compare_csv(before: bytes, after: bytes) -> Findings:
    """Compare cells of rows with the same id; the order of rows and columns matters."""
    tables = [
        list(csv.DictReader(io.StringIO(b.decode("utf-8-sig"), newline="")))
        for b in (before, after)
    ]
    return _compare_rows(*tables)


def _compare_rows(before: list[dict], after: list[dict]) -> Findings:
    found = Findings()
    columns = [list(dict.fromkeys(key for row in rows for key in row)) for rows in (before, after)]
    if columns[0] != columns[1]:
        found.other.append(f"columns: {_list_changes(*columns)}")
    ids = [[str(row.get("id", number)) for number, row in enumerate(r)] for r in (before, after)]
    if ids[0] != ids[1]:
        found.other.append(f"ids: {_list_changes(*ids)}")
    rows = [dict(zip(names, r, strict=True)) for names, r in zip(ids, (before, after), strict=True)]
    changes: dict[str, list[str]] = defaultdict(list)
    for name in (name for name in rows[0] if name in rows[1]):
        old, new = rows[0][name], rows[1][name]
        for key in (key for key in old if key in new and old[key] != new[key]):
            changes[key].append(f"{name}: {shorten(old[key])} -> {shorten(new[key])}")
    found.other += [f"{len(of)} cells of {key}, such as {of[0]}" for key, of in changes.items()]
    return found
