"""What a message is for. The order of the questions is the policy. See: docs/analysis/classification.md."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.core.case import Case, Judgement
from pipeline.core.content import find_content
from pipeline.core.context import Context
from pipeline.core.corrections import ask_correction, find_answered, find_meant_draft
from pipeline.core.evidence import find_file_revision
from pipeline.core.flags import find_flags
from pipeline.core.lead_texts import ask_lead
from pipeline.core.model import (
    Certainty,
    Clue,
    FileReading,
    Identity,
    MachineKind,
    MachineMail,
    MailKind,
    ParsedMail,
    Reply,
    Role,
    TypedEdit,
    Verdict,
)
from pipeline.core.objections import find_objected_paragraphs
from pipeline.core.rules import CLEAR, Rules, Saying
from pipeline.core.sayings import find_words

_MACHINE_KINDS = {
    MachineKind.AUTO_REPLY: MailKind.AUTO_REPLY,
    MachineKind.BOUNCE: MailKind.BOUNCE,
    MachineKind.DELAY: MailKind.DELAY,
    MachineKind.COMPLAINT: MailKind.COMPLAINT,
    MachineKind.RECEIPT: MailKind.RECEIPT,
    MachineKind.CALENDAR: MailKind.CALENDAR,
    MachineKind.RECALL: MailKind.RECALL,
    MachineKind.OWN: MailKind.OWN_MAIL,
    MachineKind.LIST: MailKind.LIST,
}
#: sentences about the changes themselves: "our edits are in red", "please see below"
_OF_WHAT_COMES = re.compile(
    r"\b(?:edits|track(?:ed)?|red|colou?r|highlight\w*|attach\w*|enclosed|file|document|matrix|table|below|follow\w*|comments?|changes|proposals?|inputs?|suggestions?"
    r"|ci-joint\w*|suivant\w*|modifications|commentaires|adjunt\w*|siguientes?|comentarios|cambios)\b|замечани|предложени|修改|意见|تعليقات|التالية",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked of every message until a question is answered."""

    #: the clue of a verdict has "question:" and this as its source
    name: str
    words: str
    #: None when the answer is no
    ask: Callable[[Case], Judgement | None]


def classify(
    mail: ParsedMail,
    reply: Reply,
    machine: MachineMail | None,
    identity: Identity,
    files: tuple[FileReading, ...],
    rules: Rules,
    context: Context,
) -> Verdict:
    """What `mail` is, with every fact taken from it. Content beats words, and doubt is shown to a person."""
    day = context.received_at.date()
    content = find_content(mail, reply, files)
    round = context.find_round(identity.round_id)
    due = context.due_day(round, identity.agency, identity.body)
    case = Case(
        mail=mail,
        reply=reply,
        machine=machine,
        identity=identity,
        files=files,
        context=context,
        content=content,
        words=find_words(reply.new_text, rules, day, due),
        asides=find_words(content.rest, rules, day).qualifying if content.has_wording else (),
        round=round,
    )
    answers = ((question, found) for question in QUESTIONS if (found := question.ask(case)) is not None)
    return _make_verdict(case, *next(answers))


def _make_verdict(case: Case, question: Question, judgement: Judgement) -> Verdict:
    machine = case.machine
    flags = find_flags(case, judgement)
    asked = any(flag.startswith("extension_requested:") for flag in flags)
    endorses, objects = (judgement.kind is kind for kind in (MailKind.ENDORSEMENT, MailKind.OBJECTION))
    decisive = Clue(source=f"question:{question.name}", points_to=judgement.kind.value, words=judgement.words)
    remarks = tuple(
        TypedEdit(paragraph="", old="", new="", operation="comment", remark=sentence) for sentence in judgement.remarks
    )
    return Verdict(
        kind=judgement.kind,
        certainty=judgement.certainty,
        clues=(decisive, *_find_clues(case)),
        flags=flags,
        extension_until=case.words.extension_until if asked else None,
        away_until=machine.away_until if machine else None,
        alternates=machine.alternates if machine else (),
        failed_recipients=machine.failed_recipients if machine else (),
        typed_edits=() if machine else (*case.content.edits, *case.content.remarks, *remarks),
        supersedes=_supersedes(case, judgement),
        consolidated="consolidated" in flags,
        endorsed_revision=_find_endorsed(flags) if endorses else None,
        principal_level=(endorses or objects) and case.identity.role is Role.PRINCIPAL,
        objected_paragraphs=find_objected_paragraphs(case.words.objecting, case.words.unexplained) if objects else (),
        meant_draft=find_meant_draft(case) if question.name == "correction" else None,
        answered=find_answered(case.mail, case.context) if question.name == "correction" else (),
    )


def _find_clues(case: Case) -> tuple[Clue, ...]:
    if case.machine is not None:
        return case.machine.clues
    links = tuple(
        Clue(source="link", points_to=link, words=f"The text leads to {link}. It was not opened.")
        for link in case.content.links
    )
    return (*case.words.clues, *links)


