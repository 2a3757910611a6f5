"""The written specimens: whose each line is, as its margin says. See: tests/core/specimen.py."""

import pytest

from pipeline.core.forward import find_forward
from pipeline.core.parse import parse_mail
from pipeline.core.quote import read_reply
from tests.core.specimen import FOLDER, Specimen, find_faults, read_specimens
from tests.make_mail import make_mail

SPECIMENS = {
    f"{path.stem}: {specimen.title}": specimen
    for path in sorted(FOLDER.glob("*.txt"))
    for specimen in read_specimens(path.name)
}
PLAIN = {name: specimen for name, specimen in SPECIMENS.items() if not specimen.html}
FORWARDS = {name: specimen for name, specimen in SPECIMENS.items() if specimen.forward}


@pytest.mark.parametrize("specimen", SPECIMENS.values(), ids=SPECIMENS)
def test_new_text_is_what_the_margin_says(specimen: Specimen) -> None:
    reply = read_reply(parse_mail(make_mail(text=None if specimen.html else specimen.text, html=specimen.html)))
    assert find_faults(specimen, reply.new_text, signature=False) == []


@pytest.mark.parametrize("specimen", PLAIN.values(), ids=PLAIN)
def test_the_signature_is_the_senders_own(specimen: Specimen) -> None:
    reply = read_reply(parse_mail(make_mail(text=specimen.text)))
    assert find_faults(specimen, reply.new_text_with_signature, signature=True) == []


@pytest.mark.parametrize("specimen", FORWARDS.values(), ids=FORWARDS)
def test_a_forwarded_message_is_found_with_its_sender(specimen: Specimen) -> None:
    kind, _, sender = specimen.forward.partition(" ")
    found = find_forward(specimen.text)
    assert found is not None
    assert found.type == kind
    assert sender in found.sender
    assert find_faults(specimen, found.text_top, signature=False) == []


def test_titles_tell_specimens_apart() -> None:
    assert len(SPECIMENS) == sum(len(read_specimens(path.name)) for path in FOLDER.glob("*.txt"))
