"""Layout rules: import contracts, sizes, docstrings and restricted imports."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from geo.settings import ROOT

MODULES = sorted(
    [*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "dashboard.py"]
)
GEO = [path for path in MODULES if "geo" in path.relative_to(ROOT).parts]
PAGES = sorted((ROOT / "pages").glob("*.py"))
# Our routes use Streamlit's own functions for hosts, sign-in and sizes, so that routes and pages
# agree. Only this module of the server may import Streamlit, and only inside functions.
STREAMLIT_BRIDGE = "geo/streamlit_bridge.py"
# Machine-specific paths and package registry hosts.
PRIVATE = re.compile(
    rb"(?<![\w.~-])/(?:work|tmp|home/\w+|Users/\w+|root)/|--(?:extra-)?index-url|pypi\.org/simple"
    rb"|files\.pythonhosted\.org|registry\.npmjs|artifactory|/nexus/|proxy\.golang"
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    """Return a file's package: `store` for geo/store/open.py, `pages` for pages/about.py."""
    first, *rest = path.relative_to(ROOT).with_suffix("").parts
    return rest[0] if first == "geo" else first


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Return the import graph of geo, with type-only imports and imports inside functions."""
    return grimp.build_graph("geo", cache_dir=None)


def test_import_linter_contracts_are_kept():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_geo_modules_have_no_import_cycle(graph):
    """Unlike the siblings contract, this covers a package and its own modules."""
    imported = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the modules


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the full name of each module that a file imports, at any level."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: import by the full name"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_imports_pages_or_the_dashboard(path):
    first_names = {module.split(".")[0] for module in imported_modules(path)}
    assert not first_names & {"pages", "dashboard"}


def test_no_test_imports_from_a_conftest():
    found = [
        name(path)
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if any(module.endswith("conftest") for module in imported_modules(path))
    ]
    assert not found, "move what is shared to tests/support"


def test_class_names_are_unique_in_geo():
    places: dict[str, list[str]] = {}
    for path in GEO:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name(path))
    assert not {one: paths for one, paths in places.items() if len(paths) > 1}


@pytest.mark.parametrize(("text", "limit"), [("# fmt: skip", 40), (r"\bAny\b", 200)])
def test_format_and_type_suppressions_stay_rare(text, limit):
    files = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
    searched = files if text.startswith("#") else GEO
    counts = {name(one): len(re.findall(text, one.read_text("utf-8"))) for one in searched}
    assert sum(counts.values()) < limit, {one: count for one, count in counts.items() if count}


def test_importing_geo_imports_no_submodule():
    package = tree(ROOT / "geo" / "__init__.py")
    eager = outside_functions(package)
    used = [
        node.module or ""
        for node in ast.walk(package)
        if isinstance(node, ast.ImportFrom) and node in eager
    ]
    assert not [module for module in used if module.startswith("geo")]


def outside_functions(module: ast.Module) -> set[ast.AST]:
    """Return the nodes of a module that run when it is imported."""
    inner = {
        node
        for one in ast.walk(module)
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(one)
    }
    return {node for node in ast.walk(module) if node not in inner}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_ui_imports_streamlit(path):
    if room(path) == "ui" or path.name == "dashboard.py":
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
            allowed = room(path) == "cli" or name(path) == STREAMLIT_BRIDGE
            assert (allowed, lazily) == (True, True), f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_has_at_most_40_lines_without_data_or_html(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 40
    assert ast.get_docstring(tree(path))
    assert not re.search(r"pandas|session_state|<\w+[ >]", text)


@pytest.mark.parametrize("path", GEO, ids=name)
def test_module_has_at_most_300_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", GEO, ids=name)
def test_function_has_at_most_45_lines_without_its_docstring(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docs = node.body[0] if ast.get_docstring(node) else None
            words = docs.end_lineno - docs.lineno + 1 if docs else 0
            lines = node.end_lineno - node.lineno + 1 - words
            assert lines <= 45, f"{name(path)}:{node.lineno} {node.name} has {lines} lines"


@pytest.mark.parametrize("path", GEO, ids=name)
def test_public_names_have_docstrings(path):
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
def test_importing_a_module_reads_and_opens_no_file(path):
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


def test_tracked_files_contain_no_machine_path_or_registry():
    found = []
    for path in tracked():
        if path.is_file() and not path.is_relative_to(ROOT / "tests"):
            hits = {hit.decode() for hit in PRIVATE.findall(path.read_bytes())}
            found += [f"{name(path)}: {', '.join(sorted(hits))}"] if hits else []
    assert not found


def test_machine_path_search_finds_examples():
    folders = (b"/".join((b"x = ", name, b"y")) for name in (b"work", b"tmp", b"root"))
    for text in (*folders, b"(/home/me/z", b"--index-url http://x"):
        assert PRIVATE.search(text), text
    for text in (b"geo/work/x", b"framework/tmp-file", b"https://pypi.org/project/x", b"./tmp/x"):
        assert not PRIVATE.search(text), text
