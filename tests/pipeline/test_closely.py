"""Looking closely: attached messages are shown, and never taken for the sender's own words."""

from pipeline.closely import MAX_NESTED, read_closely
from tests.make_mail import make_mail, make_multipart, make_part

INNER = make_mail(text="Deeper wells, please.", attachments=[("inner.pdf", b"%PDF", "application/pdf")])


def outer(*nested: bytes, text: str = "See attached.") -> bytes:
    """A message with attached ones."""
    parts = [make_part("text/plain", text.encode()), *(make_part("message/rfc822", each) for each in nested)]
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
    return head + make_multipart(parts, "b0")


def test_attached_messages_are_shown_below_the_body() -> None:
    found = read_closely(outer(INNER), frozenset(), "")
    assert found.shown_text == "See attached.\n\nDeeper wells, please."
    assert [file.filename for file in found.shown_files][-1] == "inner.pdf"
    assert found.reading.reply.new_text == "See attached."


def test_an_empty_body_stays_an_empty_answer() -> None:
    found = read_closely(outer(INNER, text=""), frozenset(), "")
    assert (found.shown_text, found.reading.reply.new_text) == ("Deeper wells, please.", "")


def test_only_so_many_attached_messages_are_opened() -> None:
    found = read_closely(outer(*[INNER] * (MAX_NESTED + 5)), frozenset(), "")
    assert found.shown_text.count("Deeper") == MAX_NESTED


def test_only_the_configured_server_is_trusted() -> None:
    raw = b"Authentication-Results: mx.b.example; dmarc=pass\r\n" + outer()
    told, trusted = read_closely(raw, frozenset(), ""), read_closely(raw, frozenset(), "mx.ours.example")
    assert (told.authserv_id, told.authentication.dmarc, told.trusted) == ("mx.b.example", "pass", False)
    assert (trusted.authserv_id, trusted.authentication.dmarc, trusted.trusted) == ("mx.ours.example", "", True)
