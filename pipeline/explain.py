"""Why a message is where it is: the ladder of evidence, rung by rung, with what each one saw.

See: docs/analysis/threading.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.closely import SenderSide, read_sender_side
from pipeline.core.classify import QUESTIONS
from pipeline.core.model import Certainty, Clue, Identity, InboundMessage, Recognition
from pipeline.core.rules import Rules, Saying
from pipeline.core.sayings import list_hits
from pipeline.errors import MailTooComplexError, SandboxError, UsageError
from pipeline.situation import has_roster
from pipeline.understand import Desk, understand


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One kind of evidence."""

    #: "who" or "which draft"
    answers: str
    name: str
    #: what it is worth when it stands alone
    alone: Certainty
    #: the sources of clues that belong to it
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one rung saw in one message."""

    rung: Rung
    #: empty when it saw nothing
    clues: tuple[Clue, ...]
    #: it points elsewhere than the decision
    contradicts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question on what the message is for."""

    #: as in QUESTIONS of `classify`
    name: str
    words: str
    #: "" for no
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """One wording rule that finds something in the new text."""

    file: str
    rule: str
    saying: str
    sentence: str
    #: the words of the sentence that the rule looks for, without accents
    hit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A message, the ladder, and what came of it."""

    #: None for a message that is not stored
    message_id: int | None
    recognition: Recognition
    #: None when not even that can be read
    side: SenderSide | None
    #: strongest rungs first
    ladder: tuple[Sight, ...]
    #: the questions in order, up to the one that was answered
    asked: tuple[Asked, ...]
    #: how many were not asked any more
    unasked: int
    #: the wording rules of today
    rules: tuple[RuleHit, ...]
    #: further clues on what the message is for: how a machine is known, links
    kind: tuple[Clue, ...]
    #: sentences on what speaks against the decision
    contradictions: tuple[str, ...]


WHO = "who"
WHICH = "which draft"
#: strongest first
LADDER = (
    Rung(answers=WHO, name="the roster", alone=Certainty.SURE, sources=("roster_address", "reply_to", "via")),
    Rung(answers=WHO, name="the agency's own domain", alone=Certainty.LIKELY, sources=("agency_domain",)),
    Rung(answers=WHO, name="our own mail or text in it", alone=Certainty.SURE, sources=("carries_our_mail",)),
    Rung(answers=WHO, name="the mail a report returns", alone=Certainty.LIKELY, sources=("thread_agency",)),
    Rung(answers=WHO, name="our server's word on the sender", alone=Certainty.SURE, sources=("authentication",)),
    Rung(
        answers=WHO,
        name="strangers",
        alone=Certainty.GUESS,
        sources=("sender", "unknown_sender", "lookalike", "shown_name"),
    ),
    Rung(answers=WHICH, name="our Message-ID", alone=Certainty.SURE, sources=("in_reply_to", "references", "report")),
    Rung(answers=WHICH, name="Thread-Index", alone=Certainty.SURE, sources=("thread_index",)),
    Rung(answers=WHICH, name="the token in the subject", alone=Certainty.SURE, sources=("subject_token", "subject")),
    Rung(answers=WHICH, name="the token in the text", alone=Certainty.LIKELY, sources=("quoted_token",)),
    Rung(answers=WHICH, name="the stamp in a file", alone=Certainty.LIKELY, sources=("attachment_stamp",)),
    Rung(answers=WHICH, name="the text of a file", alone=Certainty.LIKELY, sources=("attachment_text",)),
    Rung(answers=WHICH, name="words of the subject", alone=Certainty.LIKELY, sources=("subject_code", "subject_words")),
    Rung(answers=WHICH, name="words elsewhere", alone=Certainty.GUESS, sources=("body_words", "file_name")),
    Rung(answers=WHICH, name="the only open request", alone=Certainty.GUESS, sources=("only_open_round",)),
    Rung(answers="both", name="a person", alone=Certainty.SURE, sources=("person",)),
)
_CONTRADICTION = "contradiction"
_QUESTION = "question:"


def explain_stored(desk: Desk, message_id: int) -> Explanation:
    """Why a recorded message is where it is; one that was not recognised yet is read now. Raises: PenholderError."""
    with desk.database.read() as db:
        message = store.messages.get_message(db, message_id)
        raw = store.messages.get_raw(db, message_id)
    made = message.recognition or understand(raw, message.received_at, desk, message_id).recognition
    return explain(made, message_id, _read_side(raw, desk), desk.rules)


def explain_letter(desk: Desk, raw: bytes, now: datetime) -> Explanation:
    """What would be made of a message that is not stored, received when it says it was sent. Raises: PenholderError."""
    with desk.database.read() as db:
        if not has_roster(db):
            raise UsageError(
                "Without a roster nobody is known: penholder roster import FILE, or use penholder inspect."
            )
    side = _read_side(raw, desk)
    sent_at = (side.date if side else None) or now
    return explain(understand(raw, sent_at, desk).recognition, None, side, desk.rules)


def _read_side(raw: bytes, desk: Desk) -> SenderSide | None:
    try:
        side: SenderSide = desk.reader.call(read_sender_side, raw, desk.authserv_id)
    except (MailTooComplexError, SandboxError):
        return None
    return side


def find_stored(desk: Desk, name: str) -> InboundMessage | None:
    """The stored message of this number, or of this sha256 or its first eight digits or more; None without one."""
    with desk.database.read() as db:
        if name.isdecimal() and len(name) < 8:
            return store.messages.get_message(db, int(name))
        return store.messages.find_by_sha256(db, name.lower())


def explain(made: Recognition, message_id: int | None, side: SenderSide | None, rules: Rules) -> Explanation:
    """The ladder of one recognition, the questions it answers, and the rules that hit."""
    identity = made.identity
    clues = identity.clues if identity else ()
    asked = tuple(_list_asked(made.verdict.clues))
    return Explanation(
        message_id=message_id,
        recognition=made,
        side=side,
        ladder=tuple(_look(rung, clues, identity) for rung in LADDER),
        asked=asked,
        unasked=len(QUESTIONS) - len(asked) if asked else 0,
        rules=tuple(_list_hits(made.new_text, rules)),
        kind=tuple(clue for clue in made.verdict.clues if not clue.source.startswith((_QUESTION, "rule:"))),
        contradictions=tuple(_list_contradictions(identity)) if identity else (),
    )


def _list_asked(clues: tuple[Clue, ...]) -> Iterator[Asked]:
    """The questions until one was answered; none for a message that could not be read."""
    answers = {clue.source.removeprefix(_QUESTION): clue.words for clue in clues if clue.source.startswith(_QUESTION)}
    for question in QUESTIONS if answers else ():
        yield Asked(name=question.name, words=question.words, answer=answers.get(question.name, ""))
        if question.name in answers:
            return


def _list_hits(text: str, rules: Rules) -> Iterator[RuleHit]:
    found = tuple(list_hits(text, rules))
    secret = {sentence for sentence, rule in found if rule.saying is Saying.CREDENTIAL}
    for sentence, rule in found:
        shown = (sentence, rules.find_hit(rule, sentence)) if sentence not in secret else ("a password", "a password")
        yield RuleHit(file=rule.file, rule=rule.name, saying=rule.saying, sentence=shown[0], hit=shown[1])


def _look(rung: Rung, clues: tuple[Clue, ...], identity: Identity | None) -> Sight:
    seen = tuple(clue for clue in clues if clue.source in rung.sources)
    pointed = {clue.points_to for clue in seen if clue.points_to}
    decided = {identity.agency, identity.body} if rung.answers == WHO and identity else _decided_drafts(identity)
    return Sight(rung=rung, clues=seen, contradicts=rung.answers != "both" and bool(pointed - decided - {None}))


def _decided_drafts(identity: Identity | None) -> set[str | None]:
    if identity is None:
        return set()
    served = {draft for draft, _ in identity.other_rounds} if identity.draft else set()
    return {identity.draft or identity.suggested_draft, *served}


def _list_contradictions(identity: Identity) -> Iterator[str]:
    yield from (clue.words for clue in identity.clues if clue.source == _CONTRADICTION)
    if identity.authentication_failed:
        yield "Our own server found that the sender is not who the address says."
    if identity.lookalike_of:
        yield f"The domain only looks like that of {identity.lookalike_of}."
