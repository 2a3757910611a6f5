from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.store.codec import decode, encode
from pipeline.core.model import Clue, Decision, Recognition, Roster
from pipeline.errors import StoreError
from pipeline.redline.model import Change
from tests.adapters.store_records import NOW, make_recognition, make_roster

# Every code point, lone surrogates and NUL too: hostile mail has them.
any_text = st.text(st.characters(codec=None), max_size=20)
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(timezones=offsets)
for kind, strategy in ((str, any_text), (datetime, instants), (float, st.floats(0, 1))):
    st.register_type_strategy(kind, strategy)


@settings(max_examples=60, deadline=None)
@given(st.from_type(Recognition))
def test_recognition_comes_back_as_it_went_in(recognition: Recognition) -> None:
    text = encode(recognition)
    assert text.isascii()
    assert decode(Recognition, text) == recognition


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.from_type(Change), st.from_type(Clue)))
def test_small_nouns_come_back_as_they_went_in(value: Change | Clue) -> None:
    assert decode(type(value), encode(value)) == value


@pytest.mark.parametrize(
    "value",
    [make_roster(), make_recognition(), Decision(agency="ILO", round_id=1, kind="set_state", at=NOW, by="anna")],
)
def test_nouns_with_days_and_enumerations_come_back(value: Any) -> None:
    assert decode(type(value), encode(value)) == value


def test_the_offset_of_a_date_field_is_kept() -> None:
    date = datetime(2012, 10, 31, 18, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    clue = Decision(agency="ILO", round_id=1, kind="set_state", at=date, by="")
    assert decode(Decision, encode(clue)).at.utcoffset() == date.utcoffset()


@dataclass(frozen=True)
class Narrow:
    """As an older program knew it."""

    name: str


@dataclass(frozen=True)
class Wide:
    """As a newer program knows it."""

    name: str
    until: datetime | None
    size: int = 7


def test_fields_added_later_get_their_defaults() -> None:
    assert decode(Wide, encode(Narrow("a"))) == Wide(name="a", until=None)


def test_fields_no_longer_known_are_passed_over() -> None:
    assert decode(Narrow, encode(Wide("a", datetime(2012, 1, 1, tzinfo=UTC)))) == Narrow("a")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Clue, "{"),
        (Clue, "[]"),
        (Clue, "{}"),
        (Clue, '{"source": 3, "points_to": "", "words": ""}'),
        (Recognition, "null"),
        (Roster, '"GMG"'),
    ],
)
def test_damaged_records_are_said_to_be_damaged(kind: type, text: str) -> None:
    with pytest.raises(StoreError, match=f"stored {kind.__name__} cannot be read"):
        decode(kind, text)


@pytest.mark.parametrize("value", [b"bytes", {"a": 1}, [1], object()])
def test_what_json_cannot_keep_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot store"):
        encode(value)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        encode((datetime(2012, 10, 31),))  # noqa: DTZ001
