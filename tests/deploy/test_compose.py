"""The services of deploy/compose.yaml and deploy/Dockerfile, run without containers."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from dotenv import dotenv_values
from packaging.specifiers import SpecifierSet

from geo.page_registry import list_pages
from geo.settings import ROOT
from tests.support.app_server import free_port
from tests.support.compose_file import (
    COMPOSE,
    NAMED,
    dockerfile,
    find_installed_packages,
    imports,
    interpolate,
    services,
)
from tests.support.compose_services import ComposeServices, nginx
from tests.support.deployment import filter_by_system, get_without_cookie, read_count
from tests.support.postgres_server import Postgres
from tests.support.websocket_client import WebsocketClient

DOTENV = {
    "DATABASE_PASSWORD": "syntheticdatabase",
    "APP_PASSWORD": "syntheticapp",
    "CREW_PASSWORD": "syntheticcrew",
    "COOKIE_SECRET": "syntheticsecret",
    "PREFIX": "/syria",
}
DEMANDED = ("DATABASE_PASSWORD", "APP_PASSWORD", "CREW_PASSWORD", "COOKIE_SECRET")
CREWS = "postgresql://crew@postgis/maps"
POINT = {
    "type": "Feature",
    "properties": {"name": "Synthetic stop"},
    "geometry": {"type": "Point", "coordinates": [35.95, 35.41]},
}
ERRORS = re.compile(r"^briefing_map_page_errors_total\S* ([\d.]+)", re.MULTILINE)


@dataclass
class Site:
    """The services and their public address."""

    deployed: ComposeServices
    url: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start all services in compose order, with a loaded layer."""
    folder, image = tmp_path_factory.mktemp("compose"), dockerfile()
    told = services({**DOTENV, "PORT": str(free_port())})
    for name in ("code", "own", "nginx", "layers"):
        (folder / name).mkdir(mode=0o700)
    image.copy_to(folder / "code")
    ports = {
        name: free_port() for name, one in told.items() if "build" in one and "command" not in one
    }
    password = told["postgis"]["environment"]["POSTGRES_PASSWORD"]
    deployed = ComposeServices(
        told, image, folder, Postgres("postgres", password, free_port()), ports
    )
    with ExitStack() as doors:
        doors.callback(deployed.stop)
        for name in told:
            deployed.start(name)
        (folder / "layers" / "stops.geojson").write_text(json.dumps(POINT))
        done = load(deployed, CREWS, "CREW_PASSWORD")
        assert done.returncode == 0, done.stderr
        yield Site(deployed, doors.enter_context(nginx(deployed)))


def load(deployed: ComposeServices, store: str, password: str) -> subprocess.CompletedProcess:
    """Load the synthetic layer as the README describes."""
    command = ["python", "-m", "geo", "import", str(deployed.folder / "layers"), "--to", store]
    return deployed.run("upgrade", command, PGPASSWORD=DOTENV[password])


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("${A}-$A", {"A": "x"}, "x-x"),
        ("$${A}", {"A": "x"}, "${A}"),
        ("${A:-y}${B-y}", {"A": "", "B": ""}, "y"),
        ("${A:-}${A-z}", {}, "z"),
        ("${A:?why}${A?why}", {"A": "x"}, "xx"),
        ("${A}", {}, ""),
    ],
)
def test_variables_are_interpolated_as_by_compose(text: str, values: dict, filled: str):
    assert interpolate(text, values) == filled


@pytest.mark.parametrize("name", DEMANDED)
@pytest.mark.parametrize("value", [{}, {"": ""}], ids=["missing", "empty"])
def test_missing_or_empty_password_is_an_error(name: str, value: dict):
    rest = {key: text for key, text in DOTENV.items() if key != name}
    with pytest.raises(LookupError, match=f"^{name}: set it in deploy/.env"):
        services({**rest, **({name: ""} if value else {})})


def test_readme_lists_every_variable():
    words = (COMPOSE.parent / "README.md").read_text("utf-8")
    sample = dotenv_values(stream=StringIO(words.split("```")[1]))
    told = [bare or name for _, bare, name, *_ in NAMED.findall(COMPOSE.read_text("utf-8"))]
    assert set(sample) == set(told)
    assert services({**sample, **DOTENV})["nginx"]["environment"]["SERVER_NAMES"] == sample["SITE"]


def test_image_has_the_required_python_and_packages():
    image = dockerfile()
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    assert image.python in SpecifierSet(project["requires-python"])
    assert image.extras <= set(project["optional-dependencies"])
    asked = [*project["dependencies"]]
    for extra in image.extras:
        asked += project["optional-dependencies"][extra]
    places = [ROOT / one for *sources, _ in image.copied for one in sources]
    files = [path for place in places for path in (place, *place.rglob("*.py"))]
    needed = set().union(*(imports(path) for path in files if path.suffix == ".py"))
    assert {"streamlit", "geopandas", "sqlalchemy"} <= needed
    assert needed <= find_installed_packages(asked)


