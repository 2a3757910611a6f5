"""Courtesies beside a clear answer: those that carry nothing leave it clear, those that carry a remark never do."""

import pytest

from pipeline.core.model import MailKind
from tests.core.test_classify import INPUTS, judge

EMPTY = (
    "Dear Chair, dear colleagues, thank you very much for the opportunity to comment.",
    "Thanks to the penholders for all the hard work!",
    "We congratulate the lead agencies on an excellent draft.",
    "We very much appreciate the efforts of the secretariat and your patience with us.",
    "Apologies for the late reply, I was travelling.",
    "Sorry for the delay in getting back to you.",
    "We look forward to the adoption of the statement and to our continued cooperation.",
    "Should you need any further information, please do not hesitate to contact us.",
    "I hope this message finds you well.",
    "Have a lovely weekend, and see you all in Geneva.",
    "Please accept the assurances of our highest consideration.",
    "Thank you for taking our earlier comments on board.",
    "Many thanks for having reflected our previous inputs.",
    "Congratulations to the whole team, this was not easy.",
    "Chers collègues, nous vous remercions de nous avoir consultés et saluons la qualité du travail accompli.",
    "Veuillez agréer, Madame, Monsieur, l'expression de ma considération distinguée.",
    "Merci encore à toute l'équipe et bonne fin de semaine.",
    "Toutes nos excuses pour cette réponse tardive.",
    "Restant à votre disposition pour tout renseignement complémentaire, je vous prie d'agréer "
    "mes salutations distinguées.",
    "Estimados colegas: agradecemos la oportunidad y felicitamos al equipo por el excelente trabajo.",
    "Disculpen la demora en responder.",
    "Quedamos a su disposición para cualquier consulta.",
    "Reciban un cordial saludo desde Santiago.",
    "Уважаемые коллеги, благодарим вас за предоставленную возможность и проделанную работу.",
    "Приносим извинения за задержку с ответом.",
    "С наилучшими пожеланиями и надеждой на дальнейшее сотрудничество.",
    "نشكركم على إتاحة الفرصة لنا وعلى الجهود المبذولة.",
    "وتفضلوا بقبول فائق الاحترام والتقدير.",
    "نعتذر عن التأخر في الرد.",
    "感谢贵方的邀请和辛勤工作。",
    "抱歉回复晚了，祝工作顺利！",
    "期待与各位继续合作。",
)
LOADED = (
    "The revised draft weakens the language on rights.",
    "Thank you for the draft, in which the section on women is thin.",
    "We appreciate the paper, whose figures date from 2005.",
    "We look forward to seeing the gender section strengthened.",
    "Many thanks for the excellent text, which only misses a line on health.",
    "Thanks, the figures in box 2 belong to another report.",
    "We are grateful for the draft and wonder why it is silent on trafficking.",
    "Excellent text, pity about the title.",
    "Congratulations on a draft that has lost its teeth.",
    "Dear colleagues, the title is misleading.",
    "Sorry to see that the box on youth has gone.",
    "Received with thanks, the map shows the wrong border.",
    "Noted, the 2009 figure is out of date.",
    "The text is clear on rights and clear of any mention of duties.",
    "The report is useful in part.",
    "We thank the drafters and would have hoped for more on ageing.",
    "The latest version forgets the islands.",
    "Great work, shame about the annex.",
    "Best wishes for a shorter final version.",
    "Gracias por el borrador, que olvida a las niñas.",
    "Merci pour ce texte, qui passe sous silence les enfants.",
    "Merci de votre envoi, le titre nous semble mal choisi.",
    "Спасибо за проект, в котором забыты дети.",
    "شكرا على المسودة التي تتجاهل الأطفال.",
    "感谢贵方草案，其中遗漏了儿童。",
    "Text not clear.",
    "We look forward to a more concise version.",
    "Thank you, our previous comments are not reflected.",
    "Not an excellent draft.",
    "Текст не очень хороший.",
)


@pytest.mark.parametrize("courtesy", EMPTY)
def test_a_courtesy_that_carries_nothing_leaves_the_answer_clear(courtesy: str) -> None:
    verdict, action = judge(f"{courtesy}\nALPHA has no comments.", context=INPUTS)
    assert (verdict.kind, action.needs_attention) == (MailKind.NO_COMMENT, False)


@pytest.mark.parametrize("place", ["{0} No comments from our side.", "No comments from our side. {0}"])
@pytest.mark.parametrize("courtesy", LOADED)
def test_a_courtesy_that_carries_a_remark_is_never_a_clear_answer(courtesy: str, place: str) -> None:
    verdict, action = judge(place.format(courtesy), context=INPUTS)
    assert verdict.kind is not MailKind.NO_COMMENT or action.needs_attention
