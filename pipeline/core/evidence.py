"""The rungs that point to a draft. Each finds what it finds; `identify` holds them against each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.core.context import Context
from pipeline.core.model import FileKind, FileReading, ParsedMail, Reply
from pipeline.core.subjects import count_title_words, find_bare_codes, find_tokens, strip_prefixes

#: share of a known text found in a file from which on the file is believed to be that text
LIKENESS_NEEDED = 0.6
#: by how much it has to be nearer to its draft than to the next one
LIKENESS_AHEAD = 0.15

#: Message-IDs looked up of one report
_MOST_RETURNED = 50
_NAME_WORD = re.compile(r"[^\W_]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,990}@[^<>\s]{1,250}>")
#: sources of clues that are the thread, or the subject token
NAMING_SOURCES = frozenset({"in_reply_to", "references", "report", "thread_index", "subject_token", "subject"})
#: sources of clues that are a file
FILE_SOURCES = frozenset({"attachment_text", "attachment_stamp"})


class Rung(StrEnum):
    """Kinds of evidence, strongest first."""

    THREAD = "thread"
    TOKEN = "token"
    FILE = "file"
    QUOTED = "quoted"
    CODE = "code"
    TITLE = "title"
    #: the name of a comment table, which has no text of ours in it
    LABEL = "label"
    HINT = "hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """One rung that points to a draft."""

    rung: Rung
    #: where exactly: "in_reply_to", "subject_token", "attachment_text"
    source: str
    draft: str
    words: str
    round_id: int | None = None
    revision: str | None = None
    #: agency our mail asked, where the rung is one of our mails
    agency: str | None = None
    #: position among the files of the message, where the rung is a file
    file: int | None = None


#: how a mail says that it belongs to another one, by the source of the clue
_ANSWERS = {"in_reply_to": "It answers", "references": "It refers to", "report": "It reports on"}


def find_named_messages(mail: ParsedMail) -> tuple[str, ...]:
    """Every Message-ID a message may answer or report on, nearest first: what a `Context` has to look up for it."""
    named = (*mail.in_reply_to, *reversed(mail.references), *_find_returned(mail))
    return tuple(dict.fromkeys(named))


def _find_returned(mail: ParsedMail) -> tuple[str, ...]:
    """Message-IDs in the parts a delivery report returns. See: RFC 3464, RFC 8098."""
    return tuple(found for _, text in mail.reports for found in _MESSAGE_ID.findall(text))[:_MOST_RETURNED]


def find_pointers(
    mail: ParsedMail, reply: Reply, files: tuple[FileReading, ...], context: Context
) -> tuple[Pointer, ...]:
    """Everything in a message that points to a draft, strongest rungs first."""
    found = (
        *_find_thread(mail, context),
        *_find_subject_token(mail, context),
        *(pointer for position, file in enumerate(files) for pointer in _find_in_file(position, file)),
        *_find_quoted_token(reply, context),
        *_find_code_and_title(mail, context),
        *_find_hints(reply, files, context),
    )
    known = {draft.code for draft in context.drafts}
    return tuple(pointer for pointer in found if pointer.draft in known)


def _find_thread(mail: ParsedMail, context: Context) -> Iterator[Pointer]:
    """Every mail of ours it says it answers, the nearest ancestor we know, our Thread-Index."""
    answered = [_know_message("in_reply_to", identifier, context) for identifier in mail.in_reply_to]
    yield from (pointer for pointer in answered if pointer is not None)
    # reports carry the ancestor in the part they return
    for source, identifiers in (("references", tuple(reversed(mail.references))), ("report", _find_returned(mail))):
        known = (_know_message(source, identifier, context) for identifier in identifiers)
        nearest = next((pointer for pointer in known if pointer is not None), None)
        if nearest is not None:
            yield nearest
            break
    if mail.thread_index and (ours := context.thread_indexes.get(mail.thread_index)):
        round_id, draft, revision, agency = ours
        words = f"Its Thread-Index is that of our mail on {draft} to {agency}."
        yield Pointer(
            rung=Rung.THREAD, source="thread_index", draft=draft, words=words,
            round_id=round_id, revision=revision, agency=agency,
        )  # fmt: skip


def _know_message(source: str, identifier: str, context: Context) -> Pointer | None:
    if ours := context.outgoing.get(identifier):
        round_id, draft, revision, agency = ours
        return Pointer(
            rung=Rung.THREAD, source=source, draft=draft, words=f"{_ANSWERS[source]} our mail on {draft} to {agency}.",
            round_id=round_id, revision=revision, agency=agency,
        )  # fmt: skip
    if filed := context.own_by_message_id.get(identifier):
        writer, draft, round_id = filed
        words = f"{_ANSWERS[source]} a mail of {writer} that was filed to {draft}."
        return Pointer(rung=Rung.THREAD, source=source, draft=draft, words=words, round_id=round_id)
    return None


def _find_subject_token(mail: ParsedMail, context: Context) -> Iterator[Pointer]:
    codes = find_tokens(mail.subject, context.roster, context.drafts)
    if len(codes) == 1:
        words = f"The subject carries [{context.roster.code}-{codes[0]}]."
        yield Pointer(rung=Rung.TOKEN, source="subject_token", draft=codes[0], words=words)
    elif not codes:
        bare = strip_prefixes(mail.subject)
        same = {found.draft for found in context.rounds if bare and strip_prefixes(found.subject) == bare}
        if len(same) == 1:
            yield Pointer(
                rung=Rung.TOKEN, source="subject", draft=same.pop(), words="The subject is that of our call for inputs."
            )


def _find_quoted_token(reply: Reply, context: Context) -> Iterator[Pointer]:
    codes = find_tokens(f"{reply.new_text}\n{reply.quoted}", context.roster, context.drafts)
    if len(codes) == 1:
        words = f"The text carries [{context.roster.code}-{codes[0]}]."
        yield Pointer(rung=Rung.QUOTED, source="quoted_token", draft=codes[0], words=words)


def _find_in_file(position: int, file: FileReading) -> Iterator[Pointer]:
    """What a file is by its text, and by its stamp: two lines, which may disagree."""
    nested = f", inside {' in '.join(reversed(file.inside))}" if file.inside else ""
    name = f"{file.filename or 'an attached file'}{nested}"
    best = _best_likeness(file)
    if best is not None:
        draft, revision, share = best
        words = f"{share:.0%} of {draft} {revision} stands in {name}."
        yield Pointer(
            rung=Rung.FILE, source="attachment_text", draft=draft, words=words, revision=revision, file=position
        )
    if file.stamp is not None:
        draft, revision = file.stamp
        words = f"Our stamp of {draft} {revision} is in {name}."
        yield Pointer(
            rung=Rung.FILE, source="attachment_stamp", draft=draft, words=words, revision=revision, file=position
        )


def find_file_revision(file: FileReading) -> tuple[str, str] | None:
    """(draft, revision) of the text in a file, by likeness or else by stamp; None when it is not known."""
    best = _best_likeness(file)
    return (best[0], best[1]) if best is not None else file.stamp


def _best_likeness(file: FileReading) -> tuple[str, str, float] | None:
    ranked = sorted(file.likeness, key=lambda known: -known[2])
    if not ranked or ranked[0][2] < LIKENESS_NEEDED:
        return None
    best = ranked[0]
    other = max((share for draft, _, share in ranked if draft != best[0]), default=0.0)
    if best[2] - other < LIKENESS_AHEAD:
        return None
    stamped = [known for known in ranked if file.stamp == known[:2] and known[2] >= LIKENESS_NEEDED]
    return stamped[0] if stamped and stamped[0][0] == best[0] else best


def _find_code_and_title(mail: ParsedMail, context: Context) -> Iterator[Pointer]:
    bare = strip_prefixes(mail.subject)
    codes = find_bare_codes(bare, context.drafts)
    if len(codes) == 1:
        yield Pointer(
            rung=Rung.CODE, source="subject_code", draft=codes[0], words=f"The subject has the word {codes[0]}."
        )
    yield from _find_title(bare, "subject_words", "The subject", context)


def _find_title(text: str, source: str, where: str, context: Context) -> Iterator[Pointer]:
    """Two words that one title alone has are a title; one is a hint; as many for another draft are nothing."""
    counts = sorted(
        count_title_words(text, context.roster, context.drafts).items(), key=lambda pair: pair[1], reverse=True
    )
    if not counts or (len(counts) > 1 and counts[1][1] == counts[0][1]):
        return
    draft, count = counts[0]
    rung = Rung.TITLE if count > 1 and source == "subject_words" else Rung.HINT
    yield Pointer(rung=rung, source=source, draft=draft, words=f"{where} has words of the title of {draft}.")


def _find_hints(reply: Reply, files: tuple[FileReading, ...], context: Context) -> Iterator[Pointer]:
    yield from _find_title(reply.new_text[:2000], "body_words", "The text", context)
    for position, file in enumerate(files):
        rung = Rung.LABEL if file.kind is FileKind.MATRIX else Rung.HINT
        for code in find_codes_in_name(file.filename, [draft.code for draft in context.drafts]):
            words = f"{file.filename} has {code} in its name."
            yield Pointer(rung=rung, source="file_name", draft=code, words=words, file=position)


def find_codes_in_name(filename: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Those of `codes` that stand in a file name as a word in capitals."""
    words = set(_NAME_WORD.findall(filename))
    return tuple(code for code in codes if code in words)
