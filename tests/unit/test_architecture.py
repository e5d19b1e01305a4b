"""The parts and their order: an import that goes back, or a page that grows, is seen here."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from geo.settings import ROOT

# Low to high; a part may use what stands with it or below it.
ORDER = (
    ("errors", "settings", "session_keys", "text"),
    ("evidence",),
    ("store",),
    (
        "view",
        "facets",
        "selection",
        "large_layer",
        "summary",
        "builtin_layers",
        "compare",
        "corroboration",
    ),
    ("mapping", "briefing", "page_registry"),
    ("export", "ingest"),
    ("server", "app_context"),
    ("ui",),
    ("cli", "__main__", "__init__", "pages", "dashboard"),
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
MODULES = sorted(
    [*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "dashboard.py"]
)
GEO = [path for path in MODULES if "geo" in path.relative_to(ROOT).parts]
PAGES = sorted((ROOT / "pages").glob("*.py"))
# Hosts, sign-in and sizes are Streamlit's own: its functions are asked, when a request comes, so
# that our routes and its pages judge alike. One module of the server holds all of that.
BORROWS = "geo/server/streamlit_bridge.py"
# where a machine's own folders or a package registry would show
PRIVATE = re.compile(
    rb"(?<![\w.~-])/(?:work|tmp|home/\w+|Users/\w+|root)/|--(?:extra-)?index-url|pypi\.org/simple"
    rb"|files\.pythonhosted\.org|registry\.npmjs|artifactory|/nexus/|proxy\.golang"
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part(path: Path) -> str:
    """The part that a file belongs to: geo/view.py is of store, pages/x.py of pages."""
    first, *rest = path.relative_to(ROOT).with_suffix("").parts
    return rest[0] if first == "geo" else first


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file, by its full name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: import by the full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_used(path: Path) -> set[str]:
    found = set()
    for module in imports(path):
        first, *rest = module.split(".")
        if first == "geo" and rest:
            found |= {rest[0]}
        elif first in ("pages", "dashboard"):
            found |= {first}
    return found


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_import_never_points_back_up(path):
    own = part(path)
    assert own in RANK, f"{own} has no place in the order of the parts: give it one in ORDER"
    back = {other for other in parts_used(path) if RANK[other] > RANK[own]}
    assert not back, f"{name(path)} must not use {', '.join(sorted(back))}"


def test_import_of_the_package_alone_imports_nothing_of_it():
    package = tree(ROOT / "geo" / "__init__.py")
    eager = outside_functions(package)
    used = [
        node.module or ""
        for node in ast.walk(package)
        if isinstance(node, ast.ImportFrom) and node in eager
    ]
    assert not [module for module in used if module.startswith("geo")]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_page_is_never_imported_by_anything(path):
    assert not parts_used(path) & {"pages", "dashboard"}


def outside_functions(module: ast.Module) -> set[ast.AST]:
    """The imports of a module that run when it is imported."""
    inner = {
        node
        for one in ast.walk(module)
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(one)
    }
    return {node for node in ast.walk(module) if node not in inner}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_ui_imports_streamlit(path):
    if part(path) == "ui" or path.name == "dashboard.py":
        return
    for node in ast.walk(tree(path)):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if any(module.split(".")[0].startswith("streamlit") for module in modules):
            lazily = node not in outside_functions(tree(path))
            allowed = part(path) == "cli" or name(path) == BORROWS
            assert (allowed, lazily) == (True, True), f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_is_an_outline_of_at_most_40_lines_without_data_or_html(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 40
    assert ast.get_docstring(tree(path))
    assert not re.search(r"pandas|session_state|<\w+[ >]", text)


@pytest.mark.parametrize("path", GEO, ids=name)
def test_module_has_at_most_300_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", GEO, ids=name)
def test_function_has_at_most_45_lines_beside_its_docstring(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docs = node.body[0] if ast.get_docstring(node) else None
            words = docs.end_lineno - docs.lineno + 1 if docs else 0
            lines = node.end_lineno - node.lineno + 1 - words
            assert lines <= 45, f"{name(path)}:{node.lineno} {node.name} has {lines} lines"


@pytest.mark.parametrize("path", GEO, ids=name)
def test_what_is_public_says_what_it_is(path):
    module = tree(path)
    bare = [] if ast.get_docstring(module) or not module.body else ["the module"]
    for node in module.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        members = node.body if isinstance(node, ast.ClassDef) else []
        methods = [one for one in members if isinstance(one, ast.FunctionDef)]
        public = [one for one in (node, *methods) if not one.name.startswith("_")]
        if not node.name.startswith("_"):
            bare += [one.name for one in public if not ast.get_docstring(one)]
    assert not bare, f"{name(path)}: {', '.join(bare)}"


@pytest.mark.parametrize("path", GEO, ids=name)
def test_nothing_is_read_or_opened_while_a_module_is_imported(path):
    calls = ("open", "read_text", "read_bytes", "read_file", "read_parquet", "urlopen", "run")
    for node in outside_functions(tree(path)):
        if isinstance(node, ast.Call) and path.name not in ("main.py", "__main__.py"):
            called = node.func
            word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            assert word not in calls, f"{name(path)}:{node.lineno} {word}"


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / one for one in listed.split("\0") if one]


def test_no_tracked_file_names_a_folder_of_a_machine_or_a_registry():
    found = []
    for path in tracked():
        if path.is_file() and not path.is_relative_to(ROOT / "tests"):
            hits = {hit.decode() for hit in PRIVATE.findall(path.read_bytes())}
            found += [f"{name(path)}: {', '.join(sorted(hits))}"] if hits else []
    assert not found


def test_search_for_machine_paths_would_find_one():
    folders = (b"/".join((b"x = ", name, b"y")) for name in (b"work", b"tmp", b"root"))
    for text in (*folders, b"(/home/me/z", b"--index-url http://x"):
        assert PRIVATE.search(text), text
    for text in (b"geo/work/x", b"framework/tmp-file", b"https://pypi.org/project/x", b"./tmp/x"):
        assert not PRIVATE.search(text), text
