"""What is written about the product is true of it: commands, options, links."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline import errors
from pipeline.cli import HELP, cli
from pipeline.config import HOME

#: stories of which something is still to be built; a name leaves this list and never joins it
UNFINISHED_STORIES = {"S07"}
COMMANDS_PAGE = (HOME / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = [HOME / "README.md", HOME / "CONTRIBUTING.md", *sorted((HOME / "docs").rglob("*.md"))]


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name; groups that only hold others are left out."""
    with click.Context(command) as context:
        if not isinstance(command, click.Group):
            yield name, command
            return
        if command.invoke_without_command:
            yield name, command
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from walk(found, f"{name} {child}".strip())


WALKED = {name: command for name, command in walk(cli, "") if name}


def find_section(name: str) -> str:
    """What docs/commands.md says of a command, from its heading to the next one."""
    found = re.search(rf"^### `penholder {name}\b(?! [a-z]).*?(?=^##|\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section on penholder {name}"
    return found[0]


@pytest.mark.parametrize("name", WALKED)
def test_every_command_has_help_and_a_section(name: str) -> None:
    command = WALKED[name]
    assert command.help
    assert find_section(name)


@pytest.mark.parametrize("name", WALKED)
def test_every_option_has_help_and_is_named(name: str) -> None:
    page = COMMANDS_PAGE if name == "demo" else find_section(name)
    for option in WALKED[name].params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name}"
            assert any(word in page for word in option.opts), f"docs/commands.md: {name} {option.opts}"


@pytest.mark.parametrize("name", WALKED)
def test_no_option_is_described_that_is_not_there(name: str) -> None:
    known = {word for option in WALKED[name].params for word in option.opts} | {
        "--debug",
        "--config",
        "--help",
        "--json",
    }
    heading = find_section(name).splitlines()[0]
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", heading)) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_command_that_a_page_types_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for words in re.findall(r"^ {4}(?:\.venv/bin/)?penholder ([a-z].*?)(?:\s+#.*)?$", text, re.MULTILINE):
        parts = words.split()
        name = " ".join(parts[:2]) if " ".join(parts[:2]) in WALKED else parts[0]
        assert name in WALKED, f"{page.name}: penholder {words}"
        known = {word for option in WALKED[name].params for word in (*option.opts, *option.secondary_opts)}
        assert {word for word in parts if word.startswith("-")} <= known, f"{page.name}: penholder {words}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"(?<!!)\[[^]]+\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_command_of_the_list_exists() -> None:
    assert {name.split()[0] for name in WALKED} == HELP.keys()


def test_every_exit_code_of_the_program_is_explained() -> None:
    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    explained = {int(number) for number in re.findall(r"^\| (\d+) \|", COMMANDS_PAGE, re.MULTILINE)}
    assert codes | {0, 1, 2, 130} <= explained


def _read_stories() -> dict[str, str]:
    """What docs/stories.md says holds each story."""
    page = (HOME / "docs" / "stories.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| (S\d\d) \|[^|]+\| (.+) \|$", page, re.MULTILINE))


def _find_tests() -> dict[str, str]:
    """The test files by the names of the tests that are named after a story."""
    found = {}
    for path in sorted((HOME / "tests").rglob("test_*.py")):
        for name in re.findall(r"^def (test_s\d\d_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            found[name] = str(path.relative_to(HOME))
    return found


def test_every_story_is_held_by_a_test_or_says_what_is_missing() -> None:
    stories = _read_stories()
    assert list(stories) == [f"S{number:02}" for number in range(1, 45)]
    assert {name for name, held in stories.items() if "not yet:" in held} == UNFINISHED_STORIES
    untested = {name for name, held in stories.items() if f"::test_{name.lower()}_" not in held}
    assert untested <= UNFINISHED_STORIES


def test_every_test_named_after_a_story_is_listed_and_every_listed_one_exists() -> None:
    listed = {
        (name, path, story)
        for story, held in _read_stories().items()
        for path, name in re.findall(r"`([\w/.]+)::(\w+)`", held)
    }
    assert listed == {(name, path, name[5:8].upper()) for name, path in _find_tests().items()}


def test_every_page_the_program_names_exists() -> None:
    sources = [
        path for folder in ("pipeline", "admin", "bench", "inbox_rules") for path in (HOME / folder).rglob("*.*")
    ]
    texts = (path.read_text(encoding="utf-8") for path in sources if path.suffix in {".py", ".toml", ".html"})
    named = {page for text in texts for page in re.findall(r"\bdocs/[\w/-]+\.md\b", text)}
    assert named
    assert sorted(page for page in named if not (HOME / page).is_file()) == []
