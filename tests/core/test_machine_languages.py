"""Absences, receipts and recalls in many languages without a header to tell them, and people who use the same words."""

import pytest

from pipeline.core.machine_mail import find_machine_mail
from pipeline.core.model import MachineKind
from pipeline.core.parse import parse_mail
from tests.make_mail import make_mail

RECALLS = [
    ("Recall: Our comments", 'Kim Lund would like to recall the message, "Our comments".'),
    ("Recolher: Comentários", 'Rui Melo gostaria de recolher a mensagem "Comentários".'),
    ("Cancelar: Comentários", 'Rui Melo deseja cancelar a mensagem "Comentários".'),
    ("Richiamo: Commenti", 'Elena Riva desidera richiamare il messaggio "Commenti".'),
    ("Richiama: Commenti", 'Elena Riva vuole richiamare il messaggio "Commenti".'),
    ("Återkalla: Kommentarer", 'Åsa Lind vill återkalla meddelandet "Kommentarer".'),
    ("Tilbagekald: Kommentarer", 'Bo Holm ønsker at tilbagekalde meddelelsen "Kommentarer".'),
    ("Tilbakekall: Kommentarer", "Ola Vik vil tilbakekalle meldingen Kommentarer."),
    ("Peruuta: Kommentit", "Liisa Salo haluaa peruuttaa viestin Kommentit."),
    ("Odwołaj: Uwagi", "Jan Lis chce odwołać wiadomość „Uwagi”."),
    ("Odvolat: Připomínky", "Eva Malá chce odvolat zprávu Připomínky."),
    ("Отзыв: Замечания", 'Ольга Белова хотела бы отозвать сообщение "Замечания".'),
    ("Отозвать: Замечания", 'Пользователь Ольга Белова хочет отозвать сообщение "Замечания".'),
    ("撤回: 意见", "王 希望撤回邮件“意见”。"),
    ("收回: 意見", "王 想要收回郵件「意見」。"),
    ("取り消し: 意見", '山田 は、メッセージ "意見" の取り消しを要求しています。'),
    ("회수: 의견", '김 님이 메시지 "의견"을(를) 회수하려고 합니다.'),
    ("استدعاء: ملاحظات", 'يرغب سلمى في استدعاء الرسالة "ملاحظات".'),
    ("Geri Çağır: Yorumlar", 'Ela Kaya, "Yorumlar" iletisini geri çağırmak istiyor.'),
    ("Retirar: Comentarios", 'Juan Paz desea retirar el mensaje "Comentarios".'),
    ("Rappel : commentaires", "Yves Blanc voudrait rappeler le message « commentaires »."),
    ("Message Recall Report", 'Your message recall for "Our comments" succeeded for 2 recipients.'),
    ("Message Recall Failure: Our comments", "Your attempt to recall this message could not be completed."),
]
RECEIPTS = [
    ("Okundu: Çağrı", "İletiniz\n\n   Kime: Ela\n   Konu: Çağrı\n\n25.10.2012 10:00 tarihinde okundu."),
    ("Letto: Richiesta", "Il messaggio\n\n   A: Elena\n   Oggetto: Richiesta\n\nè stato letto il 25/10/2012 10:00."),
    ("Gelezen: Oproep", "Uw bericht\n\n   Aan: Jan\n   Onderwerp: Oproep\n\nis gelezen op 25-10-2012 10:00."),
    ("Läst: Begäran", "Ditt meddelande\n\n   Till: Åsa\n\nlästes den 25 oktober 2012 10:00."),
    ("Læst: Anmodning", "Din meddelelse\n\n   Til: Bo\n\nblev læst den 25. oktober 2012 10:00."),
    ("Lest: Anmodning", "Meldingen\n\n   Til: Ola\n\nble lest torsdag 25. oktober 2012 10:00."),
    ("Luettu: Pyyntö", "Viestisi\n\n   Vastaanottaja: Liisa\n\non luettu 25.10.2012 10:00."),
    ("Przeczytano: Prośba", "Twoja wiadomość\n\n   Do: Jan\n\nzostała przeczytana 25 października 2012 10:00."),
    ("Přečteno: Žádost", "Vaše zpráva\n\n   Komu: Eva\n\nbyla přečtena 25. října 2012 10:00."),
    ("تمت القراءة: طلب", "رسالتك\n\n   إلى: سلمى\n\nتمت قراءتها في 25/10/2012."),
    ("開封済み: 依頼", "あなたのメッセージは 2012年10月25日 10:00 に開封されました。"),
    ("읽음: 요청", "보낸 메시지를 2012년 10월 25일 오전 10:00에 읽었습니다."),
    (
        "Not read: Call",
        "Your message\n\n   To: Kim\n   Subject: Call\n\nwas deleted without being read on 25 October 2012.",
    ),
    ("Ungelesen: Aufruf", "Ihre Nachricht\n\n   An: Hans\n\nwurde am 25.10.2012 ungelesen gelöscht."),
    ("Non lu : Appel", "Votre message\n\n   À : Yves\n\na été supprimé sans être lu le 25/10/2012."),
    ("No leído: Llamada", "El mensaje\n\n   Para: Juan\n\nfue eliminado sin leerse el 25/10/2012."),
    (
        "Read receipt: Call",
        "This is a receipt for your mail to kim@agency.example on 25 October. The message was displayed.",
    ),
]
ABSENCES = [
    ("Abwesenheit", "Ich bin im Urlaub und ab 5. November wieder erreichbar."),
    ("Absent: Appel", "Je suis en congé."),
    ("Ausente: Llamada", "Estoy de vacaciones hasta el lunes."),
    ("Ausência temporária: Chamada", "Estou de férias."),
    ("Fuori sede: Richiesta", "Sono in ferie fino al 5 novembre."),
    ("Afwezig: Oproep", "Ik ben op vakantie."),
    ("Frånvarande: Begäran", "Jag är på semester."),
    ("Ikke til stede: Anmodning", "Jeg er på ferie."),
    ("Poza biurem: Prośba", "Jestem na urlopie."),
    ("Nieobecność: Prośba", "Jestem na urlopie."),
    ("Mimo kancelář: Žádost", "Jsem na dovolené."),
    ("Ofis dışında: Çağrı", "İzindeyim."),
    ("Вне офиса: Запрос", "Я в отпуске."),
    ("В отпуске", "Я в отпуске до 5 ноября."),
    ("خارج المكتب: طلب", "أنا في إجازة."),
    ("不在办公室: 请求", "我正在休假。"),
    ("外出中: 請求", "我出差中。"),
    ("不在通知: 依頼", "休暇中です。"),
    ("부재 중: 요청", "휴가 중입니다."),
    ("OOO Re: Call", "I am on leave until 5 November."),
    ("[Auto-Reply] Re: Call", "I am out of office."),
    ("Auto: Re: Call", "I am on vacation until 5 November."),
    ("Kim Lund is out of office", "I am travelling and back on 5 November."),
    ("On leave: Call", "I am on maternity leave until 31 March 2013."),
    ("Vacation notice", "I am on holiday."),
    ("I am no longer with the Agency", "I have left the Agency. Please write to x@agency.example."),
    ("Automatisk svar: Anmodning", "Jeg er på ferie."),
    ("Avtomatski odgovor: x", "Sem na dopustu."),
    ("Automatická odpoveď: x", "Som na dovolenke."),
    ("Automatinis atsakymas: x", "Atostogauju."),
    ("Automātiskā atbilde: x", "Esmu atvaļinājumā."),
    ("Automaatvastus: x", "Olen puhkusel."),
    ("Sjálfvirkt svar: x", "Ég er í fríi."),
    ("Resposta automàtica: x", "Soc fora."),
    ("Erantzun automatikoa: x", "Kanpoan nago."),
    ("Automatski odgovor: x", "Na odmoru sam."),
    ("Аутоматски одговор: x", "На одмору сам."),
    ("Автоматичен отговор: x", "В отпуск съм."),
    ("Автоматски одговор: x", "На одмор сум."),
    ("پاسخ خودکار: x", "در مرخصی هستم."),
    ("स्वचालित उत्तर: x", "मैं छुट्टी पर हूँ।"),
    ("স্বয়ংক্রিয় উত্তর: x", "আমি ছুটিতে আছি।"),
    ("Jibu otomatiki: x", "Niko likizo."),
    ("Автоматты жауап: x", "Демалыстамын."),
    ("Ավտոմատ պատասխան: x", "Արձակուրդում եմ:"),
    ("ავტომატური პასუხი: x", "შვებულებაში ვარ."),
    ("Awtomatikong tugon: x", "Nasa bakasyon ako."),
]
PEOPLE = [
    ("Absence of data: our comments", "Paragraph 4 speaks of an absence of data. Please add a source."),
    ("Leave no one behind: comments", 'On leave provisions in para 4: add "paid".'),
    ("Rappel : date limite", "Je vous rappelle que nos commentaires suivent demain."),
    ("Recuperar: el párrafo 4", "Proponemos recuperar el párrafo 4 del borrador anterior."),
    ("撤回: 第三段", "我们建议撤回第三段。"),
    ("Отзыв: доклад", "Наш отзыв на доклад: замечаний нет."),
    ("Отзыв на проект", "Мы хотели бы отозвать наше замечание к пункту 3."),
    ("Lu: le rapport", "Nous avons lu le rapport. Aucun commentaire."),
    ("Letto: il testo", "Il testo è stato letto dal nostro ufficio. Nessun commento."),
    ("Gelesen: Entwurf", "Der Entwurf wurde von uns gelesen, wir haben keine Anmerkungen."),
    ("Ausente: España", "Proponemos mencionar a España en el párrafo 3."),
    ("On leave", "Ben is on leave, so I answer: no comments from our side."),
    ("OOO and comments", "I am OOO from tomorrow; para 3 should be deleted."),
    ("Accepted: revision 1", "We accept revision 1."),
    ("Invitation: comments", "Thank you for the invitation to comment; none from our side."),
    ("Returned to sender: the title", 'The title "Returned to sender" is unhappy; use "Return migration".'),
    ("Automatic recognition: para 5", '"Automatic recognition of diplomas" should read "recognition of diplomas".'),
    (
        "Bounced cheques and remittances",
        "Paragraph 8, bounced transfers: 450 of 550 5-dollar transfers failed. Add a source.",
    ),
    ("Read: our note", "Your message was read by our director. We support the text."),
]
EXPECTED = [
    *((subject, text, MachineKind.RECALL) for subject, text in RECALLS),
    *((subject, text, MachineKind.RECEIPT) for subject, text in RECEIPTS),
    *((subject, text, MachineKind.AUTO_REPLY) for subject, text in ABSENCES),
    *((subject, text, None) for subject, text in PEOPLE),
]


@pytest.mark.parametrize(("subject", "text", "kind"), EXPECTED)
def test_subject_and_text_tell_who_wrote(subject: str, text: str, kind: MachineKind | None) -> None:
    found = find_machine_mail(parse_mail(make_mail(subject=subject, text=text)), frozenset())
    assert (found.kind if found else None) is kind
