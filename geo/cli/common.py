"""What the commands share: links as copied, failures in words, files whole or not at all."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from errno import EISDIR
from functools import wraps
from os import getpid, strerror
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import click

from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.selection import Selection
    from geo.view import View

view_option = click.option(
    "--view", "link", default="", help="A link as it is copied, or what stands behind its “?”."
)


def exit_on_error(command: Callable) -> Callable:
    """Say what went wrong in one sentence, and exit with 1."""

    @wraps(command)
    def said(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except GeoError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return said


def parse_view_link(link: str, where: Context, *, page: str = "") -> View:
    """Return the view of a link; what cannot be used in it is told on stderr.

    Parameters
    ----------
    link : str
        "http://host/khmeimim?from=…", "khmeimim?from=…", or only "from=…".
    where : geo.app_context.Context
    page : str
        For a link that names no page; the first page if it is empty.
    """
    from geo.page_registry import PAGES
    from geo.view import from_query

    path, query = split_link(link)
    named = path or page.strip("/") or PAGES[0].path
    shown = {spec.path for spec in PAGES if not spec.fullscreen}
    view, notices = from_query(
        query, page=named if named in shown else PAGES[0].path, vocabulary=where.link_vocabulary()
    )
    if named not in shown:
        bare = any(spec.path == named for spec in PAGES)
        why = "shows a briefing: name it with --briefing" if bare else "is none of this map"
        notices = (f"The page {named!r} {why}; {PAGES[0].path} is taken.", *notices)
    for notice in notices:
        click.echo(notice, err=True)
    return view


def split_link(link: str) -> tuple[str, str]:
    """Return the page and the query string of a link; the page is empty where none is named."""
    head, mark, query = link.strip().partition("?")
    address = "://" in head and "=" not in head.partition("://")[0]
    if not address and "=" in head:
        return "", link.strip()
    if address:
        query = query.partition("#")[0]
        head = head.partition("://")[2].partition("/")[2]
    page = unquote(head.partition("#")[0]).strip("/")
    return page.rpartition("/")[2], query if mark else ""


def select_rows(view: View, where: Context) -> Selection:
    """Return the rows that a view shows on its page."""
    from geo.page_registry import find_page
    from geo.selection import select

    return select(view.narrow_to_places(find_page(view.page).places), where.store)


def write_atomically(out: Path, body: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    geo.errors.GeoError
        If the folder is missing, full, or may not be written to; the old file is untouched.
    """
    beside = _beside(out)
    try:
        beside.write_bytes(body)
        beside.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        _gone(beside)


def write_folder_atomically(out: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """Write files into a new folder, which is there with all of them or not at all.

    Parameters
    ----------
    out : pathlib.Path
        Must not be there yet, or be an empty folder.
    files : iterable of (str, bytes)
        Names and contents; they may be made one by one.

    Returns
    -------
    (int, int)
        Number of files and of bytes.

    Raises
    ------
    geo.errors.GeoError
        If the folder holds something, or cannot be made; nothing is left behind.
    """
    require_empty_folder(out)
    beside = _beside(out)
    count = size = 0
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        for name, body in files:
            (beside / name).write_bytes(body)
            count, size = count + 1, size + len(body)
        beside.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return count, size


def require_empty_folder(out: Path) -> None:
    """Refuse a place for a folder where something stands already.

    Raises
    ------
    geo.errors.GeoError
        If it is a file, or a folder that is not empty.
    """
    try:
        full = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as error:
        raise _unwritable(out, error) from error
    if full:
        msg = (
            f"{out} is there already, and a folder of pictures is only made anew. "
            "Name another with --out, or one that ends in .zip."
        )
        raise GeoError(msg)


def require_writable(out: Path) -> None:
    """Refuse a place that cannot be written to, before long work is done for it.

    Raises
    ------
    geo.errors.GeoError
        If the folder that it should stand in is missing, or may not be written to.
    """
    beside = _beside(out)
    try:
        if out.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        beside.write_bytes(b"")
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        _gone(beside)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.{getpid()}.part")


def _unwritable(out: Path, error: OSError) -> GeoError:
    return GeoError(f"{out} cannot be written: {error.strerror}. Choose another place with --out.")


def _gone(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Where nothing can be removed, nothing could be written either: that is what was told.
        return
