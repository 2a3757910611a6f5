"""A plain reply that puts us right: "this was for the joint statement". See: docs/analysis/receipts.md."""

import re

from pipeline.core.case import Case, Judgement
from pipeline.core.context import Context
from pipeline.core.model import Certainty, MailKind, ParsedMail
from pipeline.core.rules import CLEAR, Saying
from pipeline.core.subjects import count_title_words, find_tokens

#: what is said to be wrong, up to what is said to be right or the end of the clause
_DENIED = re.compile(
    r"\b(?:not|instead of|rather than|et non|non pas|pas (?:pour|sur|de|du|au)|no (?:para|sobre|al?)|не)\b"
    r".*?(?=\b(?:but|mais|sino|а)\b|[,;.!]|$)",
    re.IGNORECASE | re.DOTALL,
)
# a code may stand in a Chinese sentence without spaces
_CODE = re.compile(r"[A-Za-z0-9]+")


def ask_correction(case: Case) -> Judgement | None:
    """That the message says which draft an earlier mail was for; None when it does not, or nobody of ours wrote it."""
    draft = find_meant_draft(case)
    if draft is None or case.identity.agency is None:
        return None
    mixed = ("mixed_signal",) if case.words.says(*CLEAR, Saying.DECLINE, Saying.EXTENSION) else ()
    return Judgement(
        kind=MailKind.OTHER,
        certainty=Certainty.LIKELY,
        words=f"It says that an earlier mail was for {draft}.",
        flags=(f"corrects:{draft}", *mixed, "needs_attention"),
    )


def find_meant_draft(case: Case) -> str | None:
    """The one other draft that a mail says an earlier one was for; None when it says no such thing, or names several.

    The draft is named by its token, its code in capitals, or words that its title or type alone has.
    """
    said = " ".join(case.words.correcting)
    if not said:
        return None
    current = case.identity.draft
    for text in (said, case.reply.new_text):
        named = [draft for draft in _find_named(_DENIED.sub(" ", text), case.context) if draft != current]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def find_answered(mail: ParsedMail, context: Context) -> tuple[int, ...]:
    """The ids of the messages that the receipt of ours it answers is about; () when it answers none."""
    for message_id in (*mail.in_reply_to, *reversed(mail.references)):
        if message_id in context.receipts:
            return context.receipts[message_id]
    return ()


def _find_named(text: str, context: Context) -> tuple[str, ...]:
    """Every draft named in a text by code, else those of whose titles it has most words."""
    drafts = context.drafts
    words = set(_CODE.findall(text))
    codes = (*find_tokens(text, context.roster, drafts), *(each.code for each in drafts if each.code in words))
    if codes:
        return tuple(dict.fromkeys(codes))
    counts = count_title_words(text, context.roster, drafts)
    return tuple(code for code, count in counts.items() if count == max(counts.values()))
