"""Hostile mail through the whole intake, with real child processes; `penholder bench hostile` does it at full size."""

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile import besiege
from pipeline.core.model import Place
from pipeline.errors import MailTooComplexError
from pipeline.reading import read_files, read_message
from tests.hostile import Specimen, list_specimens, mutate

SPECIMENS = list(list_specimens(1))
#: each share has a database of its own: what one agency sends in one round is held against all it sent before
SHARES = 6
ENDS = {Place.FILED, Place.HELD, Place.IGNORED, Place.QUARANTINED, Place.FAILED}


def find_lost(specimens: list[Specimen], folder: Path) -> list[str]:
    """The messages that ended nowhere, without a reason, or kept the next one from being filed."""
    return [
        found.name
        for found in besiege(specimens, folder, weigh=False)
        if found.place not in ENDS or not found.reason or not found.next_is_filed
    ]


def test_there_is_every_kind_of_hostile_message() -> None:
    assert len({specimen.name for specimen in SPECIMENS}) == len(SPECIMENS) > 100


@pytest.mark.parametrize("share", range(SHARES))
def test_s42_every_hostile_message_ends_in_a_place_with_a_reason_and_the_next_one_is_filed(
    share: int, tmp_path: Path
) -> None:
    assert find_lost(SPECIMENS[share::SHARES], tmp_path) == []


@settings(max_examples=30, deadline=None)
@given(specimen=st.sampled_from(SPECIMENS), random_=st.randoms(use_true_random=False))
def test_no_damage_on_the_way_makes_reading_fail_but_for_a_limit(specimen: Specimen, random_: random.Random) -> None:
    with contextlib.suppress(MailTooComplexError):
        read_files(read_message(mutate(specimen.raw, random_), frozenset()).mail.attachments, ())
