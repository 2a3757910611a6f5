"""Sending a text out: looked at first, tried on oneself, then sent once it is confirmed."""

from hashlib import sha256

import pytest

from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.core.model import Revision, Round, SentMail
from tests.admin import desk
from tests.admin.browser import Browser

URL = "/drafts/YTH/r1/circulation"
NEW = {"round": "", "purpose": "silence", "deadline": "2012-11-20T12:00", "zone": "Europe/Vienna"}
NEWER = {"round": "1", "purpose": "inputs", "deadline": "", "zone": "Europe/Vienna"}


@pytest.fixture(autouse=True)
def _revised(office: Office) -> None:
    content = desk.make_docx("A word of welcome.", *desk.PARAGRAPHS)
    digest = sha256(content).hexdigest()
    with office.database.begin() as db:
        store.drafts.add_revision(db, Revision(draft="YTH", name="r1", sha256=digest, docx=content, circulated_at=None))


def look(office: Office) -> tuple[list[Round], list[SentMail]]:
    """The rounds, and the mails that were added to the four calls, oldest first."""
    with office.database.read() as db:
        return list(store.rounds.list_rounds(db)), list(store.outbox.list_outgoing(db)[::-1][4:])


def query(asked: dict[str, str]) -> str:
    return f"{URL}?" + "&".join(f"{name}={value}" for name, value in asked.items())


@pytest.mark.parametrize("asked", [NEW, NEWER], ids=["new", "newer"])
def test_everybody_and_each_mail_are_shown_and_nothing_is_stored(
    officer: Browser, office: Office, asked: dict[str, str]
) -> None:
    page = officer.read(f"{query(asked)}&agency=ILO")
    assert [row.select_one("th").get_text() for row in page.select("tbody tr")] == ["UNICEF", "ILO", "IOM", "WHO"]
    assert "fp@ilo.example" in page.select_one("#mail").parent.get_text()
    assert "GMG-YTH_r1_" in page.select_one("#mail").parent.get_text()
    rounds, mails = look(office)
    assert ([round.current_revision for round in rounds], mails) == (["r0"], [])


@pytest.mark.parametrize("asked", [NEW, NEWER], ids=["new", "newer"])
def test_a_test_goes_to_oneself_alone(officer: Browser, office: Office, asked: dict[str, str]) -> None:
    officer.post(URL, **asked, step="test", agency="ILO", to="me@here.example")
    rounds, mails = look(office)
    assert len(rounds) == 1
    assert [(sent.mail.to, sent.mail.cc, sent.mail.occasion) for sent in mails] == [(("me@here.example",), (), "trial")]
    assert officer.post(URL, **asked, step="test", agency="ILO", to="fp@who.example").status_code == 409


@pytest.mark.parametrize(("asked", "rounds"), [(NEW, ["r0", "r1"]), (NEWER, ["r1"])], ids=["new", "newer"])
def test_it_goes_out_once_a_person_confirms_to_have_looked(
    officer: Browser, office: Office, asked: dict[str, str], rounds: list[str]
) -> None:
    assert officer.post(URL, **asked, step="send").status_code == 409
    assert look(office)[1] == []
    officer.post(URL, **asked, step="send", confirmed="yes")
    opened, mails = look(office)
    assert [round.current_revision for round in opened] == rounds
    assert [sent.mail.agency for sent in mails] == ["UNICEF", "ILO", "IOM", "WHO"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({**NEW, "step": "burn"}, 400),
        ({**NEW, "deadline": "", "step": "send", "confirmed": "yes"}, 400),
        ({**NEW, "deadline": "soon", "step": "send", "confirmed": "yes"}, 409),
        ({**NEW, "deadline": "2011-01-01T12:00", "step": "send", "confirmed": "yes"}, 409),
        ({**NEW, "zone": "Nowhere", "step": "send", "confirmed": "yes"}, 409),
    ],
)
def test_what_cannot_be_sent_is_refused(officer: Browser, office: Office, fields: dict[str, str], code: int) -> None:
    assert officer.post(URL, **fields).status_code == code
    assert look(office)[1] == []


def test_a_reader_looks_and_sends_nothing(reader: Browser, office: Office) -> None:
    assert not reader.read(query(NEW)).select(f"form[action='{URL}']")
    assert reader.post(URL, **NEW, step="send", confirmed="yes").status_code == 403
    assert look(office)[1] == []


def test_a_mail_of_the_outbox_is_shown_with_its_files_and_can_be_opened_elsewhere(officer: Browser) -> None:
    assert "GMG-YTH_r0_for-comment.docx" in officer.words("/outgoing/1")
    response = officer.get("/outgoing/1/raw")
    assert response.data.startswith(b"Date: ")
    assert "outgoing-1.eml" in response.headers["Content-Disposition"]
