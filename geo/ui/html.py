"""Build HTML; data goes through `escape` into HTML, through `escape_markdown` into labels."""

import html
from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup


def escape(value: object) -> str:
    """Return a value as HTML text, without markup and without template braces."""
    return html.escape(str(value)).replace("{", "&#123;").replace("}", "&#125;")


def escape_markdown(text: str | None) -> str:
    """Return text for a label, without Markdown; a picture in it would be fetched."""
    return "".join(
        f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|<>~$:" else letter for letter in text or ""
    )


def tag(name: str, css: str, *inside: str) -> str:
    """Return an element with a class; its content must be escaped."""
    return f'<{name} class="{css}">{"".join(inside)}</{name}>'


def link(inside: str, address: str) -> Markup:
    """Return a link to a view, which page.js opens without loading the page; `inside` is HTML."""
    return Markup(f'<a class="view-link" href="{escape(address)}">{inside}</a>')


def headline(title: str, text: str, counted: str = "") -> str:
    """Return a page's header; all texts are escaped."""
    count = (" ", tag("b", "counted", escape(counted))) if counted else ()
    heading = f"<h1>{escape(title)}</h1>"
    line = tag("p", "", tag("span", "subtitle", escape(text)), *count)
    return tag("header", "headline", heading, line)


def section(title: str, *inside: str, css: str = "reading", anchor: str = "") -> str:
    """Return a section with a heading; its content must be escaped."""
    heading = f'<h2 id="{escape(anchor)}">' if anchor else "<h2>"
    return tag("section", css, f"{heading}{escape(title)}</h2>", *inside)


def html_table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table without empty columns; cells are escaped, https addresses become links.

    Markup is HTML already.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    kept = [i for i in range(len(head)) if not cells or any(row[i] for row in cells)]
    top = "".join(f"<th>{escape(head[i])}</th>" for i in kept)
    body = "".join("<tr>" + "".join(f"<td>{row[i]}</td>" for i in kept) + "</tr>" for row in cells)
    inside = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return tag("div", "wide", f"<table>{inside}</table>")


def _cell(value: object) -> str:
    if isinstance(value, Markup):
        return value
    text = "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
    if text.startswith("https://"):
        return f'<a href="{escape(text)}" target="_blank" rel="noopener">{escape(text)}</a>'
    return escape(text)
