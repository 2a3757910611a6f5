"""Laws of finding the message that a message carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.attribution import find_writer
from pipeline.core.forward import Forward, find_forward
from tests.core.test_quote import ATTRIBUTIONS

TOP = "Dear colleagues, please see below."
BODY = "Para 4 should speak of children too.\n\nRegards\nAnn"


def must_find(text: str) -> Forward:
    found = find_forward(text)
    assert found is not None
    return found


def quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


#: header blocks as clients of many languages write them
BLOCKS = [
    "From: Ann Ode <ann@who.example>\nDate: Mon, 1 Oct 2012 10:00\nSubject: Youth report\nTo: GMG <gmg@gmg.example>",
    "From: Ann Ode <ann@who.example>\nSent: Monday, 1 October 2012 10:00\nTo: GMG\nCc: ILO\nSubject: Youth report",
    "*From:* Ann Ode <ann@who.example>\n*Sent:* 2012-10-01\n*To:* GMG\n*Subject:* Youth report",
    "De : Ann Ode <ann@who.example>\nEnvoyé : lundi 1 octobre 2012 10:00\nÀ : GMG\nObjet : Youth report",
    "Sujet :   Youth report\nDate :   Mon, 1 Oct 2012 10:00\nDe :   Ann Ode <ann@who.example>\nPour :   GMG",
    "Von: Ann Ode <ann@who.example>\nGesendet: Montag, 1. Oktober 2012 10:00\nAn: GMG\nBetreff: Youth report",
    "De: Ann Ode <ann@who.example>\nEnviado el: lunes, 1 de octubre de 2012 10:00\nPara: GMG\nAsunto: Youth report",
    "От: Ann Ode <ann@who.example>\nОтправлено: 1 октября 2012 г. 10:00\nКому: GMG\nТема: Youth report",
    "发件人: Ann Ode <ann@who.example>\n发送时间: 2012年10月1日 10:00\n收件人: GMG\n主题: Youth report",
    "من: Ann Ode <ann@who.example>\nتاريخ الإرسال: 1 أكتوبر 2012\nإلى: GMG\nالموضوع: Youth report",
    "From: Ann Ode <ann@who.example>\nSubject: Youth\nreport\nTo: GMG",
    "From: Ann Ode <ann@who.example>\n\nDate: Mon, 1 Oct 2012 10:00\n\n\nSubject: Youth report",
]
ANNOUNCEMENTS = [
    "---------- Forwarded message ---------",
    "Begin forwarded message:\n",
    "-------- Message transféré --------",
    "Début du message réexpédié :\n",
    "-------- Weitergeleitete Nachricht --------",
    "---------- Mensaje reenviado ----------",
    "-------- Пересылаемое сообщение --------",
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("announcement", ["", "-----Original Message-----", *ANNOUNCEMENTS])
def test_a_header_block_makes_a_forward_with_its_fields(block: str, announcement: str) -> None:
    found = must_find(f"{TOP}\n\n{announcement}\n{block}\n\n{BODY}")
    assert (found.type, found.sender, found.subject) == ("forward", "Ann Ode <ann@who.example>", "Youth report")
    assert (found.text_top, found.text) == (TOP, BODY)
    assert found.raw_text == f"{block}\n\n{BODY}"


@pytest.mark.parametrize("announcement", ANNOUNCEMENTS)
def test_quote_marks_around_a_forward_are_taken_off(announcement: str) -> None:
    inside = must_find(f"{TOP}\n\n{quote(f'{announcement}{chr(10)}{BLOCKS[0]}{chr(10)}{chr(10)}{BODY}')}\n\nBottom")
    below = must_find(f"{TOP}\n\n{announcement}\n{quote(f'{BLOCKS[0]}{chr(10)}{chr(10)}{BODY}')}\n\nBottom")
    for found in (inside, below):
        assert (found.type, found.sender, found.text) == ("forward", "Ann Ode <ann@who.example>", BODY)
        assert found.text_top == TOP


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_attribution_makes_a_reply_with_its_writer(line: str) -> None:
    found = must_find(f"{TOP}\n\n{line}\n{quote(BODY)}")
    assert (found.type, found.text, found.text_top) == ("reply", BODY, TOP)
    assert "GMG" in found.sender or "gmg-drafts@gmg.example" in found.sender


@pytest.mark.parametrize(
    ("line", "writer"),
    [
        ("On 16 Oct 2012 at 17:02 , Ann Ode <ann@who.example> wrote:", "Ann Ode <ann@who.example>"),
        ("2012-10-16 8:48 GMT+01:00 Ann Ode <ann@who.example>:", "Ann Ode <ann@who.example>"),
        ("Am 16.10.2012 um 22:48 schrieb Ann Ode <ann@who.example>:", "Ann Ode <ann@who.example>"),
        ("On Tue, Oct 16, 2012 at 5:02 PM, Ann Ode wrote:", "Ann Ode"),
        ("El mar, 16 oct 2012 a las 12:00, Ann (<ann@who.example>) escribió:", "Ann <ann@who.example>"),
        (
            'On Fri, 5 Oct 2012 10:00:00 +0200 (CEST), "Ode, Ann" <ann@who.example> wrote:',
            '"Ode, Ann" <ann@who.example>',
        ),
        ("在 2012年10月5日，上午10:00，李 <li@who.example> 写道：", "李 <li@who.example>"),
    ],
)
def test_a_writer_is_named_without_date_and_verb(line: str, writer: str) -> None:
    assert find_writer(line) == writer


def test_direction_marks_hide_no_writer() -> None:
    line = "\u202bבתאריך 1.10.2012 10:00 \u202aGMG\u202c\u200f <\u202ag@gmg.example\u202c\u200f>:\u202c"
    found = find_forward(f"{TOP}\n\n{line}\n\n> Old")
    assert found is not None
    assert "g@gmg.example" in found.sender
    assert found.text == "Old"


def test_bare_quote_marks_are_a_reply_of_nobody() -> None:
    found = must_find(f"{TOP}\n\n{quote(BODY)}\n\nRegards")
    assert (found.type, found.sender, found.text, found.text_top) == ("reply", "", BODY, TOP)


@pytest.mark.parametrize("text", ["", TOP, "From: the field\nWe write to you about water.", "para 3 > para 4"])
def test_an_ordinary_text_carries_no_message(text: str) -> None:
    assert find_forward(text) is None


@given(st.text(alphabet="> \nFromDate:Subjct-wrote@<>1/", max_size=300))
def test_any_text_is_searched_and_nothing_is_invented(text: str) -> None:
    found = find_forward(text)
    if found is not None:
        letters = set(text)
        assert set(found.raw_text) | set(found.text) | set(found.text_top) <= letters | {"\n"}