def _supersedes(case: Case, judgement: Judgement) -> bool:
    """Only what takes the place of something replaces it: a bare "please disregard" is left to a person."""
    replaces = case.words.says(Saying.SUPERSESSION) and not case.words.says(Saying.ADDITION)
    return replaces and judgement.kind in (MailKind.CONTRIBUTION, MailKind.OBJECTION, MailKind.ENDORSEMENT)


def _find_endorsed(flags: tuple[str, ...]) -> str | None:
    return next((flag.partition(":")[2] for flag in flags if flag.startswith("endorsed_revision:")), None)


# --- The questions, in order ------------------------------------------------------------------------------------


def _ask_machine(case: Case) -> Judgement | None:
    if case.machine is None:
        return None
    return Judgement(
        kind=_MACHINE_KINDS[case.machine.kind], certainty=Certainty.SURE, words="A machine wrote this, nobody answered."
    )


def _ask_stranger(case: Case) -> Judgement | None:
    identity = case.identity
    if identity.agency is not None or identity.role is not None:
        return None
    if identity.lookalike_of is not None or case.content.dangerous:
        return Judgement(
            kind=MailKind.SPAM, certainty=Certainty.LIKELY, words="It pretends to be a member or brings a program."
        )
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.GUESS,
        words="The writer belongs to no member; what it says decides nothing.",
    )


def _ask_lost_part(case: Case) -> Judgement | None:
    if not case.part_lost or case.content.has_wording:
        return None
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.GUESS,
        words="A part of the message could not be decoded, so what is left is not its answer.",
        flags=("needs_attention",),
    )


def _ask_recall(case: Case) -> Judgement | None:
    if not case.words.says(Saying.RECALL) or case.content.has_any:
        return None
    return Judgement(
        kind=MailKind.RECALL,
        certainty=Certainty.LIKELY,
        words="The sender asks to take back a message; nothing is deleted.",
        flags=("needs_attention",),
    )


def _ask_empty(case: Case) -> Judgement | None:
    if case.reply.new_text.strip() or case.content.has_any or case.content.unchanged or case.content.dangerous:
        return None
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.SURE,
        words="The message has neither text nor file.",
        flags=("empty_message", "needs_attention"),
    )


def _ask_condition(case: Case) -> Judgement | None:
    if not case.words.says(Saying.CONDITION):
        return None
    return Judgement(
        kind=MailKind.CONTRIBUTION,
        certainty=Certainty.LIKELY,
        words="It agrees under a condition, which is no endorsement.",
        flags=("conditional_endorsement", "needs_attention"),
        remarks=() if case.content.has_wording else case.words.qualifying,
    )


def _ask_objection(case: Case) -> Judgement | None:
    if not case.words.says(Saying.OBJECTION) or not case.asks_for_assent:
        return None
    return Judgement(
        kind=MailKind.OBJECTION, certainty=Certainty.LIKELY, words="It objects where assent was asked for."
    )


def _ask_content(case: Case) -> Judgement | None:
    content, words = case.content, case.words
    if not content.has_any:
        return None
    flags: tuple[str, ...] = ()
    if words.says(*CLEAR, Saying.DECLINE):
        flags += ("mixed_signal", "needs_attention") if case.asks_for_assent else ("mixed_signal",)
    if words.says(Saying.OBJECTION) or not content.has_wording:
        flags += ("needs_attention",)
    return Judgement(
        kind=MailKind.CONTRIBUTION,
        certainty=Certainty.SURE if content.has_wording else Certainty.LIKELY,
        words="It brings changes." if content.has_wording else "It brings something that a person has to read.",
        flags=flags,
        remarks=tuple(sentence for sentence in case.asides if not _OF_WHAT_COMES.search(sentence)),
    )


def _ask_credential(case: Case) -> Judgement | None:
    if not case.words.says(Saying.CREDENTIAL):
        return None
    return Judgement(
        kind=MailKind.OTHER, certainty=Certainty.SURE, words="It tells a password.", flags=("needs_attention",)
    )


def _ask_pending(case: Case) -> Judgement | None:
    """Answers that are none yet, or not the agency's own."""
    words = case.words
    if words.says(Saying.CONFIRMS_OTHERS):
        return Judgement(
            kind=MailKind.ACKNOWLEDGEMENT,
            certainty=Certainty.LIKELY,
            words="It joins what was sent before and adds nothing, which is not the same as no comments.",
            flags=("mixed_signal",),
        )
    if words.says(Saying.DECLINE) and not words.supporting:
        mixed = ("mixed_signal", "needs_attention") if words.says(*CLEAR) else ()
        return Judgement(
            kind=MailKind.DECLINE, certainty=Certainty.LIKELY, words="The agency will not take part.", flags=mixed
        )
    if words.says(Saying.EXTENSION):
        return Judgement(
            kind=MailKind.EXTENSION_REQUEST,
            certainty=Certainty.LIKELY,
            words="It asks for more time.",
            flags=("mixed_signal", "needs_attention") if words.says(*CLEAR) else (),
        )
    return None


