"""Letters on a draft: outcomes prepared, read and released; receipts switched off and on."""

from hashlib import sha256

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import MailState, Revision, SentMail
from tests.admin import desk
from tests.admin.browser import Browser

URL = "/drafts/YTH/letters"


@pytest.fixture
def revised(office: Office) -> Office:
    """The desk with a second text of the draft."""
    content = desk.make_docx("A word of welcome.", *desk.PARAGRAPHS[:2])
    digest = sha256(content).hexdigest()
    with office.database.begin() as db:
        store.drafts.add_revision(db, Revision(draft="YTH", name="r1", sha256=digest, docx=content, circulated_at=None))
    return office


def list_outcomes(office: Office) -> list[SentMail]:
    """The outcome mails in the outbox, oldest first."""
    with office.database.read() as db:
        return [sent for sent in store.outbox.list_outgoing(db)[::-1] if sent.mail.occasion == "outcome"]


def list_off(office: Office) -> set[tuple[str, str]]:
    with office.database.read() as db:
        return set(store.receipts.list_off(db))


def test_before_there_is_a_second_text_there_is_nothing_to_tell(officer: Browser) -> None:
    assert "There is no second revision yet" in officer.words(URL)
    assert officer.post(f"{URL}/outcomes", step="prepare").status_code == 409


def test_outcomes_are_prepared_read_as_received_and_released(revised: Office, officer: Browser) -> None:
    assert "7 proposals on r0 are not decided yet" in officer.words(URL)
    officer.post(f"{URL}/outcomes", step="prepare", base="r0", newer="r1")
    prepared = list_outcomes(revised)
    assert [(sent.mail.agency, sent.state) for sent in prepared] == [
        (agency, MailState.HELD) for agency in ("ILO", "IOM", "WHO")
    ]
    page = officer.read(URL)
    assert "fp@ilo.example" in page.get_text()
    links = [str(link["href"]) for link in page.select("td a[href^='/outgoing/']")]
    assert links == [f"/outgoing/{sent.id}" for sent in prepared]
    assert "Now in r1, in a paragraph without a number." in officer.words(links[0])
    officer.post(f"{URL}/outcomes", step="release", base="r0", newer="r1")
    assert {sent.state for sent in list_outcomes(revised)} == {MailState.QUEUED}
    assert "Release" not in officer.words(URL)


@pytest.mark.usefixtures("revised")
@pytest.mark.parametrize("asked", ["base=r1", "newer=r0", "newer=r9"])
def test_revisions_that_cannot_be_compared_are_refused(officer: Browser, asked: str) -> None:
    assert officer.get(f"{URL}?{asked}").status_code == 409


def test_a_step_that_is_not_there_is_refused(revised: Office, officer: Browser) -> None:
    assert officer.post(f"{URL}/outcomes", step="burn").status_code == 400
    assert list_outcomes(revised) == []


def test_a_reader_prepares_nothing_and_switches_nothing(revised: Office, reader: Browser) -> None:
    for url in (f"{URL}/outcomes", f"{URL}/receipts", "/roster/receipts"):
        assert reader.post(url, step="prepare").status_code == 403
    assert (list_outcomes(revised), list_off(revised)) == ([], set())


def test_receipts_are_left_out_where_the_tick_is_taken_away(office: Office, officer: Browser) -> None:
    everybody = ("UNICEF", "ILO", "IOM", "WHO")
    officer.post(f"{URL}/receipts", everybody="yes", agency=[code for code in everybody if code != "WHO"])
    assert list_off(office) == {("YTH", "WHO")}
    page = officer.read(URL)
    ticked = [str(box["value"]) for box in page.select("[name=agency][checked]")]
    assert ticked == ["UNICEF", "ILO", "IOM"]
    officer.post(f"{URL}/receipts", agency=list(everybody))
    assert list_off(office) == {("YTH", "")}
    assert not officer.read(URL).select("[name=everybody][checked]")
    officer.post("/roster/receipts", agency=["ILO", "WHO", "UNICEF"])
    assert list_off(office) == {("YTH", ""), ("", "IOM")}
    assert "IOM off on all drafts" in officer.words(URL)


def test_a_message_leads_to_its_receipt(office: Office, officer: Browser) -> None:
    assert "Confirmed" not in officer.words("/messages/1")
    with office.database.begin() as db:
        store.receipts.note_receipt(db, desk.ILO, 1)
    assert officer.read("/messages/1").select("dd a[href='/outgoing/1']")
