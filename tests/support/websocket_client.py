"""A client of Streamlit's WebSocket protocol and of its HTTP upload.

It causes the same work on the server as a browser, with far less memory on the client.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from urllib.parse import parse_qs, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets.sync.client import connect

from geo.server.session_cookie import COOKIE

PATIENCE = 60  # seconds
SHOWN = re.compile(r"window\.briefingMap\.show\((\{.*?\})\);")
LOOK = 0.3  # seconds between two checks of running work


class WebsocketClient:
    """A client with its own cookie and one open page.

    Parameters
    ----------
    url : str
        The server's URL, such as "http://127.0.0.1:8501", with its path prefix.
    page : str
        The page's path.
    query : str
        The query of the page's link.
    """

    def __init__(self, url: str, page: str = "layers", query: str = "") -> None:
        self.host, self.prefix = urlsplit(url).netloc, urlsplit(url).path
        self.page, self.query = page, query
        self.session = ""
        self.elements: list = []
        self._known: dict[str, ForwardMsg] = {}
        self._widgets: dict[str, WidgetState] = {}
        self._clock: dict[str, tuple[float, float]] = {}  # (interval in seconds, next run)
        self._token = generate_xsrf_token_string()
        self._proof = {"X-Xsrftoken": self._token}
        self.cookies = {"_streamlit_xsrf": self._token}
        given = self.ask("/", Accept="text/html").getheader("set-cookie")
        if given:  # a plain Streamlit app gives none
            self.cookies[COOKIE] = given.split(";")[0].partition("=")[2]
        self.connect()

    def connect(self) -> None:
        """Open the session, or reopen it after the server ended."""
        again = [self.session] if self.session else []
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                f"ws://{self.host}{self.prefix}/_stcore/stream",
                subprotocols=["streamlit", self._token, *again],
                additional_headers={"Cookie": self._cookie},
                max_size=None,
                open_timeout=PATIENCE,
            )
        )
        self.rerun()

    def __enter__(self) -> WebsocketClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, address: str, **headers: str) -> http.client.HTTPResponse:
        """Send GET with this client's cookies; return the response with its body."""
        line = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        line.request("GET", self.prefix + address, headers={"Cookie": self._cookie, **headers})
        answer = line.getresponse()
        answer.body = answer.read()
        line.close()
        return answer

    def features(self, layer: str) -> list[dict]:
        """Return the features of a layer as the map receives them; none for an unknown layer."""
        answer = self.ask(f"/features/{layer}?layer={layer}")
        assert answer.status in (200, 404), answer.body
        return json.loads(answer.body).get("features", [])

    def rerun(self, *changed: WidgetState) -> None:
        """Run the page to its end, as after an interaction in a browser."""
        for state in changed:
            self._widgets[state.id] = state
        asked = self._asking()
        for state in changed:
            if state.HasField("trigger_value"):
                del self._widgets[state.id]
        self.elements = []
        self._run(asked)

    def _asking(self) -> BackMsg:
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_name = self.page
        asked.rerun_script.widget_states.widgets.extend(self._widgets.values())
        return asked

    def _run(self, asked: BackMsg) -> None:
        self._socket.send(asked.SerializeToString())
        begun = False
        for told in self._messages():
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.session = told.new_session.initialize.session_id or self.session
                begun = True
                if not told.metadata.run.fragment_ids:  # otherwise only a fragment runs
                    self.elements, self._clock = [], {}
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif kind == "auto_rerun":
                every = told.auto_rerun.interval
                self._clock[told.auto_rerun.fragment_id] = every, time.monotonic() + every
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                self.elements.append(told.delta.new_element)
            elif kind == "script_finished" and begun:
                if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return

    def _messages(self) -> Iterator[ForwardMsg]:
        while True:
            yield self._hear(PATIENCE)

    def _hear(self, seconds: float) -> ForwardMsg:
        told = ForwardMsg.FromString(self._socket.recv(timeout=seconds))
        if told.WhichOneof("type") == "ref_hash":
            return self._known[told.ref_hash]
        if told.hash:
            self._known[told.hash] = told
        return told

    def rest(self, seconds: float) -> None:
        """Wait and receive messages; timed fragments of the page run, as in a browser."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            part, (every, due) = min(
                self._clock.items(), key=lambda one: one[1][1], default=("", (0, end))
            )
            if due > now:
                with suppress(TimeoutError):
                    self._hear(min(due, end) - now)
                continue
            self._clock[part] = every, now + every
            asked = self._asking()
            asked.rerun_script.fragment_id, asked.rerun_script.is_auto_rerun = part, True
            self._run(asked)

    @property
    def words(self) -> str:
        """Return most of the page's text."""
        return "\n".join(str(element) for element in self.elements)

    @property
    def layers(self) -> list[str]:
        """Return the further layers in the page's link."""
        return parse_qs(self.query).get("layer", [])

    def shown(self) -> dict | None:
        """Return the state of the page's first map; None without a map."""
        for element in self.elements:
            if element.WhichOneof("type") == "component_instance":
                group = json.loads(element.component_instance.json_args).get("feature_group")
                found = SHOWN.search(str(group))
                if found:
                    return {"q": "", **json.loads(found[1])}
        return None

    def urls(self, name: str) -> FileURLs:
        """Request the URL for an upload."""
        asked = BackMsg()
        asked.file_urls_request.request_id = uuid.uuid4().hex
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        self._socket.send(asked.SerializeToString())
        for told in self._messages():
            if told.WhichOneof("type") == "file_urls_response":
                return told.file_urls_response.file_urls[0]
        raise AssertionError

    def request(self, url: str, name: str, body: bytes) -> tuple[bytes, bytes]:
        """Return the head and body of an upload request."""
        mark = uuid.uuid4().hex
        part = (
            f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        whole = part + body + f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Host": self.host,
            "Cookie": self._cookie,
            "Content-Length": str(len(whole)),
            "Content-Type": f"multipart/form-data; boundary={mark}",
            **self._proof,
        }
        lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        return f"PUT {url} HTTP/1.1\r\n{lines}\r\n".encode(), whole

    def upload(self, name: str, body: bytes) -> int:
        """Upload a file; return the HTTP status."""
        urls = self.urls(name)
        head, whole = self.request(urls.upload_url, name, body)
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
        line = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        line.request("PUT", self.prefix + urls.upload_url, whole, headers)
        status = line.getresponse().status
        line.close()
        if status < 300:
            state = WidgetState(id=self.find("file_uploader").id)
            info = state.file_uploader_state_value.uploaded_file_info.add()
            info.file_id, info.name, info.size = urls.file_id, name, len(body)
            info.file_urls.CopyFrom(urls)
            self.rerun(state)
        return status

    def find(self, kind: str, label: str = ""):
        """Return the widget of a type whose label begins with a text, or None."""
        for element in self.elements:
            found = getattr(element, kind) if element.WhichOneof("type") == kind else None
            if found is not None and found.label.startswith(label):
                return found
        return None

    def press(self, label: str) -> None:
        """Press a button that exists or appears within a few runs of the page."""
        for _ in range(int(PATIENCE / LOOK)):
            found = self.find("button", label)
            if found is not None:
                self.rerun(WidgetState(id=found.id, trigger_value=True))
                return
            self.rest(LOOK)
            self.rerun()
        raise AssertionError(self.words[-2000:])

    def upload_and_accept(self, name: str, body: bytes) -> str:
        """Upload and accept a file; return the layer's name."""
        before = set(self.layers)
        assert self.upload(name, body) < 300
        self.press("Accept the layer")
        (made,) = set(self.layers) - before
        return made
