"""The reference tables of README and docs agree with the code, in both directions."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain

import click
import pytest
from pydantic.fields import FieldInfo

from geo.cli.main import main
from geo.page_registry import list_pages
from geo.settings import ROOT, Settings
from geo.view import PARAMETERS
from tests.support.markdown import table
from tests.support.setting_docs import read_descriptions

DOCS = ROOT / "docs"
TEXTS = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), ROOT / "deploy" / "README.md"])


def shown_default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, bool):
        return str(int(value))
    return "none" if value == "" else str(value)


def unit(description: str) -> str:
    """Return a setting's unit: `MB` for a description with "Unit: MB (10^6 bytes)"."""
    found = re.search(r"Unit: ([\w ]+)", description)
    return found[1].strip() if found else ""


def test_settings_table_lists_each_default_and_unit():
    documented = {
        name.strip("`"): (default, measured_in)
        for name, default, measured_in, _ in table(DOCS / "operating.md", "setting")
    }
    descriptions = read_descriptions()
    assert documented == {
        name.upper(): (shown_default(field), unit(descriptions[name]))
        for name, field in Settings.model_fields.items()
    }


def options(command: click.Command) -> set[str]:
    found = set()
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            found.add(str(parameter.name).upper())
        else:
            found.add(next(name for name in parameter.opts if name.startswith("--")))
    return found


def list_commands(group: click.Group = main, prefix: str = "") -> dict[str, click.Command]:
    """Return each command by its whole name, such as "claims add"."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= list_commands(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


COMMANDS = list_commands()
GROUPS = {name.split()[0] for name in COMMANDS if " " in name}


def test_command_table_lists_each_option_and_default():
    documented = {
        name.strip("`"): used for name, used, _ in table(DOCS / "command-line.md", "command")
    }
    assert documented.keys() == COMMANDS.keys()
    for name, used in documented.items():
        assert set(re.findall(r"`([^`]+)`", used)) == options(COMMANDS[name]), name
        in_code = {
            (option.opts[0], str(option.default))
            for option in COMMANDS[name].params
            if isinstance(option, click.Option) and option.show_default
        }
        assert set(re.findall(r"`(\S+)` \(([^)]+)\)", used)) == in_code, name


def commands_shown() -> Iterator[tuple[str, str]]:
    for path in TEXTS:
        for call in re.findall(r"python -m geo ([a-z][^`\n#|…]*)", path.read_text("utf-8")):
            yield path.name, call


@pytest.mark.parametrize(("document", "call"), list(commands_shown()))
def test_commands_in_documents_exist_with_their_options(document, call):
    words = call.split()
    named = " ".join(words[:2]) if words[0] in GROUPS else words[0]
    assert named in COMMANDS
    used = {word for word in words[1:] if word.startswith("--")}
    assert used <= options(COMMANDS[named])


def test_link_parameters_table_has_each_parameter():
    rows = table(DOCS / "using.md", "parameter")
    documented = [name for names, _ in rows for name in re.findall(r"`(\w+)`", names)]
    assert sorted(documented) == sorted(parameter.name for parameter in PARAMETERS)


def test_pages_table_has_each_page_in_order():
    assert [title for title, _ in table(DOCS / "using.md", "page")] == [
        page.title for page in list_pages()
    ]


def normalised(requirement: str) -> str:
    return re.split(r"[\[<>=;~ ]", requirement)[0].lower().replace("_", "-")


def test_dependencies_table_equals_the_dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = chain(project["dependencies"], *extras.values())
    required = {normalised(one) for one in listed}
    cells = "\n".join(row[0] for row in table(ROOT / "README.md", "package"))
    packages = re.sub(r"\*\w+:\*|\([^)]*\)", "", cells)
    documented = {name.strip().lower() for name in re.split(r"[,\n]", packages)}
    through_streamlit = {"authlib", "httpx"}  # its extra `auth`
    assert documented - through_streamlit == required - {"briefing-map"}


def test_readme_has_at_most_130_lines():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 130


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_links_between_documents_are_valid(path):
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target