def _ask_remarks(case: Case) -> Judgement | None:
    content, words = case.content, case.words
    objects = words.says(Saying.OBJECTION)
    mixed = ("mixed_signal", "needs_attention") if words.says(*CLEAR, Saying.DECLINE) else ()
    if not content.remarks and not words.supporting and not objects and not (mixed and words.qualifying):
        return None
    return Judgement(
        kind=MailKind.CONTRIBUTION,
        certainty=Certainty.LIKELY,
        words="It remarks on the text without giving wording.",
        flags=(*mixed, *(("needs_attention",) if objects else ())),
        remarks=words.supporting or (() if content.remarks else words.qualifying),
    )


def _ask_missing_file(case: Case) -> Judgement | None:
    if not case.words.promises_file:
        return None
    found = "no change was found in it" if case.content.unchanged else "there is none"
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.LIKELY,
        words=f"It speaks of an attached file, but {found}.",
        flags=("needs_attention",),
    )


def _ask_yes(case: Case) -> Judgement | None:
    words = case.words
    if not words.says(*CLEAR):
        return None
    if words.says(Saying.PROMISE):
        return Judgement(
            kind=MailKind.ACKNOWLEDGEMENT,
            certainty=Certainty.GUESS,
            words="It says yes or no comments, and that an answer will or may come.",
            flags=("mixed_signal",),
        )
    endorses = words.says(Saying.ENDORSEMENT) or (words.says(Saying.ASSENT) and case.asks_for_assent)
    doubtful = bool(words.unexplained or words.loaded) or words.says(
        Saying.QUESTION, Saying.SUPERSESSION, Saying.PROVISIONAL
    )
    return Judgement(
        kind=MailKind.ENDORSEMENT if endorses else MailKind.NO_COMMENT,
        certainty=Certainty.LIKELY if doubtful else Certainty.SURE,
        words="It endorses the text." if endorses else "It has no comments.",
        flags=("mixed_signal", "needs_attention") if doubtful else (),
    )


def _ask_unknown_file(case: Case) -> Judgement | None:
    """A readable file that is none of our texts: an answer in free form, or something else altogether."""
    if not any(find_file_revision(file) is None for file in case.content.unchanged):
        return None
    return Judgement(
        kind=MailKind.CONTRIBUTION,
        certainty=Certainty.GUESS,
        words="It brings a file that is none of our texts.",
        flags=("needs_attention",),
    )


def _ask_talk(case: Case) -> Judgement | None:
    """Questions, receipts, promises, remarks without a paragraph."""
    words = case.words
    shown = ("needs_attention",)
    if words.says(Saying.QUESTION):
        return Judgement(kind=MailKind.QUESTION, certainty=Certainty.LIKELY, words="It asks something.", flags=shown)
    if words.says(Saying.SUPERSESSION, Saying.WITHDRAWAL, Saying.ADDITION, Saying.LINK):
        return Judgement(
            kind=MailKind.OTHER, certainty=Certainty.GUESS, words="It speaks of another message or a link.", flags=shown
        )
    if words.qualifying:
        return Judgement(
            kind=MailKind.CONTRIBUTION,
            certainty=Certainty.GUESS,
            words="It seems to remark on the whole text.",
            flags=shown,
            remarks=words.qualifying,
        )
    if words.says(Saying.ACKNOWLEDGEMENT, Saying.PROMISE):
        return Judgement(
            kind=MailKind.ACKNOWLEDGEMENT,
            certainty=Certainty.LIKELY,
            words="It confirms receipt.",
            flags=shown if words.unexplained or words.loaded else (),
        )
    return None


def _give_up(case: Case) -> Judgement:
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.GUESS,
        words="No rule knows what it says; a person has to read it.",
        flags=("needs_attention",),
    )


#: asked in this order; the first that answers decides
QUESTIONS = (
    Question("machine", "Did a machine write it?", _ask_machine),
    Question("stranger", "Is the writer unknown?", _ask_stranger),
    Question("lost_part", "Is a part of it lost?", _ask_lost_part),
    Question("lead", "Does a lead send a whole text?", ask_lead),
    Question("recall", "Does it take a message back?", _ask_recall),
    Question("empty", "Is nothing in it?", _ask_empty),
    Question("condition", "Does it agree under a condition?", _ask_condition),
    Question("objection", "Does it object where assent was asked for?", _ask_objection),
    Question("content", "Does it bring changes, or something to read?", _ask_content),
    Question("credential", "Does it tell a password?", _ask_credential),
    Question("correction", "Does it say that an earlier mail was for another draft?", ask_correction),
    Question("pending", "Is it an answer that is none yet, or none of its own?", _ask_pending),
    Question("unknown_file", "Does it bring a file that is none of our texts?", _ask_unknown_file),
    Question("remarks", "Does it remark on the text?", _ask_remarks),
    Question("missing_file", "Does it speak of a file that is not there?", _ask_missing_file),
    Question("yes", "Does it say yes, or no comments?", _ask_yes),
    Question("talk", "Does it ask, promise or confirm something?", _ask_talk),
    Question("nothing", "Does no rule know what it says?", _give_up),
)
