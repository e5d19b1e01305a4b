"""Logs for machines: with LOG_FORMAT=json one JSON object a line, and nothing about persons.

A message's own words are constant; what was filled into them may name somebody's file, layer or
search, so it stays out, and of an error there are its kind and the lines of code that it passed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from geo.settings import ROOT

FRAMES = 12  # of an error, the last ones
_requests = logging.getLogger("geo.server.requests")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, event, and what is safe to say."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= getattr(record, "told", {})
        given = record.args if isinstance(record.args, tuple) else ()
        kinds = [type(one).__name__ for one in given if isinstance(one, BaseException)]
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            kinds.append(type(error).__name__)
            line["at"] = _passed(error)
        if kinds:
            line["error"] = ", ".join(kinds)
        return json.dumps(line, ensure_ascii=False)


def _passed(error: BaseException) -> list[str]:
    """Return the last lines of code that an error passed, "geo/ui/app.py:20 run"."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:]))


def json_handler() -> logging.Handler:
    """Return a handler that writes JSON lines to standard error."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(JsonFormatter())
    return made


def enable_json_logs() -> None:
    """Let every logger of this process write JSON lines, Streamlit's own included."""
    from geo.server.streamlit_bridge import redirect_streamlit_logs

    one = json_handler()
    logging.captureWarnings(True)
    logging.getLogger().handlers = [one]
    logging.getLogger("geo").setLevel(logging.INFO)
    redirect_streamlit_logs(one)


def log_request(route: str, status: int, seconds: float) -> None:
    """Write that a request was answered; seen with LOG_FORMAT=json only."""
    if _requests.isEnabledFor(logging.INFO):
        told = {"route": route, "status": status, "seconds": round(seconds, 4)}
        _requests.info("request", extra={"told": told})
