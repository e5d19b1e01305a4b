"""What the commands share: links, errors as messages, atomic writes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from errno import EISDIR
from functools import wraps
from os import getpid, strerror
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import unquote

import click

from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.selection import Selection
    from geo.view import View

P = ParamSpec("P")
R = TypeVar("R")
view_option = click.option(
    "--view", "link", default="", help="A link as it is copied, or its part after the “?”."
)
json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


def exit_on_error(command: Callable[P, R]) -> Callable[P, R]:
    """Decorate a command so that a `GeoError` is printed and the exit code is 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GeoError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return run


def parse_view_link(link: str, where: Context, *, page: str = "") -> View:
    """Return the view of a link; print notices about what cannot be used to stderr.

    Parameters
    ----------
    link : str
        "http://host/khmeimim?from=…", "khmeimim?from=…", or only "from=…".
    where : geo.app_context.Context
    page : str
        The page of a link that names none; empty means the first page.
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
    """Return the page, empty if none is named, and the query string of a link."""
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
    """Return the selection that a view shows on its page."""
    from geo.page_registry import find_page
    from geo.selection import select

    return select(view.narrow_to_places(find_page(view.page).places), where.store)


def write_atomically(out: Path, body: bytes) -> None:
    """Write a file atomically.

    Raises
    ------
    geo.errors.GeoError
        If the folder is missing, full, or may not be written to; the old file is untouched.
    """
    part = _part_path(out)
    try:
        part.write_bytes(body)
        part.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        _remove(part)


def write_folder_atomically(out: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    """Write files into a new folder atomically.

    Parameters
    ----------
    out : pathlib.Path
        Must not exist, or be an empty folder.
    files : iterable of (str, bytes)
        Names and contents.

    Returns
    -------
    (int, int)
        Number of files and of bytes.

    Raises
    ------
    geo.errors.GeoError
        If the folder is not empty or cannot be created; nothing is left behind.
    """
    require_empty_folder(out)
    part = _part_path(out)
    count = size = 0
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for name, body in files:
            (part / name).write_bytes(body)
            count, size = count + 1, size + len(body)
        part.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count, size


def require_empty_folder(out: Path) -> None:
    """Raise if the path is a file or a folder that is not empty.

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
    """Raise if a file cannot be written to this path, before long work is done for it.

    Raises
    ------
    geo.errors.GeoError
        If its folder is missing or not writable.
    """
    part = _part_path(out)
    try:
        if out.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        part.write_bytes(b"")
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        _remove(part)


def _part_path(out: Path) -> Path:
    return out.with_name(f".{out.name}.{getpid()}.part")


def _unwritable(out: Path, error: OSError) -> GeoError:
    return GeoError(f"{out} cannot be written: {error.strerror}. Choose another place with --out.")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the write failed too, and its error is raised
