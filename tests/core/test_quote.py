"""Laws of telling new text from quoted history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.model import Reply
from pipeline.core.parse import parse_mail
from pipeline.core.quote import read_reply
from tests.make_mail import make_mail

NEW = "We have no further comments."


def reply_to(text: str) -> Reply:
    return read_reply(parse_mail(make_mail(text=text)))


def reply_to_html(html: str) -> Reply:
    return read_reply(parse_mail(make_mail(text=None, html=html)))


ATTRIBUTIONS = [
    "On Mon, 1 Oct 2012 at 10:00, GMG Drafts <gmg-drafts@gmg.example> wrote:",
    "On 1 Oct 2012, at 10:00, GMG Drafts\n<gmg-drafts@gmg.example>\nwrote:",
    "On Monday, October 1, 2012 10:00 AM, GMG Drafts wrote:",
    "Le lun. 1 oct. 2012 à 10:00, GMG Drafts <gmg-drafts@gmg.example> a écrit :",
    "Le 1 octobre 2012 10:00, GMG Drafts <gmg-drafts@gmg.example> a\nécrit :",
    "Am 01.10.2012 um 10:00 schrieb GMG Drafts:",
    "GMG Drafts <gmg-drafts@gmg.example> schrieb am Mo., 1. Okt. 2012 um 10:00 Uhr:",
    "El lun, 1 oct 2012 a las 10:00, GMG Drafts (<gmg-drafts@gmg.example>) escribió:",
    "Il giorno lun 1 ott 2012 alle ore 10:00 GMG Drafts <gmg-drafts@gmg.example> ha scritto:",
    "Em seg., 1 de out. de 2012 às 10:00, GMG Drafts <gmg-drafts@gmg.example> escreveu:",
    "Op 1 okt. 2012 om 10:00 schreef GMG Drafts <gmg-drafts@gmg.example>:",
    "Den mån 1 okt. 2012 kl 10:00 skrev GMG Drafts <gmg-drafts@gmg.example>:",
    "man. 1. okt. 2012 kl. 10:00 skrev GMG Drafts <gmg-drafts@gmg.example>:",
    "ma 1. lokak. 2012 klo 10.00 GMG Drafts (gmg-drafts@gmg.example) kirjoitti:",
    "pon., 1 paź 2012 o 10:00 GMG Drafts <gmg-drafts@gmg.example> napisał(a):",
    "po 1. 10. 2012 v 10:00 odesílatel GMG Drafts <gmg-drafts@gmg.example> napsal:",
    "GMG Drafts <gmg-drafts@gmg.example> ezt írta (időpont: 2012. okt. 1., H, 10:00):",
    "пн, 1 окт. 2012 г. в 10:00, GMG Drafts <gmg-drafts@gmg.example>:",
    "1 октября 2012 г., 10:00 пользователь GMG Drafts <gmg-drafts@gmg.example> написал:",
    "пн, 1 жовт. 2012 р. о 10:00 GMG Drafts <gmg-drafts@gmg.example> пише:",
    "Στις Δευ, 1 Οκτ 2012 στις 10:00 π.μ., ο χρήστης GMG Drafts <gmg-drafts@gmg.example> έγραψε:",
    "1 Eki 2012 Pzt, saat 10:00 tarihinde GMG Drafts <gmg-drafts@gmg.example> şunu yazdı:",
    "في الاثنين، 1 أكتوبر 2012 في 10:00 كتب GMG Drafts <gmg-drafts@gmg.example>:",
    "GMG Drafts <gmg-drafts@gmg.example> 于2012年10月1日周一 10:00写道：",
    "2012年10月1日(月) 10:00 GMG Drafts <gmg-drafts@gmg.example>:",
    "2012년 10월 1일 (월) 오전 10:00, GMG Drafts <gmg-drafts@gmg.example>님이 작성:",
    "2012-10-01 10:00 GMT+02:00 GMG Drafts <gmg-drafts@gmg.example>:",
    "Pada Sen, 1 Okt 2012 10:00, GMG Drafts <gmg-drafts@gmg.example> menulis:",
    "Vào Th 2, 1 thg 10, 2012 vào lúc 10:00 GMG Drafts <gmg-drafts@gmg.example> đã viết:",
    "În lun., 1 oct. 2012 la 10:00, GMG Drafts <gmg-drafts@gmg.example> a scris:",
    '"GMG Drafts" <gmg-drafts@gmg.example> wrote on 01/10/2012 10:00:00:',
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_attribution_begins_history(line: str, mark: str) -> None:
    reply = reply_to(f"{NEW}\n\n{line}\n\n{mark}Please send inputs.\n{mark}\n{mark}Chair\n")
    assert reply.new_text == NEW
    assert reply.quoted.startswith(line.split("\n")[0])
    assert not reply.interleaved


HEADER_BLOCKS = [
    "From: GMG Drafts [mailto:gmg-drafts@gmg.example]\nSent: 01 October 2012 10:00\nTo: ILO\nSubject: Inputs",
    "De : GMG Drafts\nEnvoyé : lundi 1 octobre 2012 10:00\nÀ : OIT\nObjet : Contributions",
    "Von: GMG Drafts\nGesendet: Montag, 1. Oktober 2012 10:00\nAn: IAO\nBetreff: Beiträge",
    "De: GMG Drafts\nEnviado el: lunes, 1 de octubre de 2012 10:00\nPara: OIT\nAsunto: Aportes",
    "De: GMG Drafts\nEnviada em: segunda-feira, 1 de outubro de 2012 10:00\nPara: OIT\nAssunto: Contributos",
    "Da: GMG Drafts\nInviato: lunedì 1 ottobre 2012 10:00\nA: OIL\nOggetto: Contributi",
    "Van: GMG Drafts\nVerzonden: maandag 1 oktober 2012 10:00\nAan: IAO\nOnderwerp: Bijdragen",
    "Fra: GMG Drafts\nSendt: 1. oktober 2012 10:00\nTil: ILO\nEmne: Innspill",
    "Från: GMG Drafts\nSkickat: den 1 oktober 2012 10:00\nTill: ILO\nÄmne: Synpunkter",
    "Lähettäjä: GMG Drafts\nLähetetty: 1. lokakuuta 2012 10:00\nVastaanottaja: ILO\nAihe: Kommentit",
    "Od: GMG Drafts\nWysłano: 1 października 2012 10:00\nDo: MOP\nTemat: Uwagi",
    "Od: GMG Drafts\nOdesláno: 1. října 2012 10:00\nKomu: MOP\nPředmět: Vstupy",
    "Feladó: GMG Drafts\nElküldve: 2012. október 1. 10:00\nCímzett: ILO\nTárgy: Hozzászólás",
    "От: GMG Drafts\nОтправлено: 1 октября 2012 г. 10:00\nКому: МОТ\nТема: Замечания",
    "Від: GMG Drafts\nНадіслано: 1 жовтня 2012 10:00\nКому: МОП\nТема: Зауваження",
    "Από: GMG Drafts\nΣτάλθηκε: 1 Οκτωβρίου 2012 10:00\nΠρος: ΔΟΕ\nΘέμα: Σχόλια",
    "Kimden: GMG Drafts\nGönderildi: 1 Ekim 2012 10:00\nKime: ILO\nKonu: Görüşler",
    "من: GMG Drafts\nتم الإرسال: 1 أكتوبر 2012 10:00\nإلى: ILO\nالموضوع: مدخلات",
    "发件人: GMG Drafts\n发送时间: 2012年10月1日 10:00\n收件人: ILO\n主题: 意见",
    "寄件者: GMG Drafts\n寄件日期: 2012年10月1日 10:00\n收件者: ILO\n主旨: 意見",
    "差出人: GMG Drafts\n送信日時: 2012年10月1日 10:00\n宛先: ILO\n件名: 意見",
    "보낸 사람: GMG Drafts\n보낸 날짜: 2012년 10월 1일 10:00\n받는 사람: ILO\n제목: 의견",
    "*From:* GMG Drafts\n*Date:* 1 October 2012\n*To:* ILO\n*Subject:* Inputs",
    "________________________________\nFrom: GMG\nSent: 01 October 2012\nTo: ILO; WHO; IOM;\n  UNHCR\nSubject: Inputs",
    "-----Original Message-----\nFrom: GMG Drafts\nSent: 01 October 2012 10:00\nTo: ILO\nSubject: Inputs",
    "-----Message d'origine-----\nDe : GMG Drafts\nEnvoyé : lundi 1 octobre 2012 10:00\nÀ : OIT\nObjet : Contributions",
    "-------- Ursprüngliche Nachricht --------\nBetreff: Beiträge\nDatum: 1. Oktober 2012\nVon: GMG\nAn: IAO",
    "----- Forwarded by A Person/ILO on 01/10/2012 10:00 -----",
    '"GMG Drafts" <gmg-drafts@gmg.example>\n01/10/2012 10:00\n\nTo\n<fp@ilo.example>\ncc\n\nSubject\nInputs',
    "GMG Drafts/GMG/UN\nSent by: A Person/GMG/UN 01/10/2012 10:00 AM\nTo\tILO\ncc\nSubject\tInputs",
    "---------- Forwarded message ----------\nFrom: GMG <gmg-drafts@gmg.example>\nDate: 2012/10/1\nSubject: Inputs",
    "Begin forwarded message:\n\nFrom: GMG Drafts <gmg-drafts@gmg.example>\nDate: 1 October 2012\nSubject: Inputs",
]


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_header_block_begins_history(block: str) -> None:
    reply = reply_to(f"{NEW}\n\n{block}\n\nDear all,\nplease send inputs.\n")
    assert reply.new_text == NEW
    assert "please send inputs." in reply.quoted


@pytest.mark.parametrize(
    "text",
    [
        "From: paragraph 4 we would delete the last sentence.",
        "Subject: to the changes below we agree.\n\nPara 4: replace A by B.",
        "On paragraph 5 we wrote in 2011:\n\nthe text should stay.",
        "To summarise: fine.",
        "As the note of 12 May wrote: migrants count.",
        "Para 4: delete\nDate: 2012 should be 2013",
        "> 0.5 per cent is the figure.\n\nAgreed.",
        "Date: 5 December 2012\nTo: all members\n\nAgreed.",
        "Period from: 3 December to: 12 December",
        "- first\n- second\n-- third",
    ],
)
def test_typed_text_is_not_taken_for_history(text: str) -> None:
    new = reply_to(text).new_text
    for line in text.split("\n"):
        assert line in new or line.startswith(">")


def test_answers_between_marked_lines_are_kept() -> None:
    reply = reply_to(
        "See below.\n\nOn 1 Oct 2012 10:00, GMG Drafts wrote:\n> Do you agree on para 4?\n\nYes.\n\n"
        "> And on para 5?\n\nNo, delete it.\n"
    )
    assert reply.new_text == "See below.\n\nYes.\n\nNo, delete it."
    assert reply.interleaved
    assert "> And on para 5?" in reply.quoted


def test_answer_below_the_quotation_is_kept() -> None:
    reply = reply_to("On 1 Oct 2012 10:00, GMG Drafts wrote:\n> Do you agree?\n\nWe agree.\n")
    assert reply.new_text == "We agree."


def test_wrapped_remains_of_a_marked_line_are_quoted() -> None:
    reply = reply_to(
        f"{NEW}\n\n> a quoted line that is longer than the client that sent the answer\nallows it\n> and goes on\n"
    )
    assert reply.new_text == NEW


def test_untouched_forward_has_no_new_text() -> None:
    text = (
        "---------- Forwarded message ----------\nFrom: A <a@who.example>\nDate: 1 Oct 2012\nSubject: x\n\nOur inputs."
    )
    reply = reply_to(text)
    assert reply.new_text == ""
    assert "Our inputs." in reply.quoted


def test_memo_on_top_that_names_the_sender_is_typed() -> None:
    memo = "TO: The Chair\nFROM: ILO\nDATE: 5 October 2012\nSUBJECT: Comments\n\nPara 4: replace A by B."
    assert reply_to(memo).new_text == memo
    assert reply_to(memo.replace("FROM: ILO", "FROM: WHO")).new_text == ""


def test_unmarked_text_under_a_leading_attribution_is_not_lost() -> None:
    assert reply_to("On 1 Oct 2012 10:00, GMG Drafts wrote:\n\nWe agree.").new_text == "We agree."


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]",
        "[EXTERNAL EMAIL] Do not click links unless you know the sender.",
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.",
        "EXTERNAL: This message came from outside our network.",
        "ATTENTION : Ce courriel provient d'un expéditeur externe. Ne cliquez pas sur les liens.",
        "Achtung: Diese E-Mail stammt von einem externen Absender. Bitte keine Links oder Anhänge öffnen.",
        "You don't often get email from gmg-drafts@gmg.example. Learn why this is important",
    ],
)
def test_banner_on_top_is_cut(banner: str) -> None:
    assert reply_to(f"{banner}\n\n{NEW}").new_text == NEW


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Galaxy, please excuse typos",
        "Get Outlook for iOS<https://aka.example/x>",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon téléphone Android",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Отправлено с iPhone",
        "أرسلت من الـ iPhone",
        "发自我的 iPhone",
        "iPhoneから送信",
        "나의 iPhone에서 보냄",
    ],
)
def test_device_lines_are_cut(line: str) -> None:
    assert reply_to(f"{NEW}\n\n{line}\n").new_text == NEW


@pytest.mark.parametrize(
    "line", ["Sent from the field, these are our comments on the draft.", "Sent with apologies for the delay."]
)
def test_sentences_like_device_lines_stay(line: str) -> None:
    assert line in reply_to(f"{NEW}\n\n{line}\n").new_text


@pytest.mark.parametrize(
    "notice",
    [
        "This e-mail is confidential and intended only for the addressee.",
        "CONFIDENTIALITY NOTICE: the contents are privileged.",
        "Ce message est confidentiel et destiné exclusivement à son destinataire.",
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt.",
        "Este mensaje es confidencial y va destinado exclusivamente a su destinatario.",
        "Данное сообщение является конфиденциальным.",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_notices_at_the_end_are_cut(notice: str) -> None:
    assert reply_to(f"{NEW}\n\n{notice}\nIf you are not that person, delete it.\n").new_text == NEW


def test_a_notice_between_a_banner_and_the_answer_is_read_past() -> None:
    notice = "This e-mail is confidential."
    assert NEW in reply_to(f"[EXTERNAL]\n\n{notice}\n\n{NEW}").new_text


def test_signature_is_cut_but_can_be_had() -> None:
    reply = reply_to(f"{NEW}\n\n-- \nA Person\nILO\n")
    assert reply.new_text == NEW
    assert reply.new_text_with_signature == f"{NEW}\n\n-- \nA Person\nILO"


def test_contact_data_below_the_name_is_cut() -> None:
    reply = reply_to(f"{NEW}\n\nBest regards,\nA Person\nMigration Branch\nTel: +41 22 000 00 00\nwww.ilo.example\n")
    assert reply.new_text == f"{NEW}\n\nBest regards,\nA Person"


def test_lines_under_a_closing_stay_when_they_are_not_contact_data() -> None:
    text = f"{NEW}\n\nBest regards,\nA Person\n\nPS: para 4 should read 2013."
    assert reply_to(text).new_text == text


@pytest.mark.parametrize(
    "text", ["-- \nAgreed.", "Sent from my iPhone", "This e-mail is confidential.", "[EXTERNAL]\n\nOK"]
)
def test_text_is_never_stripped_to_nothing(text: str) -> None:
    assert reply_to(text).new_text


MAIL_LINES = [
    "Agreed.", "", "> quoted", "-- ", "On 1 Oct 2012 10:00, A <a@ilo.example> wrote:", "From: A", "Sent: 1", "To: B",
    "Subject: C", "Sent from my iPhone", "Best regards,", "Tel: 1", "CAUTION: external link sender",
    "This e-mail is confidential.",
]  # fmt: skip


@given(st.lists(st.sampled_from(MAIL_LINES)), st.sampled_from(["\n", "\n\n"]))
def test_every_line_is_new_or_quoted_or_frame(lines: list[str], gap: str) -> None:
    reply = reply_to(gap.join(lines))
    # a line right below a notice is a line of it
    answered = [index for index, line in enumerate(lines) if line == "Agreed." and not _goes_on(lines[:index], gap)]
    assert not answered or "Agreed." in reply.new_text_with_signature + reply.quoted
    assert not reply.new_text.startswith("> ")


def _goes_on(above: list[str], gap: str) -> bool:
    paragraph = above[len(above) - [*reversed(above), ""].index("") :] if gap == "\n" else []
    return "This e-mail is confidential." in paragraph


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    reply_to(text)


HTML_QUOTES = [
    '<div class="gmail_quote"><div class="gmail_attr">On 1 Oct, GMG wrote:</div><blockquote>Old</blockquote></div>',
    '<blockquote type="cite"><div>Old</div></blockquote>',
    '<hr id="stopSpelling"><div id="divRplyFwdMsg">From: GMG<br>Sent: 1 Oct</div><div>Old</div>',
    '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in"><p>GMG said this</p></div><p>Old</p>',
    '<div id="appendonsend"></div><div>Old</div>',
    "<p><b>De :</b> GMG<br><b>Envoyé :</b> lundi<br><b>À :</b> OIT<br><b>Objet :</b> x</p><p>Old</p>",
]


@pytest.mark.parametrize("quote", HTML_QUOTES)
def test_html_history_is_told_by_the_marks_of_clients(quote: str) -> None:
    reply = reply_to_html(f"<html><body><p>{NEW}</p>{quote}</body></html>")
    assert reply.new_text == NEW
    assert "Old" in reply.quoted


@pytest.mark.parametrize("mark", ['class="gmail_signature"', 'id="Signature"', 'class="moz-signature"'])
def test_html_signature_is_told_by_the_marks_of_clients(mark: str) -> None:
    reply = reply_to_html(f"<p>{NEW}</p><div {mark}>A Person<br>Second floor</div><p>PS: para 4 stands.</p>")
    assert reply.new_text == f"{NEW}\n\nPS: para 4 stands."
    assert "Second floor" in reply.new_text_with_signature


def test_html_answers_between_quotations_are_kept() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Oct 1, 2012 at 10:00, GMG &lt;g@x.example&gt; wrote:</div>'
    )
    html += '<blockquote class="gmail_quote">Do you agree on 4?</blockquote><div>Yes.</div>'
    html += '<blockquote class="gmail_quote">And on 5?</blockquote><div>No.</div></div>'
    reply = reply_to_html(html)
    assert reply.new_text == "Yes.\n\nNo."
    assert reply.interleaved


@pytest.mark.parametrize("depth", [300, 3_000])
def test_an_answer_below_deeply_nested_history_is_not_lost(depth: int) -> None:
    quoted = "<blockquote type=cite><div>" * (depth // 2) + "Old" + "</div></blockquote>" * (depth // 2)
    assert NEW in reply_to_html(f"<style>p {{}}</style>{quoted}<p>{NEW}</p>").new_text


def test_plain_blockquote_is_text() -> None:
    assert "indented wording" in reply_to_html(f"<p>{NEW}</p><blockquote>indented wording</blockquote>").new_text


QUOTE = '<p>See below.</p><blockquote type="cite">{}</blockquote>'


@pytest.mark.parametrize(
    ("inner", "edits"),
    [
        (
            '<p>8. <s>are exposed</s><span style="color:red">are more exposed</span> to it.</p>',
            [("are exposed", "are more exposed")],
        ),
        ('<p><strike>A b.</strike> <font color="#FF0000">C d.</font></p>', [("A b.", "C d.")]),
        (
            '<p>x <del>old</del> <ins>new</ins> y <s>gone</s> z <font color="red">added</font></p>',
            [("old", "new"), ("gone", ""), ("", "added")],
        ),
        ('<p>x <span style="text-decoration:line-through">old</span> y</p>', [("old", "")]),
        ('<p>x <span style="color:#ff0000">new</span><s>old</s> y</p>', [("old", "new")]),
        ('<p>x <span style="color:rgb(0, 176, 80)">green</span> y</p>', [("", "green")]),
        ('<p><s>one</s></p><p><font color="red">two</font></p>', [("one", ""), ("", "two")]),
        (
            '<p><s>split </s><s>run</s><span style="color:red">new </span><b style="color:red">text</b></p>',
            [("split run", "new text")],
        ),
        ('<p style="color:#1F497D">The whole answer</p>', []),
        ('<p>see <a href="http://gmg.example" style="color:#FF0000">link</a></p>', []),
        ('<p><span style="background-color:red;color:black">x</span></p>', []),
        ("<p>x <s>old</s> <u>new</u> y <u>stressed</u></p>", [("old", "new")]),
        ("<p>nothing changed</p>", []),
        ('<p>x <span style="color:rgb(192 0 0)">new</span></p>', [("", "new")]),
        ('<p>x <span style="color:rgb(100%, 0%, 0%)">new</span></p>', [("", "new")]),
        ('<p>x <span style="color:hsl(0, 100%, 50%)">new</span></p>', [("", "new")]),
        ('<p>x <span style="color:#ff0000ff !important">new</span></p>', [("", "new")]),
        (
            '<p style="color:red">a <b style="color:inherit">b</b> <i style="color:currentcolor">c</i></p>',
            [("", "a b c")],
        ),
        ('<p>a <a href="http://gmg.example"><span style="color:red">link</span></a></p>', []),
        ('<p>a <font color="#ff0000"><strike>old</strike> new</font> b</p>', [("old", "new")]),
        (
            '<p>a <span class=MsoDel><del cite="A">old</del></span><span class=MsoIns><ins>new</ins></span></p>',
            [("old", "new")],
        ),
        ('<p>mi<s>grant</s><span style="color:red">grate</span>s</p>', [("grant", "grate")]),
        (
            '<table><tr><td><s>one</s></td><td><b style="color:red">two</b></td></tr></table>',
            [("one", ""), ("", "two")],
        ),
        ('<p>x <span style="display:none;color:red">unseen</span></p>', []),
    ],
)
def test_edits_inside_the_quotation_are_found(inner: str, edits: list[tuple[str, str]]) -> None:
    assert list(reply_to_html(QUOTE.format(inner)).quote_edits) == edits


def test_a_style_sheet_says_what_a_class_looks_like() -> None:
    css = "<style>/* ours */ span.old, .gone {text-decoration:line-through} .new {color:red}"
    css += "@media (prefers-color-scheme: dark) {.plain {color:red}}</style>"
    inner = '<p>a <span class="old">b</span><span class="new">c</span> <span class="plain">d</span></p>'
    assert reply_to_html(css + QUOTE.format(inner)).quote_edits == (("b", "c"),)


def test_edits_after_an_outlook_header_block_are_found() -> None:
    html = "<p>Our edits in red.</p><p>From: GMG<br>Sent: Monday 1 October 2012<br>To: UN Women<br>Subject: x</p>"
    html += '<p>8. <s>Women</s><span style="color:red">All women</span> count.</p>'
    assert reply_to_html(html).quote_edits == (("Women", "All women"),)


def test_named_colour_need_not_be_red() -> None:
    html = '<p>Our answers in {} below.</p><blockquote type="cite"><p>Old</p>'
    html += '<p><font color="blue">Whole line</font></p></blockquote>'
    assert reply_to_html(html.format("blue")).quote_edits == (("", "Whole line"),)
    assert reply_to_html(html.format("haste")).quote_edits == ()


def test_red_outside_the_quotation_is_no_edit() -> None:
    assert reply_to_html('<p><font color="red">UNHCR</font> has no comments.</p>').quote_edits == ()


def test_an_attribution_glued_to_the_answer_is_told_from_it() -> None:
    reply = reply_to(f"{NEW}--- On Mon, 10/1/12, GMG Drafts <gmg-drafts@gmg.example> wrote:\n> Please send inputs.")
    assert reply.new_text == NEW


def test_a_link_the_client_broke_inside_a_quote_stays_quoted() -> None:
    reply = reply_to(f"{NEW}\n\n> See the draft (http://gmg.example/drafts?\nid=12&version=r0)\n> and answer.")
    assert reply.new_text == NEW
    assert not reply.interleaved


def test_arrows_around_a_line_are_no_quote() -> None:
    assert reply_to(f"{NEW}\n>>> Please read this <<<\nThank you").new_text.count("\n") == 2


def test_a_signature_above_the_footer_of_a_list_goes_too() -> None:
    footer = "_______________________________________________\ngmg-l mailing list\ngmg-l@lists.gmg.example"
    assert reply_to(f"{NEW}\n\n-Ann Ode\n\n\n{footer}").new_text == NEW


def test_a_card_of_name_and_contacts_is_a_signature() -> None:
    assert reply_to(f"{NEW}\n\nAnn Ode\nann@who.example\n(555) 346-9947").new_text == NEW
    kept = f"{NEW}\n\nPlease call:\nann@who.example\n(555) 346-9947"
    assert reply_to(kept).new_text == kept
