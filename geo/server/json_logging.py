"""JSON logs, for LOG_FORMAT=json: one object a line, without personal data.

Only the constant message is written. Its arguments may name somebody's file, layer or search, so
they are left out; of an error the class and the traceback's code lines are written.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from geo.settings import ROOT

MAX_FRAMES = 12  # the last ones of a traceback
_requests = logging.getLogger("geo.server.requests")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, event, error and its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a line end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= getattr(record, "fields", {})
        args = record.args if isinstance(record.args, tuple) else ()
        classes = [type(one).__name__ for one in args if isinstance(one, BaseException)]
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            classes.append(type(error).__name__)
            line["at"] = _format_traceback(error)
        if classes:
            line["error"] = ", ".join(classes)
        return json.dumps(line, ensure_ascii=False)


def _format_traceback(error: BaseException) -> list[str]:
    """Return the last code lines of a traceback, such as "geo/ui/app.py:20 run"."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    return [f"{_shorten_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _shorten_path(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:]))


def enable_json_logs() -> None:
    """Make all loggers of this process, also Streamlit's, write JSON lines to standard error."""
    from geo.streamlit_bridge import redirect_streamlit_logs

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.captureWarnings(True)
    logging.getLogger().handlers = [handler]
    logging.getLogger("geo").setLevel(logging.INFO)
    redirect_streamlit_logs(handler)


def log_request(route: str, status: int, seconds: float) -> None:
    """Log an answered request; only JSON logs show it."""
    if _requests.isEnabledFor(logging.INFO):
        fields = {"route": route, "status": status, "seconds": round(seconds, 4)}
        _requests.info("request", extra={"fields": fields})
