"""The briefing that a browser edits, with its drafts and past states, and the built-in ones.

They are kept in the browser's own folder, as its layers are, so that a reload loses nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from geo.app_context import session_layers
from geo.briefing import (
    Briefing,
    Scene,
    Statement,
    list_builtin_briefings,
    open_briefing,
    read_briefing,
    write_briefing,
)
from geo.errors import BriefingError, GeoError
from geo.ui.browser_session import session_context, session_key
from geo.view import View

_BRIEFING, _DESK, _EPOCH = "briefing", "briefing_desk", "scene_epoch"
FILE = "briefing.json"
PAST = 20
"""Most changes that can be undone."""
_Kept = dict[str, str] | None  # an encoded briefing


@dataclass
class _Desk:
    """What the session knows beside the briefing: past states, drafts, and the file it has read."""

    past: list[_Kept] = field(default_factory=list)
    drafts: dict[str, Scene] = field(default_factory=dict)
    stamp: int = 0
    fault: str = ""


def session_briefing() -> Briefing | None:
    """Return the briefing that this browser edits; None if there is none."""
    _synchronise()
    return st.session_state.get(_BRIEFING)


def save_briefing(briefing: Briefing | None) -> None:
    """Keep the edited briefing for this browser; None removes it. `undo_change` brings it back."""
    desk = _synchronise()
    desk.past = [*desk.past, _encode(st.session_state.get(_BRIEFING))][-PAST:]
    st.session_state[_BRIEFING] = briefing
    _keep()


def change_briefing(edit: Callable[[Briefing], Briefing]) -> None:
    """Keep the changed briefing and renew the fields that edit it."""
    save_briefing(edit(current_briefing(None)))
    renew_fields()


def renew_fields() -> None:
    """Make the fields of the Briefing page show the briefing, whatever was typed in them."""
    st.session_state[_EPOCH] = field_epoch() + 1


def field_epoch() -> int:
    """Return a number for the keys of the fields, which grows with `renew_fields`."""
    return st.session_state.get(_EPOCH, 0)


def can_undo() -> bool:
    """Return whether there is a change of the briefing to undo."""
    return bool(_synchronise().past)


def undo_change() -> None:
    """Bring back the briefing as it was before the last change."""
    desk = _synchronise()
    if desk.past:
        try:
            st.session_state[_BRIEFING] = _decode(desk.past.pop())
        except BriefingError as error:  # it may name a layer that was removed since
            desk.fault = f"That change cannot be undone. {error}"
        else:
            _keep()


def find_draft(briefing: Briefing, scene: Scene) -> Scene | None:
    """Return what was typed for a scene and not saved; None if nothing was."""
    return _synchronise().drafts.get(f"{briefing.name}/{scene.id}")


def keep_draft(briefing: Briefing, scene: Scene, draft: Scene | None) -> None:
    """Keep what was typed for a scene and not saved; None drops it."""
    drafts, key = _synchronise().drafts, f"{briefing.name}/{scene.id}"
    if draft is None and key not in drafts:
        return
    drafts.pop(key, None)
    if draft is not None:
        drafts[key] = draft
    _keep()


def briefing_fault() -> str:
    """Return why the briefing is not kept, or why the kept one cannot be read; empty if it is."""
    return _synchronise().fault


def briefing_names() -> tuple[str, ...]:
    """Return the names of the edited briefing and of the built-in ones."""
    edited = session_briefing()
    names = (*((edited.name,) if edited else ()), *list_builtin_briefings())
    return tuple(dict.fromkeys(names))


def current_briefing(name: str | None) -> Briefing:
    """Return the edited briefing if it has that name, else the built-in one of that name.

    No name means the first of `briefing_names`; a name is never read as a path. A BriefingError
    says that there is no such briefing, or that it has faults.
    """
    name = name or briefing_names()[0]
    edited = session_briefing()
    if edited is not None and edited.name == name:
        return edited
    if name not in list_builtin_briefings():
        msg = f"There is no briefing {name!r}; there are: {', '.join(briefing_names())}."
        raise BriefingError(msg)
    where = session_context()
    return open_briefing(name, where.link_vocabulary(), where.evidence)


def _synchronise() -> _Desk:
    """Read the kept file if another tab or process wrote it since; return what is beside it."""
    desk: _Desk = st.session_state.setdefault(_DESK, _Desk())
    stamp, text = session_layers().read_file(session_key(), FILE, unless=desk.stamp)
    if text is None:
        return desk
    desk.stamp = stamp
    try:
        kept = json.loads(text)
        st.session_state[_BRIEFING] = _decode(kept["briefing"])
        desk.past = kept["past"]
        desk.drafts = {key: _decode_draft(one) for key, one in kept["drafts"].items()}
        desk.fault = ""
    except (BriefingError, ValueError, KeyError, TypeError) as error:
        desk.fault = f"Your briefing is kept, but it cannot be shown now. {error}"
    return desk


def _keep() -> None:
    desk: _Desk = st.session_state[_DESK]
    kept = {
        "briefing": _encode(st.session_state.get(_BRIEFING)),
        "past": desk.past,
        "drafts": {key: _encode_draft(one) for key, one in desk.drafts.items()},
    }
    try:
        desk.stamp = session_layers().write_file(session_key(), FILE, json.dumps(kept))
        desk.fault = ""
    except GeoError as error:
        desk.fault = f"The briefing is in this page only: download it to keep it. {error}"


def _encode(briefing: Briefing | None) -> _Kept:
    if briefing is None:
        return None
    # TOML of a briefing has at least one scene
    toml = write_briefing(briefing) if briefing.scenes else ""
    return {
        "name": briefing.name,
        "title": briefing.title,
        "subtitle": briefing.subtitle,
        "toml": toml,
    }


def _decode(kept: _Kept) -> Briefing | None:
    if kept is None:
        return None
    if not kept["toml"]:
        return Briefing(kept["name"], kept["title"], kept["subtitle"])
    return read_briefing(kept["toml"], kept["name"], session_context().link_vocabulary())


def _encode_draft(draft: Scene) -> list[list[object]]:
    """Return headline and statements, which may be incomplete, and the notes."""
    said = (draft.headline, *draft.statements, Statement(draft.notes, ()))
    return [[one.says, list(one.claims)] for one in said]


def _decode_draft(kept: list[list[object]]) -> Scene:
    first, *said, notes = (Statement(str(says), tuple(claims)) for says, claims in kept)  # type: ignore[arg-type]
    return Scene("draft", View(), first, tuple(said), notes.says)
