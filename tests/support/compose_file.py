"""Parse deploy/compose.yaml and deploy/Dockerfile as Docker does.

Only the syntax of the two files is supported. Anything else is an error, so that no test
ignores a line.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from geo.settings import ROOT

COMPOSE, DOCKERFILE = ROOT / "deploy" / "compose.yaml", ROOT / "deploy" / "Dockerfile"
SERVICE = {
    "build",
    "command",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "networks",
    "ports",
    "restart",
    "volumes",
}
NAMED = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?])([^}]*))?\})")
IMPORTED = re.compile(r"^(\w+)(?:/|\.py,|\.\S+\.so,)", re.MULTILINE)  # in a list of files
ENVSUBST = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def interpolate(text: str, values: Mapping[str, str]) -> str:
    """Return a text of the compose file with its variables replaced.

    Parameters
    ----------
    text : str
        With $X, ${X}, ${X-else}, ${X:-else}, ${X?why}, ${X:?why} and $$.
    values : mapping
        The variables of `.env`.

    Raises
    ------
    LookupError
        If a required value is missing; with the file's message.
    """

    def one(found: re.Match) -> str:
        dollar, bare, name, how, rest = found.groups()
        if dollar:
            return dollar
        value = values.get(bare or name)
        missing = value is None or ((how or "").startswith(":") and not value)
        if missing and how and how[-1] == "?":
            msg = f"{name}: {rest}"
            raise LookupError(msg)
        return rest if missing and how else (value or "")

    return NAMED.sub(one, text)


def services(values: Mapping[str, str]) -> dict[str, dict]:
    """Return the services of the compose file in the order of their dependencies."""
    told = _filled(yaml.safe_load(COMPOSE.read_text("utf-8")), values)["services"]
    for name, service in told.items():
        assert set(service) <= SERVICE, f"{name}: {sorted(set(service) - SERVICE)}"
        built = service.get("build", {"context": "..", "dockerfile": "deploy/Dockerfile"})
        assert (COMPOSE.parent / built["context"]).resolve() == ROOT
        assert ROOT / built["dockerfile"] == DOCKERFILE
    order = TopologicalSorter({name: one.get("depends_on", {}) for name, one in told.items()})
    return {name: told[name] for name in order.static_order()}


def _filled(node: object, values: Mapping[str, str]):
    if isinstance(node, dict):
        return {key: _filled(one, values) for key, one in node.items()}
    if isinstance(node, list):
        return [_filled(one, values) for one in node]
    return interpolate(node, values) if isinstance(node, str) else node


def render_nginx_template(template: str, environment: Mapping[str, str]) -> str:
    """Return a template as nginx's image renders it: envsubst with the environment's names."""
    return ENVSUBST.sub(lambda found: environment.get(found[1] or found[2], found[0]), template)


@dataclass
class Dockerfile:
    """An image: its base, its files and packages, and its start command."""

    base: str = ""
    folder: str = ""
    copied: list[list[str]] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    volumes: list[str] = field(default_factory=list)
    port: str = ""
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    @property
    def python(self) -> str:
        """The base image's version of Python, such as "3.11"."""
        return re.match(r"python:(\d+\.\d+)-", self.base)[1]

    @property
    def extras(self) -> set[str]:
        """The extras of this project that the image installs."""
        return set(re.search(r'"\.\[([\w,]+)\]"', " ".join(self.runs))[1].split(","))

    def copy_to(self, folder: Path) -> None:
        """Copy exactly the image's files into an empty folder."""
        for *sources, target in self.copied:
            place = folder / target
            for source in (ROOT / one for one in sources):
                if source.is_dir():
                    leave = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(source, place, ignore=leave, dirs_exist_ok=True)
                elif target.endswith("/"):
                    place.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, place)
                else:
                    shutil.copy(source, place)


def dockerfile() -> Dockerfile:
    """Return the parsed Dockerfile."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    image = Dockerfile()
    for line in re.sub(r"\\\n", " ", text).splitlines():
        word, _, rest = line.partition(" ")
        match word:
            case "FROM":
                image.base = rest
            case "WORKDIR":
                image.folder = rest
            case "COPY":
                image.copied.append(rest.split())
            case "RUN":
                image.runs.append(rest)
            case "ENV":
                image.environment.update(one.split("=", 1) for one in shlex.split(rest))
            case "USER":
                image.user = rest
            case "VOLUME":
                image.volumes.append(rest)
            case "EXPOSE":
                image.port = rest
            case "HEALTHCHECK":
                image.health = json.loads(rest.partition(" CMD ")[2])
            case "CMD":
                image.command = json.loads(rest)
            case _:
                assert not line.strip(), line
    return image


def find_installed_packages(asked: Iterable[str]) -> set[str]:
    """Return the packages that a requirement installs, its dependencies included."""
    found: set[tuple[str, ...]] = set()
    left = [(Requirement(one), "") for one in asked]
    while left:
        wanted, extra = left.pop()
        key = (wanted.name, *sorted(wanted.extras))
        if key in found or (wanted.marker and not wanted.marker.evaluate({"extra": extra})):
            continue
        found.add(key)
        for text in metadata.requires(wanted.name) or ():
            left += [(Requirement(text), one) for one in ("", *wanted.extras)]
    files = [metadata.distribution(name).read_text("RECORD") or "" for name, *_ in found]
    return set(IMPORTED.findall("\n".join(files)))


def imports(path: Path) -> set[str]:
    """Return the third-party packages that a Python file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    names += [
        str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    ]
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"geo"}
