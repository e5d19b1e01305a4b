"""Tables and fenced blocks of a Markdown file, for tests that compare documents with code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FencedBlock:
    """A fenced block: the words after the fence, and its lines."""

    language: str
    options: dict[str, str]
    body: str
    line: int


def table(document: Path, first_heading: str) -> list[list[str]]:
    """Return the rows of the table with the given first heading."""
    lines = document.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def blocks(text: str) -> Iterator[FencedBlock]:
    """Yield the fenced blocks of a Markdown text in order."""
    for found in re.finditer(r"^```(\S*)([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        options = dict(re.findall(r'(\w+)=("[^"]*"|\S+)', found[2]))
        quoted = {name: value.strip('"') for name, value in options.items()}
        line = text.count("\n", 0, found.start()) + 1
        yield FencedBlock(found[1], quoted, found[3], line)


def fenced(document: Path, language: str) -> list[FencedBlock]:
    """Return the blocks of one language."""
    return [one for one in blocks(document.read_text("utf-8")) if one.language == language]
