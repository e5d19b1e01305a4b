"""One served dashboard for all browser tests, and pages that record their problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.app_server import Server, serve_app
from tests.support.page_watch import PageWatch
from tests.support.walker import Walker, follow

SIZE = (1366, 768)
expect.set_options(timeout=20_000)


@pytest.fixture
def watch() -> PageWatch:
    return PageWatch()


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return browser contexts by size and colour scheme, each created once per session."""
    known: dict[tuple, BrowserContext] = {}

    def visitor(size: tuple[int, int] = SIZE, scheme: str = "light") -> BrowserContext:
        if (size, scheme) not in known:
            viewport = {"width": size[0], "height": size[1]}
            known[size, scheme] = browser.new_context(viewport=viewport, color_scheme=scheme)
        return known[size, scheme]

    yield visitor
    for context in known.values():
        context.close()


@pytest.fixture
def open_page(visitors: Callable[..., BrowserContext], watch: PageWatch) -> Iterator[Callable]:
    """Open watched pages; fail after the test if a page had a problem."""
    pages: list[Page] = []

    def make(**looks: object) -> Page:
        page = visitors(**looks).new_page()
        watch.attach(page)
        follow(page)
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture(scope="module")
def module_walker(visitors: Callable[..., BrowserContext]) -> Iterator[Walker]:
    walker = Walker(visitors)
    yield walker
    walker.forget()


@pytest.fixture
def walker(module_walker: Walker, request: pytest.FixtureRequest) -> Iterator[Walker]:
    """Open views in a page that the module's tests share; a test that fails leaves none behind."""
    failed, watch = request.session.testsfailed, module_walker.watch
    yield module_walker
    problems = watch.problems
    watch.outside.clear()
    watch.faults.clear()
    if problems or request.session.testsfailed > failed:
        module_walker.forget()
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the dashboard with its built-in data."""
    with serve_app(log=tmp_path_factory.mktemp("app") / "log.txt") as server:
        yield server
