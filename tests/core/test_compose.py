"""Outgoing mail: what it says, to whom, and that the same input gives the same bytes."""

import base64
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from pipeline.core import compose, letters, tokens
from pipeline.core.model import Addressee, Agency, Draft, MailKind, OutgoingMail, Unreadable
from pipeline.core.outcomes import DECISIONS, tidy
from pipeline.core.receipts import clean_name
from pipeline.errors import UsageError
from tests.core import gmg, mails

ALL = mails.make_all()
CALLS = sorted(name for name in ALL if name.startswith("call"))
LATER = sorted(name for name in ALL if ALL[name].agency is not None and not name.startswith("call"))


def read(mail: OutgoingMail) -> EmailMessage:
    """A mail as a reader takes it apart."""
    parsed = message_from_bytes(mail.raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


@pytest.mark.parametrize("name", sorted(ALL))
def test_mail_says_what_it_said_before(name: str) -> None:
    assert mails.to_golden(ALL[name]) == (mails.GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_every_golden_mail_is_still_written() -> None:
    assert {path.stem for path in mails.GOLDEN.glob("*.txt")} == set(ALL)


def test_same_input_same_bytes() -> None:
    assert mails.make_all() == ALL


@pytest.mark.parametrize("name", sorted(ALL))
def test_headers_stop_automatic_answers_and_bring_answers_to_us(name: str) -> None:
    mail, parsed = ALL[name], read(ALL[name])
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["X-Penholder"] == mail.occasion.value
    assert parsed["Message-ID"].strip() == mail.message_id
    assert mail.message_id.endswith("@gmg.example>")
    for field in ("From", "Reply-To"):
        (ours,) = parsed[field].addresses
        assert (ours.display_name, ours.addr_spec) == ("GMG Chair (drafts mailbox)", "gmg-drafts@gmg.example")
    assert [address.addr_spec for address in parsed["To"].addresses] == list(mail.to)
    assert len(mail.to) == 1
    assert not parsed.defects


@pytest.mark.parametrize("name", sorted(ALL))
def test_subject_arrives_as_it_was_written(name: str) -> None:
    assert read(ALL[name])["Subject"] == ALL[name].subject


@given(st.text(st.sampled_from("ab éü’ж声 ,;:()[]=?_\\"), max_size=200))
@example(") é")
@settings(deadline=None)
def test_a_title_in_any_script_arrives_as_it_was_written(title: str) -> None:
    letterhead = mails.make_letterhead("YTH r0")
    titled = replace(letterhead, draft=replace(letterhead.draft, title=title))
    addressee = next(asked for asked in titled.round.addressees if asked.agency == "UNESCO")
    mail = letters.call(titled, addressee, mails.DOCX, mails.NOW)
    parsed = read(mail)
    assert (parsed["Subject"], parsed["Thread-Topic"]) == (mail.subject, mail.subject)
    assert all(len(line) <= 78 for line in mail.raw.split(b"\r\n\r\n")[0].split(b"\r\n") if b"=?" in line)


@pytest.mark.parametrize("name", sorted(ALL))
def test_text_stands_alone_and_is_narrow(name: str) -> None:
    body = read(ALL[name]).get_body(("plain",))
    assert isinstance(body, EmailMessage)
    assert body.get_content().replace("\r\n", "\n") == ALL[name].text
    assert (body["Content-Type"].params["format"], body.get_content_charset()) == ("flowed", "utf-8")
    assert all(len(line) <= 78 for line in ALL[name].text.split("\n"))
    assert ALL[name].raw.isascii()
    assert all(len(line) <= 998 for line in ALL[name].raw.split(b"\r\n"))
    assert b"\n" not in ALL[name].raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", CALLS)
def test_call_brings_the_text_and_the_deadline(name: str) -> None:
    docx, calendar = read(ALL[name]).iter_attachments()
    assert docx.get_content() == mails.DOCX
    assert re.fullmatch(
        r"GMG-(YTH|HLD|JST)_r[01]_(for-comment|under-silence|for-endorsement)\.docx", docx.get_filename()
    )
    (event,) = Calendar.from_ical(calendar.get_payload(decode=True)).events
    round = next(round for round in gmg.get_rounds().values() if round.id == ALL[name].round_id)
    assert event.start == round.deadline.at


@pytest.mark.parametrize("name", CALLS)
def test_call_opens_a_thread(name: str) -> None:
    parsed = read(ALL[name])
    assert parsed["In-Reply-To"] is None
    assert len(base64.b64decode(parsed["Thread-Index"])) == 22


@pytest.mark.parametrize("name", LATER)
def test_later_mail_stays_in_the_thread(name: str) -> None:
    mail, parsed = ALL[name], read(ALL[name])
    round = next(round for round in gmg.get_rounds().values() if round.id == mail.round_id)
    asked = next(asked for asked in round.addressees if asked.agency == mail.agency)
    assert asked.message_id is not None
    assert parsed["References"].split()[0] == asked.message_id
    assert parsed["References"].split()[-1] == parsed["In-Reply-To"]
    index = base64.b64decode(parsed["Thread-Index"])
    opened = tokens.start_thread_index(mails.SECRET, round_id=round.id, agency=asked.agency, opened_at=round.opened_at)
    assert (index[:22], len(index)) == (opened, 27)
    assert mail.subject == f"Re: {parsed['Thread-Topic']}"


@pytest.mark.parametrize("name", [name for name in sorted(ALL) if name.startswith(("call", "reminder"))])
def test_first_paragraph_says_what_of_whom_and_by_when(name: str) -> None:
    first = " ".join(ALL[name].text.split("\n\n")[0].split())
    assert ALL[name].agency is not None
    assert ALL[name].agency in first
    assert re.search(r"\d{4}, \d\d(:|\s*h\s*)\d\d .*UTC", first)


@pytest.mark.parametrize("name", ["call_en", "call_fr"])
def test_call_gives_three_steps(name: str) -> None:
    assert re.findall(r"^(\d)\. ", ALL[name].text, re.MULTILINE) == ["1", "2", "3"]


# --- receipts -------------------------------------------------------------------------------------------------------

NAMES = st.text(min_size=0, max_size=300)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([kind.value for kind in MailKind]),
    st.lists(NAMES, max_size=5),
    st.lists(NAMES, max_size=5),
    st.booleans(),
    st.sampled_from(("DESA", "UNESCO", "ECLAC", "UNWOMEN")),
    st.sampled_from(("YTH r0", "JST r0", "HLD r0", "JST r1")),
)
def test_receipt_has_at_most_120_words_whatever_was_sent(
    kind: str, read_names: list[str], unread_names: list[str], flag: bool, agency: str, name: str
) -> None:
    receipt = mails.make_receipt(
        kind,
        changes=123,
        comments=45,
        read=tuple(clean_name(name) for name in read_names),
        unread=tuple(clean_name(name) for name in unread_names),
        late=flag,
        replaced=flag,
        waits=not flag,
    )
    mail = mails.make_acknowledgement(name, agency, receipt)
    assert len(mail.text.split()) <= 120
    assert len(mail.raw) <= 10_000
    assert all(len(line) <= 78 for line in mail.text.split("\n"))


@pytest.mark.parametrize("kind", ["no_comment", "endorsement", "decline"])
@pytest.mark.parametrize("facts", [{"waits": True}, {"unread": ("inputs.doc",)}, {"link_only": True}])
def test_receipt_records_nothing_that_a_person_still_has_to_look_at(kind: str, facts: dict[str, Any]) -> None:
    mail = mails.make_acknowledgement("YTH r0", "WHO", mails.make_receipt(kind, **facts))
    assert "Recorded" not in mail.text
    assert "a person looks at it" in mail.text


@pytest.mark.parametrize(
    ("facts", "english", "french"),
    [
        ({"causes": ("doc",)}, "send it as a Word file", "au format Word"),
        ({"causes": ("image",)}, "send it as a Word file", "au format Word"),
        ({"causes": ("encrypted",)}, "without a password", "sans mot de passe"),
        ({"causes": ("archive",)}, "unpacked", "décompressé"),
        ({"causes": ("broken",)}, "once more", "encore une fois"),
        ({"causes": ("too_large",)}, "without pictures", "sans images"),
        ({"causes": ("doc", "image")}, "send it as a Word file", "au format Word"),
        ({"causes": ("doc", "archive")}, "send them as Word files", "de les envoyer au format Word"),
        ({"link_only": True}, "attach the file itself", "joindre le fichier lui-même"),
    ],
    ids=["doc", "scan", "password", "archive", "damaged", "large", "alike", "different", "link"],
)
def test_receipt_asks_for_one_thing_where_a_file_could_not_be_read(
    facts: dict[str, Any], english: str, french: str
) -> None:
    causes = tuple(Unreadable(cause) for cause in facts.get("causes", ()))
    told = {**facts, "causes": causes, "unread": tuple(f"file{n}" for n in range(len(causes)))}
    for agency, words in (("WHO", english), ("UNESCO", french)):
        mail = mails.make_acknowledgement("YTH r0", agency, mails.make_receipt(**told))
        text = " ".join(mail.text.split())
        assert words in text
        assert text.count("lease ") + text.count("Merci de") + text.count("merci de") == 1


def test_receipt_for_many_mails_tells_the_latest_and_counts_them_all() -> None:
    receipts = tuple(mails.make_receipt("no_comment", message_id=number) for number in range(1, 15))
    mail = mails.make_acknowledgement("YTH r0", "WHO", *receipts)
    assert "your 14 mails on GMG-YTH for WHO; the latest 10:" in " ".join(mail.text.split())
    assert mail.text.count("Recorded: no comments.") == 10
    assert mail.key == "acknowledgement:1"


# --- outcomes -------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, NAMES, st.sampled_from(DECISIONS)), min_size=1, max_size=4))
def test_outcome_says_each_proposal_once_whatever_was_written(told: list[tuple[str, str, str, str]]) -> None:
    outcomes = [
        replace(mails.OUTCOMES[0], old=tidy(old), new=tidy(new), remark=tidy(remark), decision=decision)
        for old, new, remark, decision in told
    ]
    for agency in ("WHO", "UNESCO"):
        mail = mails.make_outcome("YTH r0", agency, outcomes)
        assert len(re.findall(r"^\d+\. Para", mail.text, re.MULTILINE)) == len(told)
        assert not read(mail).defects


def with_agency(agency: Agency) -> letters.Letterhead:
    """The letterhead of the youth round with one agency changed."""
    letterhead = mails.make_letterhead()
    agencies = tuple(agency if known.code == agency.code else known for known in letterhead.roster.agencies)
    return replace(letterhead, roster=replace(letterhead.roster, agencies=agencies))


# --- recipients, hostile values -------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.sampled_from([agency.code for agency in gmg.get_roster().agencies]), st.sets(st.integers(0, 4)))
def test_mail_goes_to_working_addresses_of_that_agency_only(code: str, dead: set[int]) -> None:
    roster = gmg.get_roster()
    agency = roster.get_agency(code)
    contacts = tuple(
        replace(contact, bounced_at=mails.NOW - timedelta(days=1)) if position in dead else contact
        for position, contact in enumerate(agency.contacts)
    )
    letterhead = with_agency(replace(agency, contacts=contacts))
    working = {contact.address for contact in contacts if contact.bounced_at is None}
    try:
        mail = letters.call(letterhead, Addressee(agency=code, message_id=None), mails.DOCX, mails.NOW)
    except letters.UnreachableError:
        return
    assert {*mail.to, *mail.cc} <= working
    assert set(mail.cc) <= {contact.address for contact in contacts if contact.role.value == "alternate"}


def test_an_agency_without_a_working_address_is_named() -> None:
    letterhead = with_agency(replace(gmg.get_roster().get_agency("ILO"), contacts=()))
    with pytest.raises(letters.UnreachableError, match="No address of ILO works"):
        letters.call(letterhead, Addressee(agency="ILO", message_id=None), mails.DOCX, mails.NOW)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_a_title_of_any_kind_cannot_add_a_header(title: str) -> None:
    letterhead = mails.make_letterhead()
    draft: Draft = replace(letterhead.draft, title=title)
    changed = replace(letterhead, draft=draft, round=replace(letterhead.round, subject=""))
    mail = letters.call(changed, Addressee(agency="WHO", message_id=None), mails.DOCX, mails.NOW)
    assert read(mail).keys() == read(ALL["call_en"]).keys()


def test_unknown_placeholder_is_an_error() -> None:
    letterhead = mails.make_letterhead()
    letter = compose.Letter(
        template="reminder",
        occasion=ALL["reminder_en"].occasion,
        key="k",
        agency=letterhead.roster.get_agency("WHO"),
        recipients=compose.Recipients(to=("migrant-health@who.example",)),
        deadline=letterhead.round.deadline,
        values={},
    )
    with pytest.raises(UsageError, match=r"reminder/en"):
        compose.render(letterhead, letter)


@pytest.mark.parametrize(
    "words",
    ["{{ ''.__class__.__mro__ }}", "{{ names.append('x') }}", "{% for _ in range(999999999) %}{% endfor %}"],
    ids=["into the program", "changing what it is given", "without end"],
)
def test_a_template_can_do_nothing_but_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    (tmp_path / "evil.txt").write_text(words, encoding="utf-8")
    monkeypatch.setattr(compose, "TEMPLATES", tmp_path)
    compose._environment.cache_clear()
    try:
        with pytest.raises(UsageError, match="evil.txt cannot be filled in"):
            compose.fill("evil.txt", {"names": []})
    finally:
        compose._environment.cache_clear()
