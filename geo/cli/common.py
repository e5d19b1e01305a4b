"""What the commands share: links, errors as messages, atomic writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from os import getpid, strerror
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click

from geo.errors import GeoError

if TYPE_CHECKING:
    from geo.app_context import Context
    from geo.selection import Selection
    from geo.view import View

view_option = click.option(
    "--view", "link", default="", help="A link as it is copied, or its part after the “?”."
)
json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


def _default_address(_: object, __: object, address: str) -> str:
    from geo.settings import settings

    return (address or settings().public_address).rstrip("/")


address_option = click.option(
    "--address",
    default="",
    callback=_default_address,
    help="Of a dashboard; the links in the file begin with it. Default: PUBLIC_ADDRESS.",
)


def parse_view_link(link: str, where: Context, *, page: str = "") -> tuple[View, Context]:
    """Return the view of a link and the context of the reports as they stood when it was made.

    Notices about what cannot be used, and about an earlier state, are printed to stderr.

    A link is "http://host/harbour?from=…", "harbour?from=…", or only "from=…". ``page`` is the
    page of a link that names none; empty: the first page.
    """
    from geo.opened_link import describe_state, open_link
    from geo.page_registry import first_page, list_pages

    path, query = split_link(link)
    first = first_page().path
    named = path or page.strip("/") or first
    shown = {spec.path for spec in list_pages() if not spec.fullscreen}
    opened = open_link(query, named if named in shown else first, where)
    notices = opened.notices
    if named not in shown:
        bare = any(spec.path == named for spec in list_pages())
        why = "shows a briefing: name it with --briefing" if bare else "is none of this map"
        notices = (f"The page {named!r} {why}; {first} is taken.", *notices)
    if (as_of := opened.view.as_of) is not None:
        notices = (*notices, describe_state(as_of, where))
    for notice in notices:
        click.echo(notice, err=True)
    return opened.view, opened.context


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
    """Return the selection that a view shows on its page; on Compare, that of both windows."""
    from geo.export.page_rows import collect_page_rows
    from geo.page_registry import COMPARE, find_page
    from geo.selection import select

    if view.page == COMPARE:
        return collect_page_rows(view, where.store, where.evidence).selection
    return select(view.narrow_to_places(find_page(view.page).places), where.store)


@contextmanager
def _open_part(out: Path) -> Iterator[Path]:
    """Yield a path beside ``out`` to write to; remove what is left there, raise `GeoError`."""
    part = out.with_name(f".{out.name}.{getpid()}.part")
    try:
        yield part
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}. Choose another place with --out."
        raise GeoError(msg) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        with suppress(OSError):  # the write failed too, and its error is raised
            part.unlink(missing_ok=True)


def write_atomically(out: Path, body: bytes) -> None:
    """Write a file completely, or raise `GeoError` and leave the old file untouched."""
    with _open_part(out) as part:
        part.write_bytes(body)
        part.replace(out)


def write_folder_atomically(out: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files, pairs of name and content, into a new folder; return the number of bytes.

    Raises `GeoError` if the folder is not empty or cannot be created; nothing is left behind.
    """
    require_empty_folder(out)
    size = 0
    with _open_part(out) as part:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for name, body in files:
            (part / name).write_bytes(body)
            size += len(body)
        part.replace(out)
    return size


def require_empty_folder(out: Path) -> None:
    """Raise `GeoError` if the path is a file, or a folder that is not empty."""
    with _open_part(out):
        full = out.exists() and (not out.is_dir() or any(out.iterdir()))
    if full:
        msg = f"{out} is there already, and a folder of pictures is only made anew."
        raise GeoError(f"{msg} Name another with --out, or one that ends in .zip.")


def require_writable(out: Path) -> None:
    """Raise `GeoError` if a file cannot be written, before long work is done for it."""
    with _open_part(out) as part:
        if out.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        part.write_bytes(b"")
