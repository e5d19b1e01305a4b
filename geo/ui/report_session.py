"""What a browser has typed into the report form; it is kept, so that a reload loses nothing."""

import json
from dataclasses import dataclass
from datetime import date

import streamlit as st
from pydantic import ValidationError

from geo.app_context import session_layers
from geo.errors import GeoError
from geo.ui.browser_session import session_key
from geo.ui.typed_report import TypedReport

FILE = "report.json"
_KEPT, _EPOCH, _RENEWED = "report_kept", "report_epoch", "report_renewed"


@dataclass
class _FormState:
    """The form of this browser: whether it is open, whether its faults are shown, its fields."""

    typed: TypedReport
    open: bool = False
    tried: bool = False
    stamp: int = 0
    fault: str = ""


def typed_report() -> TypedReport:
    """Return what was typed into the form; in a new one, nothing."""
    return _synchronise().typed


def is_open() -> bool:
    """Return whether the form is shown."""
    return _synchronise().open


def is_tried() -> bool:
    """Return whether somebody asked to keep the report as it is: its faults are shown from then."""
    return _synchronise().tried


def form_fault() -> str:
    """Return why the form is not kept; empty if it is."""
    return _synchronise().fault


def show_form(*, opened: bool = True) -> None:
    """Show or hide the form; what was typed stays."""
    _synchronise().open = opened
    _keep()


def try_report() -> None:
    """Show the faults of the form from now on."""
    _synchronise().tried = True
    _keep()


def begin_report(typed: TypedReport, *, opened: bool = True) -> None:
    """Replace what the form holds, and renew its fields."""
    kept = _synchronise()
    kept.typed, kept.open, kept.tried = typed, opened, False
    renew_fields()
    _keep()


def change_report(**changes: object) -> None:
    """Keep changed fields, from a widget's callback."""
    kept = _synchronise()
    kept.typed = kept.typed.model_copy(update=changes)
    _keep()


def renew_fields() -> None:
    """Make the fields show what is kept, whatever was typed in them."""
    st.session_state[_EPOCH] = st.session_state.get(_EPOCH, 0) + 1


def renew_field(name: str) -> None:
    """Make one field show what is kept."""
    renewed = st.session_state.setdefault(_RENEWED, {})
    renewed[name] = renewed.get(name, 0) + 1


def field_key(name: str) -> str:
    """Return the key of a field's widget, another one after `renew_fields`."""
    own = st.session_state.get(_RENEWED, {}).get(name, 0)
    return f"report_{name}_{st.session_state.get(_EPOCH, 0)}_{own}"


def keep_field(name: str, key: str) -> None:
    """Keep what the widget of a field holds now; one that was renewed meanwhile does not count.

    A browser may send the value of a widget that a change before it, in the same run, replaced.
    """
    if key != field_key(name):
        return
    value = st.session_state[key]
    if isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, list):
        value = tuple(value)
    if value is None and not name.startswith("count_"):
        value = ""
    change_report(**{name: value})
    if name == "place":  # each place has its own usual class
        change_report(location_class="")
        renew_field("location_class")


def _synchronise() -> _FormState:
    """Read the kept file if another tab or process wrote it since."""
    kept: _FormState = st.session_state.setdefault(_KEPT, _FormState(TypedReport()))
    stamp, text = session_layers().read_file(session_key(), FILE, unless=kept.stamp)
    if text is None:
        return kept
    kept.stamp = stamp
    try:
        held = json.loads(text)
        kept.typed = TypedReport.model_validate(held["typed"])
        kept.open, kept.tried = bool(held["open"]), bool(held["tried"])
        renew_fields()
    except (ValidationError, ValueError, KeyError, TypeError):
        kept.fault = "What was typed before is kept, but it cannot be read now."
    return kept


def _keep() -> None:
    kept: _FormState = st.session_state[_KEPT]
    held = {"typed": kept.typed.model_dump(), "open": kept.open, "tried": kept.tried}
    try:
        kept.stamp = session_layers().write_file(session_key(), FILE, json.dumps(held))
        kept.fault = ""
    except GeoError as error:
        kept.fault = f"What you type is in this page only. {error}"
