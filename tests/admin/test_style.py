"""Laws for the style sheet: enough contrast by day and by night, and nothing from elsewhere."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

import admin
from admin import words
from pipeline.bootstrap import Office

CSS = (Path(admin.__file__).parent / "static" / "penholder.css").read_text(encoding="utf-8")
#: text colour on its ground
PAIRS = [(ink, ground) for ink in ("ink", "soft", "blue", "bad", "warn") for ground in ("paper", "sheet", "wash")]
PAIRS += [(tone, f"{tone}-wash") for tone in ("good", "wait", "warn", "bad", "note", "blue", "ins", "del")]
PAIRS += [("on-blue", "blue"), ("on-bad", "bad"), ("ink", "note-wash"), ("soft", "warn-wash"), ("warn", "sheet")]


def _read_colours(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colours: dict[str, str] = {}
    for block in blocks[: 1 if scheme == "light" else 2]:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    return colours


def _luminance(colour: str) -> float:
    """See: WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, ink: str, ground: str) -> None:
    colours = _read_colours(scheme)
    darker, lighter = sorted((_luminance(colours[ink]), _luminance(colours[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_both_schemes_name_the_same_colours() -> None:
    assert _read_colours("light").keys() == _read_colours("dark").keys()
    assert all(_read_colours("light")[name] != colour for name, colour in _read_colours("dark").items())


def test_the_style_sheet_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:", CSS)


def test_focus_is_never_taken_away() -> None:
    assert ":focus-visible" in CSS
    assert not re.search(r"outline:\s*(none|0)\b", CSS)


@pytest.mark.parametrize("enumeration", list(words._TABLES))
def test_every_name_of_the_program_has_a_word(office: Office, enumeration: type[StrEnum]) -> None:
    with admin.create_app(office).test_request_context():
        assert set(words._TABLES[enumeration]()) == set(enumeration)
        assert all("_" not in words.word(member) for member in enumeration)


@pytest.mark.parametrize(
    ("step", "expected"),
    [("T-7", "7 days before the deadline"), ("T-1", "1 day before the deadline"), ("T+1", "1 day after the deadline")],
)
def test_a_step_of_the_ladder_is_told_in_words(office: Office, step: str, expected: str) -> None:
    with admin.create_app(office).test_request_context():
        assert words.word_step(step) == expected
