"""Message-IDs and thread indices of our own."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import tokens

SECRET = b"a secret for tests only"
# hypothesis wants bounds without a zone
START, END = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1995, 2056))
OPENED = datetime(2012, 10, 1, 8, tzinfo=UTC)


def make(secret: bytes = SECRET, **changes: str) -> str:
    """The Message-ID of a call for inputs to ILO, with changes."""
    told = {"draft": "YTH", "revision": "r0", "agency": "ILO", "key": "call:1:ILO", "domain": "gmg.example"} | changes
    return tokens.make_message_id(secret, **told)


def test_message_id_shows_what_it_is() -> None:
    assert re.fullmatch(r"<yth\.r0\.ilo\.call-1\.[0-9a-f]{20}@gmg\.example>", make())


def test_same_input_same_id() -> None:
    assert make() == make()


@pytest.mark.parametrize(
    "changes", [{"agency": "IOM"}, {"key": "call:2:ILO"}, {"domain": "other.example"}, {"secret": b"another"}]
)
def test_every_part_counts(changes: dict[str, Any]) -> None:
    assert make(**changes) != make()


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=40))
def test_any_codes_give_an_id_every_server_takes(draft: str, agency: str, key: str) -> None:
    made = make(draft=draft, agency=agency, key=key)
    assert re.fullmatch(r"<(?:[a-z0-9-]+\.){4}[0-9a-f]{20}@gmg\.example>", made)


def test_thread_index_begins_with_one_header_for_each_agency_and_round() -> None:
    start = tokens.start_thread_index(SECRET, round_id=1, agency="ILO", opened_at=OPENED)
    assert len(start) == 22
    assert start[0] == 1
    assert start != tokens.start_thread_index(SECRET, round_id=1, agency="IOM", opened_at=OPENED)
    assert start != tokens.start_thread_index(SECRET, round_id=2, agency="ILO", opened_at=OPENED)
    # thirty characters of base64 are what clients compare
    assert len(base64.b64encode(start)) == 32


def read_header_time(index: bytes) -> datetime:
    """The instant in the header, after MS-OXOMSG 2.2.1.3."""
    filetime = int.from_bytes(index[:6], "big") << 16
    return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=filetime // 10)


@given(
    st.datetimes(START, END, timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=5000)),
)
def test_child_blocks_tell_the_time_passed(opened: datetime, passed: timedelta) -> None:
    start = tokens.start_thread_index(SECRET, round_id=1, agency="ILO", opened_at=opened)
    assert timedelta(0) <= opened - read_header_time(start) < timedelta(milliseconds=7)
    child = tokens.extend_thread_index(SECRET, start, key="reminder:1:T-7:ILO", now=opened + passed)
    assert (child[:22], len(child)) == (start, 27)
    block = int.from_bytes(child[22:26], "big")
    shift = 23 if block >> 31 else 18
    told = timedelta(microseconds=((block & 0x7FFFFFFF) << shift) // 10)
    real = opened + passed - read_header_time(start)
    assert timedelta(0) <= real - told <= timedelta(microseconds=(1 << shift) // 10 + 1)


def test_grandchildren_grow_by_five_bytes() -> None:
    index = tokens.start_thread_index(SECRET, round_id=1, agency="ILO", opened_at=OPENED)
    for generation in range(1, 4):
        index = tokens.extend_thread_index(SECRET, index, key=f"k{generation}", now=OPENED + timedelta(days=generation))
        assert len(index) == 22 + 5 * generation
