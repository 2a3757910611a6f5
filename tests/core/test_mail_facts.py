"""Small facts read from mail: authentication, subjects, links, languages, dates, quotations, sentences."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.asked_date import find_asked_date
from pipeline.core.authentication import find_authentication, find_topmost_authentication
from pipeline.core.languages import detect_language
from pipeline.core.links import find_links, shares_file, unwrap
from pipeline.core.parse import parse_mail
from pipeline.core.quotations import remove_placeholders, set_aside
from pipeline.core.subjects import count_title_words, find_tokens, strip_prefixes
from pipeline.core.wording import fold, split_sentences
from tests.core.judging import ENERGY, ROSTER, WATER, make_mail


@pytest.mark.parametrize(
    ("fields", "failed"),
    [
        (["mx.group.example; dmarc=fail"], True),
        (["mx.group.example; spf=fail smtp.mailfrom=x; dkim=none"], True),
        (["mx.group.example; spf=softfail; dkim=fail; dmarc=none"], True),
        (["mx.group.example; spf=softfail; dkim=none"], False),
        (["mx.group.example; spf=fail; dkim=fail; dkim=pass"], False),
        (["mx.group.example; spf=fail; dkim=fail; dmarc=pass"], False),
        (["mx.group.example (a comment; dmarc=fail); dmarc=pass"], False),
        (["mx.group.example 1; dmarc=fail"], True),
        (["mx.group.example; none"], False),
        (["other.example; dmarc=fail"], False),
        (["mx.group.example; dmarc=fail", "mx.group.example; dmarc=pass"], True),
        (["other.example; dmarc=pass", "mx.group.example; dmarc=fail"], True),
        ([], False),
    ],
)
def test_only_our_own_servers_topmost_word_counts(fields: list[str], failed: bool) -> None:
    mail = make_mail(headers=tuple(("authentication-results", field) for field in fields))
    assert find_authentication(mail, "mx.group.example").failed is failed


@pytest.mark.parametrize(
    "subject",
    [
        "RE: Water", "Re : Water", "TR: RE : Water", "RV: Water", "AW: [EXTERNAL] Water", "WG: AW: Water",
        "答复: Water", "رد: Water", "Отв: Water", "Fwd: FW: Re[2]: Water", "[EXT] {Spam?} SV: Water",
        "Rif: R: I: Water", "回复:转发:Water",
        "RES: ENC: Water", "HA: Water", "Water",
    ],
)  # fmt: skip
def test_any_stack_of_prefixes_is_stripped(subject: str) -> None:
    assert strip_prefixes(subject) == "Water"


@pytest.mark.parametrize("subject", ["Report: Water", "Water: re-use", "[GRP-WAT] call", "Refugees: Water"])
def test_words_that_are_no_prefix_stay(subject: str) -> None:
    assert strip_prefixes(subject) == subject


@pytest.mark.parametrize(
    ("text", "codes"),
    [("RE: [GRP-WAT] call", ("WAT",)), ("grp-wat", ("WAT",)), ("[GRP-XYZ]", ()), ("MYGRP-WAT", ()), ("GRP-WATER", ())],
)
def test_token_is_found(text: str, codes: tuple[str, ...]) -> None:
    assert find_tokens(text, ROSTER, (WATER, ENERGY)) == codes


def test_title_words_shared_by_two_drafts_do_not_count() -> None:
    assert count_title_words("The clean waters report", ROSTER, (WATER, ENERGY)) == {"WAT": 3}


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://eur02.safelinks.example/?url=https%3A%2F%2Fa.example%2Fx.docx&data=05", "https://a.example/x.docx"),
        ("https://urldefense.example/v2/url?u=https-3A__a.example_x.docx&d=Dw", "https://a.example/x.docx"),
        ("https://urldefense.example/v3/__https://a.example/x.docx__;!!abc", "https://a.example/x.docx"),
        ("https://a.example/x.docx", "https://a.example/x.docx"),
        (
            "https://w.example/?url=https%3A%2F%2Fv.example%2F%3Furl%3Dhttps%253A%252F%252Fa.example%252Fx",
            "https://a.example/x",
        ),
        ("https://web.gateway.example/1abc/https%3A%2F%2Fa.example%2Fx.docx", "https://a.example/x.docx"),
        ("https://a.example/?url=javascript:alert(1)", "https://a.example/?url=javascript:alert(1)"),
    ],
)
def test_wrapped_link_is_unwrapped(link: str, target: str) -> None:
    assert unwrap(link) == target


@pytest.mark.parametrize(
    ("link", "shares"),
    [
        ("https://alpha.sharepoint.example/:w:/s/x", True),
        ("https://www.alpha.example/doc/text.docx", True),
        ("https://drive.google.example/file/d/1", True),
        ("https://docs.google.example/document/d/1/edit", True),
        ("https://onedrive.live.example/?cid=1&id=2", True),
        ("https://1drv.example/w/s!Aabc", True),
        ("https://www.dropbox.example/scl/fi/abc/text?rlkey=1", True),
        ("https://we.example/t-abc", True),
        ("https://app.box.example/s/abc", True),
        ("https://www.swisstransfer.example/d/abc", True),
        ("https://www.icloud.example/iclouddrive/0ab#x", True),
        ("https://unite.alpha.example/drive/s/x", True),
        ("https://collab.alpha.example/index.php/s/AbC", True),
        ("https://teams.example/l/file/ABC?fileType=docx", True),
        ("https://protect.gateway.example/s/abcDEF?domain=app.box.example", True),
        ("https://protect.gateway.example/s/abcDEF?domain=www.alpha.example", False),
        ("https://app.box.example/", False),
        ("https://teams.example/l/meetup-join/ABC", False),
        ("https://www.alpha.example/", False),
        ("https://www.alpha.example/news/2031", False),
    ],
)
def test_link_to_a_file_is_told_from_a_web_page(link: str, shares: bool) -> None:
    assert shares_file(link) is shares


@given(st.text(max_size=200))
def test_links_of_any_text_can_be_listed(text: str) -> None:
    assert all(link.lower().startswith("http") for link in find_links(f"{text} https://a.example/?url={text}"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please find attached the comments of our office.", "en"),
        ("Veuillez trouver ci-joint les contributions de notre bureau.", "fr"),
        ("Adjuntamos los comentarios de nuestra oficina para el texto.", "es"),
        ("Направляем замечания.", "ru"),
        ("مرفق تعليقاتنا", "ar"),
        ("请见附件", "zh"),
        ("Attached.", ""),
        ("", ""),
    ],
)
def test_language_is_detected_or_left_open(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("until 7 November", date(2031, 11, 7)),
        ("by November 7th, 2031", date(2031, 11, 7)),
        ("jusqu'au 7 novembre", date(2031, 11, 7)),
        ("hasta el 7 de noviembre", date(2031, 11, 7)),
        ("до 7 ноября", date(2031, 11, 7)),
        ("حتى 7 نوفمبر", date(2031, 11, 7)),
        ("至11月7日", date(2031, 11, 7)),
        ("by 2031-11-07", date(2031, 11, 7)),
        ("by 07/11/2031", date(2031, 11, 7)),
        ("from 20 October to 7 November", date(2031, 11, 7)),
        ("until 5 February", date(2032, 2, 5)),
        ("until Friday", date(2031, 10, 17)),
        ("early next week", None),
        ("by the end of next week", date(2031, 10, 24)),
        ("d'ici la fin de la semaine", date(2031, 10, 17)),
        ("by the end of the month", date(2031, 10, 31)),
        ("jusqu'au 20 au soir", date(2031, 10, 20)),
        ("hasta el 20", date(2031, 10, 20)),
        ("by the 5th", date(2031, 11, 5)),
        ("mañana", date(2031, 10, 15)),
        ("к понедельнику", date(2031, 10, 20)),
        ("下周一", date(2031, 10, 20)),
        ("本周五", date(2031, 10, 17)),
        ("يوم الأحد", date(2031, 10, 19)),
        ("until Friday next week", date(2031, 10, 24)),
        ("until 3 p.m.", None),
        ("in two days", None),
        ("until 1 October", None),
        ("until 31 November", None),
        ("We may send 3 comments", None),
    ],
)
def test_asked_day_is_read(sentence: str, day: date | None) -> None:
    assert find_asked_date(sentence, date(2031, 10, 14)) == day


@given(st.text(max_size=100), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_asked_day_never_lies_before_receipt(sentence: str, received: date) -> None:
    found = find_asked_date(sentence, received)
    assert found is None or found >= received


def test_quotation_inside_a_quotation_stays_inside() -> None:
    assert set_aside("say “a “b” c” now").wordings == ("a “b” c",)


@pytest.mark.parametrize("text", ["don't and can't", 'a 5" pipe', "“never closed", "’tis"])
def test_mark_that_closes_nothing_is_text(text: str) -> None:
    assert remove_placeholders(set_aside(text).text) == text


@given(st.text(max_size=300))
def test_setting_aside_ends_and_keeps_plain_text(text: str) -> None:
    aside = set_aside(text)
    assert aside.restore(set_aside("plain").text) == "plain"
    assert "\ue000" not in aside.restore(aside.text) or not aside.wordings


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("See para. 7 and rev. 2 here. Done.", ("See para. 7 and rev. 2 here.", "Done.")),
        ("The statement (rev.1) is fine.", ("The statement (rev.1) is fine.",)),
        ("Dear all,\nNo comments.", ("Dear all,", "No comments.")),
        ("没有意见。谢谢。", ("没有意见。", "谢谢。")),
        ("", ()),
    ],
)  # fmt: skip
def test_sentences_are_cut(text: str, sentences: tuple[str, ...]) -> None:
    assert split_sentences(text) == sentences


def test_line_broken_by_the_mail_program_is_joined() -> None:
    text = "This line is as long as mail programs make their lines when\nthey break them."
    assert split_sentences(text) == (text.replace("\n", " "),)


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_topmost_results_name_their_server() -> None:
    fields = (
        b"Authentication-Results: last.example; none\r\n"
        b"Authentication-Results: mx.example; spf=pass; dkim=fail; dmarc=pass\r\n"
        b"Authentication-Results: forged.example; dmarc=fail\r\n"
    )
    server, found = find_topmost_authentication(parse_mail(fields + b"From: a@b.example\r\n\r\nx"))
    assert (server, found.spf, found.dkim, found.dmarc) == ("mx.example", "pass", "fail", "pass")
    assert find_topmost_authentication(parse_mail(b"From: a@b.example\r\n\r\nx"))[0] == ""