def test_image_account_owns_only_the_volume():
    image = dockerfile()
    assert image.user != "root"
    (volume,) = image.volumes
    assert Path(image.environment["OWN_FOLDER"]).parent == Path(volume)
    assert f"install -d -o {image.user} -g {image.user} -m 0700 {volume}" in image.runs[-1]
    for name, service in services(DOTENV).items():
        if name.startswith("app"):
            assert service["volumes"] == [f"own:{volume}"]


def test_services_run_the_copied_code(site: Site):
    code = site.deployed.folder / "code"
    for name in site.deployed.ports:
        told = site.deployed.run(name, ["python", "-P", "-c", "import geo; print(geo.__file__)"])
        assert told.stdout.strip() == str(code / "geo" / "__init__.py")


def test_every_page_opens_through_nginx(site: Site):
    for page in list_pages():
        with WebsocketClient(site.url, page.path) as visitor:
            assert len(visitor.elements) > 1
    for app in site.deployed.apps:
        told = ERRORS.findall(get_without_cookie(app.url, "/metrics")[2].decode())
        assert not any(map(float, told)), app.url


def test_export_and_font_cache_use_writable_folders(site: Site):
    folder = site.deployed.folder
    command = ["python", "-m", "geo", "export", "--view", "khmeimim", "--format", "html", "--out"]
    done = site.deployed.run("app1", [*command, str(folder / "page.html")])
    assert done.returncode == 0, done.stderr
    assert "23 reports" in (folder / "page.html").read_text("utf-8")
    asked = "import matplotlib; print(matplotlib.get_cachedir())"
    told = site.deployed.run("app1", ["python", "-c", asked])
    assert (told.stdout.strip(), told.stderr) == (str(folder / "own" / "matplotlib"), "")


def test_visitor_filters_and_sees_the_loaded_layer(site: Site):
    with WebsocketClient(site.url, "overview", "sources=all&layer=stops") as visitor:
        before = read_count(visitor)
        filter_by_system(visitor, "S-400")
        assert read_count(visitor) != before
        assert visitor.layers == ["stops"]
        assert [one["properties"]["label"] for one in visitor.features("stops")] == [
            "Synthetic stop"
        ]
    for app in site.deployed.apps:
        assert b"Synthetic stop" in get_without_cookie(app.url, "/features/stops?layer=stops")[2]


def test_accounts_need_passwords_and_the_app_account_is_read_only(site: Site):
    deployed = site.deployed
    refused = load(deployed, CREWS.replace("crew", "app"), "APP_PASSWORD")
    assert refused.returncode == 1
    assert "not allowed" in refused.stderr
    for user, password in (("app", "CREW_PASSWORD"), ("postgres", "APP_PASSWORD")):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host="127.0.0.1",
                port=deployed.postgres.port,
                dbname="maps",
                user=user,
                password=DOTENV[password],
            )


def test_upgrade_and_accounts_are_idempotent(site: Site):
    for name in ("upgrade", "accounts"):
        done = site.deployed.run(name, site.deployed.services[name]["command"])
        assert (done.returncode, "before" in done.stdout) == (0, False), done.stderr
    assert all(site.deployed.healthy(name) for name in site.deployed.ports)


def test_health_check_fails_without_a_server(site: Site):
    nowhere = replace(site.deployed, ports={"app1": free_port()})
    assert not nowhere.healthy("app1")


def test_metrics_and_readiness_are_reachable_only_at_the_process(site: Site):
    for app in site.deployed.apps:
        assert b"briefing_map_sessions" in get_without_cookie(app.url, "/metrics")[2]
    for path in ("/metrics", "/_stcore/metrics", "/ready"):
        assert get_without_cookie(site.url, path)[0] == 404


def test_session_layer_is_served_by_every_process(site: Site):
    first, *others = site.deployed.apps
    with WebsocketClient(first.url, "layers") as owner:
        name = owner.upload_and_accept("mine.csv", b"id,name,lat,lon\n1,Synthetic own,35.4,35.9\n")
        for app in others:
            with WebsocketClient(app.url, "overview") as elsewhere:
                assert elsewhere.features(name) == []
                elsewhere.cookies = owner.cookies
                assert len(elsewhere.features(name)) == 1


def test_only_the_volume_is_written_and_logs_are_json(site: Site):
    folder = site.deployed.folder
    assert not (folder / "no such").exists()
    assert list((folder / "own" / "own").iterdir())
    assert not [*folder.glob("* alone")]
    clean = folder / "clean"
    site.deployed.image.copy_to(clean)
    there = {path.relative_to(folder / "code") for path in (folder / "code").rglob("*")}
    assert there == {path.relative_to(clean) for path in clean.rglob("*")}
    for name in site.deployed.ports:
        lines = site.deployed.log(name).read_text().splitlines()
        assert [line for line in lines if line[:1] != "{"] == []
