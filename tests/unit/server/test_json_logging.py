"""JSON logs: one object a line, without personal data or file names."""

import json
import logging

import pytest

from geo.errors import StoreError
from geo.server.json_logging import JsonFormatter

SECRET = "wordofaperson"


def line(message: object, *args: object, error: BaseException | None = None, **more) -> dict:
    try:
        if error is not None:
            raise error
        found = None
    except type(error) as raised:
        found = (type(raised), raised, raised.__traceback__)
    record = logging.LogRecord("geo.x", logging.WARNING, __file__, 1, message, args, found)
    record.__dict__.update(more)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_json_line_has_time_level_logger_and_event():
    told = line("settings: kept")
    assert (told["level"], told["logger"], told["event"]) == ("WARNING", "geo.x", "settings: kept")
    assert told["time"].endswith("+00:00")


@pytest.mark.parametrize("message", ["download %s", "two\nlines %s", 'quote " %s', "طرطوس %s"])
def test_message_arguments_are_not_logged(message):
    told = line(message, f"{SECRET}.csv")
    assert told["event"] == message
    assert SECRET not in json.dumps(told)


def test_exception_is_logged_as_its_type_and_code_locations():
    told = line("page", error=ValueError(f"no such file {SECRET}.csv"))
    assert told["error"] == "ValueError"
    assert told["at"][-1].startswith("tests/unit/server/test_json_logging.py:")
    assert SECRET not in json.dumps(told)


def test_exception_as_message_is_logged_as_its_type():
    assert line(StoreError(SECRET))["event"] == "StoreError"


def test_exception_as_argument_is_logged_as_its_type():
    assert line("page: %s", StoreError(SECRET))["error"] == "StoreError"


def test_request_fields_are_logged_beside_the_event():
    told = line("request", fields={"route": "/features", "status": 200, "seconds": 0.01})
    assert (told["route"], told["status"], told["seconds"]) == ("/features", 200, 0.01)
