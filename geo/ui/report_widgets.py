"""The widgets of the report form: each shows one field of it, and keeps what is typed at once."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from geo.evidence import Evidence
from geo.evidence.rules import FIRST_DAY, LAST_DAY
from geo.evidence.vocabularies import RatingKind
from geo.ledger.models import Fields
from geo.ui.report_session import field_key, keep_field, typed_report

DAYS: Fields = {
    "min_value": FIRST_DAY,
    "max_value": LAST_DAY,
    "format": "YYYY-MM-DD",
}
Describe = Callable[[str], str]


def rate(kind: RatingKind, evidence: Evidence) -> None:
    """Draw the choice of a term of one of the case's vocabularies, or of none."""
    vocabulary = evidence.vocabulary_by_id[kind]
    terms = {term.id: f"{term.named}: {term.meaning}" for term in vocabulary.terms}
    labels = {"": "Not rated"} | terms
    label = kind[:1].upper() + kind[1:]
    choose(kind, label, tuple(labels), labels.__getitem__)


def write(name: str, label: str, *, placeholder: str = "") -> None:
    """Draw a line of text."""
    key = field_key(name)
    value = getattr(typed_report(), name)
    st.text_input(
        label,
        value,
        key=key,
        placeholder=placeholder,
        on_change=keep_field,
        args=(name, key),
    )


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    describe: Describe,
    *,
    placeholder: str = "Choose",
    start: str = "",
) -> None:
    """Draw a choice of one word; each is explained in the list."""
    key, value = field_key(name), getattr(typed_report(), name) or start
    st.selectbox(
        label,
        options,
        options.index(value) if value in options else None,
        format_func=describe,
        key=key,
        placeholder=placeholder,
        filter_mode="contains",
        on_change=keep_field,
        args=(name, key),
    )


def choose_many(name: str, label: str, known: Sequence[str], *, new: bool = True) -> None:
    """Draw a choice of several known names; `new`: others can be typed."""
    key, value = field_key(name), list(getattr(typed_report(), name))
    st.multiselect(
        label,
        list(dict.fromkeys((*known, *value))),
        value,
        key=key,
        placeholder="Choose, or type a new one" if new else "Choose",
        accept_new_options=new,
        filter_mode="contains",
        select_all=False,
        on_change=keep_field,
        args=(name, key),
    )


def tick(name: str, label: str) -> None:
    """Draw a box that is ticked or not."""
    key, value = field_key(name), bool(getattr(typed_report(), name))
    st.checkbox(label, value, key=key, on_change=keep_field, args=(name, key))


def draw_day(name: str, label: str) -> None:
    """Draw the choice of a day, or of none."""
    key, value = field_key(name), getattr(typed_report(), name)
    day = date.fromisoformat(value) if value else None
    st.date_input(label, day, key=key, on_change=keep_field, args=(name, key), **DAYS)


def draw_number(
    name: str, label: str, *, least: int = 0, most: int = 1_000_000, step: int = 1
) -> None:
    """Draw a whole number, or none."""
    key, value = field_key(name), getattr(typed_report(), name)
    st.number_input(
        label,
        least,
        most,
        value,
        step,
        key=key,
        on_change=keep_field,
        args=(name, key),
    )
