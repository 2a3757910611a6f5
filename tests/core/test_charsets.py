"""Bytes that name no charset: UTF-8, then what their frequencies tell of other scripts, then windows-1252."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.charsets import decode_bytes
from pipeline.core.parse import parse_mail
from tests.make_mail import make_mail

RUSSIAN = "Уважаемые коллеги, у нас нет замечаний к проекту заявления."
ARABIC = "الزملاء الأعزاء، ليس لدينا أي تعليقات على مشروع التقرير."
CHINESE = "各位同事，我方对草案没有意见，谢谢。"
FRENCH = "Chers collègues, l'UNESCO n'a pas d'observations à formuler."
SPOKEN = [
    (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "iso-8859-5"), (RUSSIAN, "cp866"), (ARABIC, "cp1256"),
    (ARABIC, "iso-8859-6"), (CHINESE, "gb18030"), (FRENCH, "cp1252"), ("Señor Müller, très bien.", "iso-8859-15"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codec"), SPOKEN)
@pytest.mark.parametrize("named", [None, "x-unknown"])
def test_text_without_a_known_charset_is_read(text: str, codec: str, named: str | None) -> None:
    read, defect = decode_bytes(text.encode(codec), named)
    assert read == text
    assert "read as" in defect


@pytest.mark.parametrize(("text", "codec"), SPOKEN)
def test_a_body_without_a_charset_is_read_and_marked(text: str, codec: str) -> None:
    head, _, _ = make_mail(
        text="x", headers={"Content-Type": "text/plain", "Content-Transfer-Encoding": "8bit"}
    ).partition(b"\r\n\r\n")
    mail = parse_mail(head + b"\r\n\r\n" + text.encode(codec) + b"\r\n")
    assert mail.text.strip() == text
    assert any("read as" in defect for defect in mail.defects)


def test_few_signs_tell_nothing() -> None:
    assert decode_bytes("Bien à vous".encode("cp1252"), None)[0] == "Bien à vous"


@given(st.binary(max_size=200), st.sampled_from([None, "", "x-unknown", "koi8-r", "us-ascii"]))
def test_any_bytes_become_text(content: bytes, charset: str | None) -> None:
    text, _ = decode_bytes(content, charset)
    text.encode("utf-8")
