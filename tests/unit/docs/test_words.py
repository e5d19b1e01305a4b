"""Words that the glossary of docs/architecture.md rules out appear in no text for people."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from geo.settings import ROOT
from tests.support.markdown import table

GLOSSARY = ROOT / "docs" / "architecture.md"
OUT = sorted(
    {word.strip() for *_, words in table(GLOSSARY, "word") for word in words.split(",")} - {""}
)
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
MODULES = sorted([*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").glob("*.py")])
SCRIPTS = sorted((ROOT / "geo" / "frontend" / "src").glob("*.js"))
# Modules with texts for screens, slides and files, where a claim is called a report.
SHOWN = (
    "pages",
    "geo/ui",
    "geo/export",
    "geo/summary.py",
    "geo/mapping/legend.py",
    "geo/compare.py",
)
IN_CODE = re.compile(r"`[^`]*`|\{[^{}]*\}|<[^<>]*>|\S*[/_=#.]\S*|[\w-]*-claims?\b|\bclaims?-[\w-]*")


def as_text(node: ast.expr) -> str:
    """Return a string, or an f-string with "{}" for each value; other expressions are empty."""
    if isinstance(node, ast.JoinedStr):
        return "".join(as_text(part) or "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def strings(path: Path) -> tuple[tuple[int, str], ...]:
    """Return the sentences in a module's strings, docstrings included, each with its line."""
    nodes = [
        one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.expr)
    ]
    parts = {id(part) for one in nodes if isinstance(one, ast.JoinedStr) for part in one.values}
    texts = [(node.lineno, as_text(node)) for node in nodes if id(node) not in parts]
    return tuple((line, IN_CODE.sub(" ", text)) for line, text in texts if " " in text)


@cache
def lines(path: Path) -> tuple[tuple[int, str], ...]:
    """Return the numbered lines of a text, without the tables of the glossary."""
    return tuple(
        (number, IN_CODE.sub(" ", line))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if not (path == GLOSSARY and line.startswith("|"))
    )


def found(word: str) -> list[str]:
    """Return each use of an excluded word, in any of its forms, in text for people."""
    pattern = re.compile(rf"\b{word}(s|es|ed|d|ing)?\b", re.IGNORECASE)
    texts = [(path, lines(path)) for path in DOCUMENTS + SCRIPTS]
    texts += [(path, strings(path)) for path in MODULES]
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, parts in texts
        for number, text in parts
        if pattern.search(text)
    ]


@pytest.mark.parametrize("word", OUT)
def test_excluded_word_appears_in_no_text(word):
    hits = found(word)
    assert not hits, "\n".join(hits)


def docstrings(path: Path) -> set[str]:
    """Return strings used as statements: docstrings of modules, functions and values."""
    tree = ast.parse(path.read_text("utf-8"))
    statements = [one.value for one in ast.walk(tree) if isinstance(one, ast.Expr)]
    return {IN_CODE.sub(" ", as_text(one)) for one in statements}


def test_texts_for_people_call_a_claim_a_report():
    shown = [path for path in MODULES if str(path.relative_to(ROOT)).startswith(SHOWN)]
    hits = [
        f"{path.relative_to(ROOT)}:{number} {text[:60]!r}"
        for path in shown
        for number, text in strings(path)
        if re.search(r"\bclaims?\b", text)
        and len(text.split()) > 2  # not a CSS class
        and "%r" not in text  # not a line of the log
        and text not in docstrings(path)
    ]
    assert not hits, "\n".join(hits)


def test_word_search_ignores_code():
    assert re.search(r"\bclaim\b", IN_CODE.sub(" ", "Every claim has a source"))
    for text in ("the column `claim`", "<p class='claim'>", "layers/claim.x", "{claim} there"):
        assert not re.search(r"\bclaim\b", IN_CODE.sub(" ", text)), text
