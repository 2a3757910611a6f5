"""Laws of telling machine mail from what people write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.machine_mail import find_machine_mail
from pipeline.core.model import FailedRecipient, MachineKind, MachineMail
from pipeline.core.parse import parse_mail
from tests.make_mail import make_mail

OURS = frozenset({"gmg-drafts@gmg.example"})
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.who.example>"
CALL = "[GMG-YTH] Thematic report: inputs by 31 October"


def find(raw: bytes) -> MachineMail | None:
    return find_machine_mail(parse_mail(raw), OURS)


def kind_of(raw: bytes) -> MachineKind | None:
    found = find(raw)
    return found.kind if found else None


def must_find(raw: bytes) -> MachineMail:
    found = find(raw)
    assert found is not None
    assert found.clues
    return found


# --- people ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        make_mail(),
        make_mail(headers={"Auto-Submitted": "no"}),
        make_mail(headers={"X-Auto-Response-Suppress": "All"}),
        make_mail(headers={"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}),
        make_mail(
            headers={"Precedence": "list", "List-Id": "<gmg.ilo.example>", "List-Post": "<mailto:gmg@ilo.example>"}
        ),
        make_mail(headers={"List-Unsubscribe": "<mailto:leave@ilo.example>", "List-Id": "<gmg.ilo.example>"}),
        make_mail(subject=f"Re: Automatic reply: {CALL}", text="Thank you, noted. Our comments follow."),
        make_mail(
            subject=f"RE: Undeliverable: {CALL}", text="I did get it: the other mailbox does not exist any more."
        ),
        make_mail(subject=f"Rappel : {CALL}", text="Petit rappel : la date limite est le 31 octobre."),
        make_mail(subject="Recall: of the argument in para 4", text="We recall that paragraph 4 was agreed."),
        make_mail(subject="Read: para 4", text="Please read paragraph 4 as follows: ..."),
        make_mail(text="I will be on leave until 12 October, so here are our comments already."),
        make_mail(text="The message could not be delivered to my colleague, I forward it: 550 5.1.1 unknown."),
        make_mail(
            text="Comments attached.",
            attachments=[("meeting.ics", b"METHOD:REQUEST", "text/calendar"), ("a.docx", b"PK", "x/y")],
        ),
        make_mail(sender="Postal Union <postal@upu.example>", text="Mail delivery failed in 3 countries, says para 4."),
    ],
)
def test_people_are_not_machines(raw: bytes) -> None:
    assert find(raw) is None


# --- our own --------------------------------------------------------------------------------------------------


def test_our_private_header_makes_it_own_mail() -> None:
    assert kind_of(make_mail(headers={"X-Penholder": "call"})) is MachineKind.OWN


def test_our_address_with_auto_submitted_is_own_mail() -> None:
    sender = "GMG Drafts <gmg-drafts@gmg.example>"
    assert kind_of(make_mail(sender=sender, headers={"Auto-Submitted": "auto-generated"})) is MachineKind.OWN
    assert kind_of(make_mail(sender=sender)) is None


# --- reports --------------------------------------------------------------------------------------------------


def dsn(*recipients: str) -> bytes:
    fields = "Reporting-MTA: dns; mx.who.example\n\n" + "\n\n".join(recipients)
    return make_mail(
        sender=DAEMON, subject=f"Undeliverable: {CALL}", text="Delivery report", report=("delivery-status", fields)
    )


def block(address: str, action: str, status: str) -> str:
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}"


def test_failed_action_is_a_bounce() -> None:
    found = must_find(
        dsn(block("Old@WHO.example", "failed", "5.1.1"), block("b@who.example", "failed", "5.2.2 (full)"))
    )
    assert found.kind is MachineKind.BOUNCE
    assert found.failed_recipients == (
        FailedRecipient(address="old@who.example", permanent=True, status="5.1.1"),
        FailedRecipient(address="b@who.example", permanent=True, status="5.2.2"),
    )


def test_delayed_action_is_a_delay_notice() -> None:
    found = must_find(dsn(block("a@who.example", "delayed", "4.4.7")))
    assert found.kind is MachineKind.DELAY
    assert found.failed_recipients == (FailedRecipient(address="a@who.example", permanent=False, status="4.4.7"),)


def test_delivered_recipients_have_not_failed() -> None:
    found = must_find(dsn(block("a@who.example", "delivered", "2.0.0"), block("b@who.example", "failed", "5.1.1")))
    assert [recipient.address for recipient in found.failed_recipients] == ["b@who.example"]


def test_delivered_action_alone_is_a_receipt() -> None:
    assert kind_of(dsn(block("a@who.example", "relayed", "2.0.0"))) is MachineKind.RECEIPT


def test_the_address_we_wrote_to_is_the_one_that_failed() -> None:
    found = must_find(
        dsn(f"Original-Recipient: rfc822;a@who.example\n{block('a.b@int.who.example', 'failed', '5.1.1')}")
    )
    assert [recipient.address for recipient in found.failed_recipients] == ["a@who.example"]


@pytest.mark.parametrize(
    ("report", "kind"), [("disposition-notification", MachineKind.RECEIPT), ("feedback-report", MachineKind.COMPLAINT)]
)
def test_other_reports_are_told_by_their_type(report: str, kind: MachineKind) -> None:
    assert kind_of(make_mail(report=(report, "Final-Recipient: rfc822; a@who.example"))) is kind


# --- bounces in prose -----------------------------------------------------------------------------------------

PROSE = {
    "qmail": (
        "Hi. This is the qmail-send program at mx.who.example.\n"
        "I wasn't able to deliver your message.\n\n<old@who.example>:\n550 no such user\n\n"
        "--- Below this line is a copy of the message.\n\nTo: other@who.example\n"
    ),
    "exim": (
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its recipients. The following "
        "address(es) failed:\n\n  old@who.example\n"
        "    SMTP error from remote mail server: 550 5.1.1 User unknown\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
        "To: other@who.example"
    ),
    "postfix": (
        "I'm sorry to have to inform you that your message could not be delivered.\n\n"
        "<old@who.example>: host mx said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n"
    ),
    "sendmail": (
        "   ----- The following addresses had permanent fatal errors -----\n"
        "<old@who.example>\n\n   ----- Transcript of session follows -----\n"
        "... while talking to mx.who.example.:\n>>> RCPT To:<old@who.example>\n"
        "<<< 550 5.1.1 User unknown\n"
    ),
    "exchange": (
        "Your message did not reach some or all of the intended recipients.\n\n"
        "      Subject: x\n      Sent: 01/10/2012\n\n"
        "The following recipient(s) could not be reached:\n\n"
        "      old@who.example on 01/10/2012 10:00\n"
        "            The e-mail account does not exist at the organization.\n"
        "            <mx.who.example #5.1.1>\n"
    ),
    "outlook": (
        "Delivery has failed to these recipients or groups:\n\nold@who.example\n"
        "The e-mail address you entered could not be found.\n\nDiagnostic information:\n"
        "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##"
    ),
    "notes": (
        "Your Document:  x\nwas not delivered to:\n     old@who.example\nbecause:\n"
        "     User not listed in public Name & Address Book"
    ),
    "french": (
        "Votre message n'a pas pu être remis au destinataire suivant :\n\nold@who.example\n"
        "\n550 5.1.1 utilisateur inconnu"
    ),
}


@pytest.mark.parametrize("text", PROSE.values(), ids=PROSE.keys())
def test_prose_of_servers_is_a_bounce_of_one_address(text: str) -> None:
    found = must_find(make_mail(sender=DAEMON, subject="Undelivered Mail Returned to Sender", text=text))
    assert found.kind is MachineKind.BOUNCE
    assert [(recipient.address, recipient.permanent) for recipient in found.failed_recipients] == [
        ("old@who.example", True)
    ]


def test_failed_recipients_header_names_the_address() -> None:
    raw = make_mail(
        sender=DAEMON, subject="Mail delivery failed", text="Sorry.", headers={"X-Failed-Recipients": "old@who.example"}
    )
    assert [recipient.address for recipient in must_find(raw).failed_recipients] == ["old@who.example"]


@pytest.mark.parametrize(
    "text",
    [
        "A message that you sent has not yet been delivered to one or more recipients after 24 hours.\n\n"
        "  old@who.example\n\n"
        "No action is required on your part. Eventually the software will give up.",
        "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n"
        "old@who.example\n451 4.4.1 timed out\n"
        "It will be retried for 5 days.",
    ],
)
def test_further_tries_make_a_delay_notice(text: str) -> None:
    found = must_find(make_mail(sender=DAEMON, subject="Warning: message delayed 24 hours", text=text))
    assert found.kind is MachineKind.DELAY
    assert [(recipient.address, recipient.permanent) for recipient in found.failed_recipients] == [
        ("old@who.example", False)
    ]


# --- automatic replies ----------------------------------------------------------------------------------------

AUTO_SUBJECTS = [
    "Automatic reply: {}", "Out of Office: {}", "Réponse automatique : {}", "Absence du bureau : {}",
    "Respuesta automática: {}", "Resposta automática: {}", "Automatische Antwort: {}", "Abwesenheitsnotiz: {}",
    "Risposta automatica: {}", "Automatisch antwoord: {}", "Autosvar: {}", "Automatiskt svar: {}",
    "Automaattinen vastaus: {}", "Odpowiedź automatyczna: {}", "Automatická odpověď: {}", "Automatikus válasz: {}",
    "Автоматический ответ: {}", "Автоматична відповідь: {}", "Αυτόματη απάντηση: {}", "Otomatik Yanıt: {}",
    "رد تلقائي: {}", "自动答复: {}", "自動回覆: {}", "自動応答: {}", "자동 회신: {}", "[EXTERNAL] Automatic reply: {}",
]  # fmt: skip


@pytest.mark.parametrize("subject", AUTO_SUBJECTS)
def test_subject_prefix_alone_makes_an_automatic_reply(subject: str) -> None:
    assert kind_of(make_mail(subject=subject.format(CALL), text="...")) is MachineKind.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=a@ilo.example"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"Return-Path": "<>"},
        {"X-Auto-Response-Suppress": "OOF, AutoReply"},
    ],
)
def test_headers_make_an_automatic_reply(headers: dict[str, str]) -> None:
    raw = make_mail(
        subject=f"Re: {CALL}", text="I am out of the office with limited access to e-mail.", headers=headers
    )
    assert kind_of(raw) is MachineKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("I am on mission until 12 October with limited access to e-mail.", date(2012, 10, 12)),
        ("I am out of the office from 1 October to 12 October 2012.", date(2012, 10, 12)),
        ("I will be away from October 1st through October 12th.", date(2012, 10, 12)),
        ("I am on leave and will be back on 15/10.", date(2012, 10, 14)),
        ("I will return to the office on Monday, 15 October 2012.", date(2012, 10, 14)),
        ("Je suis absent du bureau jusqu'au 8 octobre inclus.", date(2012, 10, 8)),
        ("Je suis en congé, de retour le 9 octobre.", date(2012, 10, 8)),
        ("Estoy fuera de la oficina hasta el 8 de octubre de 2012.", date(2012, 10, 8)),
        ("Estarei ausente até 8 de outubro.", date(2012, 10, 8)),
        ("Ich bin bis einschließlich 12.10.2012 nicht im Büro.", date(2012, 10, 12)),
        ("Ich bin im Urlaub und ab dem 15. Oktober wieder erreichbar.", date(2012, 10, 14)),
        ("Sono fuori ufficio fino al 12 ottobre.", date(2012, 10, 12)),
        ("Ik ben afwezig tot en met 12 oktober.", date(2012, 10, 12)),
        ("Я в отпуске до 12 октября.", date(2012, 10, 12)),
        ("أنا خارج المكتب حتى 12 أكتوبر 2012.", date(2012, 10, 12)),
        ("我在休假，直到2012年10月12日。", date(2012, 10, 12)),
        ("10月12日まで不在にしております。", date(2012, 10, 12)),
        ("I am out of the office until 3 January.", date(2013, 1, 3)),
        ("I am away until 12/25/2012.", date(2012, 12, 25)),
        ("I am out of the office until 31 November.", None),
        ("I am out of the office. The report of 12 October is with us.", None),
    ],
)
def test_last_day_of_absence_is_read(text: str, until: date | None) -> None:
    assert must_find(make_mail(subject=f"Automatic reply: {CALL}", text=text)).away_until == until


def test_alternates_are_named_without_the_writer_and_us() -> None:
    text = "I am out of the office. Contact Alt.One@ilo.example or <two@ilo.example>, not migration@ilo.example."
    raw = make_mail(
        subject=f"Automatic reply: {CALL}", text=text + "\n\n> From: gmg-drafts@gmg.example, third@who.example"
    )
    assert must_find(raw).alternates == ("alt.one@ilo.example", "two@ilo.example")


# --- receipts, invitations, recalls, lists ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (f"Read: {CALL}", f"Your message\n\n  To: ILO\n  Subject: {CALL}\n\nwas read on Monday, 1 October 2012."),
        (f"Lu : {CALL}", "Votre message a été lu le lundi 1 octobre 2012."),
        (f"Gelesen: {CALL}", "Ihre Nachricht wurde am Montag gelesen."),
        (f"Leído: {CALL}", "El mensaje fue leído el lunes."),
    ],
)
def test_receipt_in_prose(subject: str, text: str) -> None:
    assert kind_of(make_mail(subject=subject, text=text)) is MachineKind.RECEIPT


@pytest.mark.parametrize("method", [b"REPLY", b"REQUEST", b"CANCEL", b"COUNTER"])
def test_calendar_methods_make_an_invitation(method: bytes) -> None:
    event = b"BEGIN:VCALENDAR\r\nMETHOD:" + method + b"\r\nEND:VCALENDAR"
    assert kind_of(make_mail(text="", attachments=[("invite.ics", event, "text/calendar")])) is MachineKind.CALENDAR


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (f"Recall: RE: {CALL}", "A Person would like to recall the message."),
        (f"Rappel : RE : {CALL}", "L'expéditeur souhaite rappeler le message « RE »."),
        (f"Rückruf: {CALL}", 'Eine Person möchte die Nachricht "RE" zurückrufen.'),
        (f"Отзыв: {CALL}", "Отправитель хочет отозвать сообщение."),
        (f"撤回: {CALL}", "发件人希望撤回邮件。"),
        (f"Recall: {CALL}", ""),
    ],
)
def test_recall_needs_prefix_and_sentence(subject: str, text: str) -> None:
    assert kind_of(make_mail(subject=subject, text=text)) is MachineKind.RECALL


def test_bulk_mail_of_a_robot_is_a_list() -> None:
    headers = {"Precedence": "bulk", "List-Unsubscribe": "<https://ilo.example/leave>"}
    assert kind_of(make_mail(sender="news@ilo.example", headers=headers)) is MachineKind.LIST


@given(st.text(max_size=200), st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_text_is_judged(text: str, subject: str) -> None:
    find(make_mail(sender=DAEMON, subject=subject, text=text))
    find(make_mail(subject=f"Automatic reply: {subject}", text=text))


def test_a_long_list_of_refused_addresses_is_read_to_its_end() -> None:
    addresses = [f"fp{number}@who.example" for number in range(20)]
    entries = "\n\n".join(f"<{each}>:\nSorry, your message to {each} cannot be delivered." for each in addresses)
    text = f"Unable to deliver message to the following address(es).\n\n{entries}"
    found = must_find(make_mail(sender=DAEMON, subject="Delivery failure", text=text))
    assert [each.address for each in found.failed_recipients] == addresses


def test_the_address_an_alias_turned_into_another_has_failed_too() -> None:
    text = (
        "----- The following addresses had permanent fatal errors -----\n"
        "box@mail.who.example\n    (expanded from: <fp@who.example>)\n"
    )
    found = must_find(make_mail(sender=DAEMON, subject="Returned mail", text=text))
    assert {each.address for each in found.failed_recipients} == {"box@mail.who.example", "fp@who.example"}


@pytest.mark.parametrize("subject", [f"RE: {CALL} : non remis (delivery failed)", "メールエラー通知"])
def test_a_server_may_answer_under_our_subject(subject: str) -> None:
    text = "Your message could not be delivered to\nfp@who.example\n"
    found = must_find(make_mail(sender="x@mx.example", subject=subject, text=text))
    assert (found.kind, found.failed_recipients[0].address) == (MachineKind.BOUNCE, "fp@who.example")


def test_a_person_who_answers_a_bounce_is_a_person() -> None:
    text = "Your message could not be delivered to\nfp@who.example\n"
    assert find(make_mail(subject="RE: Delivery failed", text=text)) is None
