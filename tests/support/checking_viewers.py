"""Viewers that compare every response with the expected data during a database outage.

The expected data are computed from the test's synthetic rows and the built-in claims, without the
server.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from functools import lru_cache

import geopandas as gpd
import shapely
from websockets.exceptions import ConnectionClosed

from geo.selection import compute_token
from geo.view import View, from_query
from tests.support.app_server import expected_selection
from tests.support.deployment import read_count, reconnect
from tests.support.load_driver import Change, Viewer

AWAY = "The layer database does not answer."
SOON = 10  # seconds until an untouched page must show recovered layers; it checks every 4


class ExpectedAnswers:
    """The expected responses, computed from the layers as the test wrote them.

    Parameters
    ----------
    layers : dict of str to geopandas.GeoDataFrame
        Points with the columns id, name and day, in the order of the store's rows.
    version : str
        The data version of the app while the database is up.
    limit : int
        The largest number of features that are not drawn as density.
    """

    def __init__(self, layers: dict[str, gpd.GeoDataFrame], version: str, limit: int) -> None:
        self.names = sorted(layers)
        self.version = version
        self._limit = limit
        self._rows = {name: _features(rows) for name, rows in layers.items()}
        self.body = lru_cache(maxsize=2_000)(self._body)

    def _body(self, name: str, query: str) -> bytes:
        """Return the expected body of /features for a layer and a query."""
        view = _view(query)
        found = self._found(name, view)
        many = len(found) > self._limit
        more: dict[str, object] = {
            "token": compute_token(view, self.version),
            "shown": len(found),
            "total": len(self._rows[name]),
        }
        more |= {"density": True} if many else {}
        rest = json.dumps(more, separators=(",", ":"))[1:]
        features = "" if many else ",".join(found)
        return f'{{"type":"FeatureCollection","features":[{features}],{rest}'.encode()

    def counts(self, query: str) -> dict[str, int]:
        """Return the number of features of each layer for a view."""
        view = _view(query)
        return {name: len(self._found(name, view)) for name in view.layers}

    def _found(self, name: str, view: View) -> list[str]:
        first, last = str(view.date_from or ""), str(view.date_to or "9999")
        return [text for day, text in self._rows[name] if first <= day <= last]


def _view(query: str) -> View:
    view, notices = from_query(query)
    assert not notices, notices
    return view


def _features(rows: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return the day and the GeoJSON feature of each row."""
    days = rows["day"].dt.date.astype(str)
    places = gpd.points_from_xy(rows.geometry.x.round(6), rows.geometry.y.round(6))
    return [
        (
            day,
            f'{{"type":"Feature","id":"{key}","geometry":{shapely.to_geojson(place)},'
            f'"properties":{{"label":"{name}","when":"{day}"}}}}',
        )
        for day, key, name, place in zip(days, rows["id"], rows["name"], places, strict=True)
    ]


@dataclass
class OutageTimes:
    """When the database went down and up, and when all processes had noticed.

    In between, both states are correct. Seconds of time.monotonic(); infinite before the event.
    """

    ended: float = math.inf
    missed: float = math.inf
    started: float = math.inf
    shown: float = math.inf
    killed: float = math.inf

    def there(self, begun: float, over: float) -> bool:
        """Return whether the database was certainly up during an interval."""
        return over < self.ended or begun > self.shown

    def away(self, begun: float, over: float) -> bool:
        """Return whether the database was certainly down during an interval."""
        return begun > self.missed and over < self.started


@dataclass
class AnswerTally:
    """Counts of /features responses by layer and status, and reconnections."""

    answers: list[tuple[str, int]] = field(default_factory=list)
    told: int = 0
    """Number of pages that reported unavailable layers."""
    returned: list[float] = field(default_factory=list)
    """Seconds from each broken connection until the same view was shown again."""


class CheckingViewer(Viewer):
    """A viewer that filters database layers and checks every count, text and response."""

    def __init__(
        self, url: str, seed: int, truth: ExpectedAnswers, times: OutageTimes, seen: AnswerTally
    ) -> None:
        self._truth, self._times, self._seen = truth, times, seen
        self._session = ""
        query = "&".join(f"layer={name}" for name in truth.names)
        super().__init__(url, seed, query)
        self._session = self.visitor.session

    def rest(self, seconds: float) -> None:
        """Wait the given seconds; reconnect if the connection breaks."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                super().rest(left)
            except ConnectionClosed:
                self._return()

    def change(self) -> Change:
        """Make one change; repeat it if the connection breaks."""
        if time.monotonic() > self._times.shown + SOON:
            assert AWAY not in self.visitor.words, "the page still reports the outage"
        try:
            return super().change()
        except ConnectionClosed:
            self._return()
            return super().change()

    def _return(self) -> None:
        begun, link = time.monotonic(), self.visitor.query
        assert begun > self._times.killed, "a connection broke although no process was killed"
        reconnect(self.visitor)
        assert self.visitor.query == link
        assert self.visitor.session != self._session
        self._session = self.visitor.session
        self.begun = begun
        self.look()
        self._seen.returned.append(time.monotonic() - begun)

    def look(self) -> None:
        """Check the page and the features that its map requests."""
        visitor, told = self.visitor, self.told()
        assert self._session in ("", visitor.session), (
            "a session was lost without a broken connection"
        )
        assert not any("went wrong" in one or "be shown" in one for one in told), told
        assert not any(one.WhichOneof("type") == "exception" for one in visitor.elements), told
        assert visitor.layers == self._truth.names, visitor.query
        right = expected_selection(visitor.page, visitor.query)
        assert read_count(visitor) == right.report_count, visitor.query
        self._fits(AWAY in visitor.words, there=False, away=True)
        self._seen.told += AWAY in visitor.words
        shown = visitor.shown()
        if shown is None:
            assert visitor.page == "evidence", "the page has no map"
            return
        self._fits(shown.get("layers", []), there=self._truth.names, away=[])
        self._claims(shown, right.shown)
        for name in self._truth.names:
            self._layer(name, shown)

    def _fits(self, found: object, *, there: object, away: object) -> None:
        """Check a result of the last action, which may be from before or after a state change."""
        now = time.monotonic()
        right = [there] if not self._times.away(self.begun, now) else []
        right += [away] if not self._times.there(self.begun, now) else []
        assert found in right, f"{found!r} is none of {right}: {self.visitor.query}"

    def _claims(self, shown: dict, count: int) -> None:
        status, body = self._ask("claims", shown)
        assert status == 200, body[:300]
        told = json.loads(body)
        assert told["shown"] == count, "map and page show different selections"
        counts = {one["key"]: one["count"] for one in told["legend"] if one["group"] == "layer"}
        self._fits(counts, there=self._truth.counts(shown["q"]), away={})

    def _layer(self, name: str, shown: dict) -> None:
        """Expect the whole layer, or a 503 if the database may be down."""
        status, body = self._ask(name, shown)
        self._fits(status, there=200, away=503)
        if status == 200:
            right = self._truth.body(name, shown["q"])
            assert body == right, f"wrong: {name} {shown} {body[-200:]!r}, not {right[-200:]!r}"
        else:
            assert AWAY.encode() in body, body

    def _ask(self, name: str, shown: dict) -> tuple[int, bytes]:
        answer = self.visitor.ask(f"/features/{name}?{shown['q']}&v={shown['v']}")
        self._seen.answers.append((name, answer.status))
        return answer.status, answer.body
