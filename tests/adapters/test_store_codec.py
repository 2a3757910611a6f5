from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.store.codec import decode, encode
from pipeline.core.model import Clue, Decision, Recognition, Roster, Round
from pipeline.errors import StoreError
from pipeline.redline.model import Change
from tests.adapters.store_records import NOW, make_recognition, make_roster

# Every code point, lone surrogates and NUL too: hostile mail has them.
offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec=None), max_size=20),
    datetime: st.datetimes(timezones=offsets),
    float: st.floats(0, 1),
}


def draw_any(kind: Any) -> st.SearchStrategy[Any]:
    """Values of `kind`, as its annotations describe them."""
    if kind in PLAIN:
        return PLAIN[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        return st.builds(kind, **{name: draw_any(hint) for name, hint in get_type_hints(kind).items()})
    kinds = get_args(kind)
    if get_origin(kind) is UnionType:
        return st.one_of(*[draw_any(each) for each in reversed(kinds)])
    if get_origin(kind) is tuple and kinds[-1] is Ellipsis:
        return st.lists(draw_any(kinds[0]), max_size=3).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(draw_any, kinds))
    return st.from_type(kind)


@settings(max_examples=60, deadline=None)
@given(draw_any(Recognition))
def test_recognition_comes_back_as_it_went_in(recognition: Recognition) -> None:
    text = encode(recognition)
    assert text.isascii()
    assert decode(Recognition, text) == recognition


@settings(max_examples=60, deadline=None)
@given(st.one_of(*[draw_any(kind) for kind in (Change, Round, Roster, Decision)]))
def test_other_nouns_come_back_as_they_went_in(value: Any) -> None:
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
