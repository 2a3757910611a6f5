"""Who wrote, and about which draft. See: docs/analysis/threading.md."""

from dataclasses import dataclass

from pipeline.core.context import Context
from pipeline.core.evidence import Pointer, Rung, find_pointers
from pipeline.core.model import Certainty, Clue, FileReading, Identity, MachineKind, MachineMail, ParsedMail, Reply
from pipeline.core.senders import Sender, find_sender

#: rungs that show our own mail or text: an unlisted address of an agency's domain that carries one is believed
_OURS = (Rung.THREAD, Rung.QUOTED, Rung.FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What the rungs say together."""

    draft: str | None
    certainty: Certainty
    #: best first; empty when the rungs agree
    candidates: tuple[str, ...] = ()
    clues: tuple[Clue, ...] = ()


def identify(
    mail: ParsedMail, reply: Reply, files: tuple[FileReading, ...], machine: MachineMail | None, context: Context
) -> Identity:
    """Who wrote `mail` and which draft it is about, with every clue that was found."""
    ours = machine is not None and machine.kind is MachineKind.OWN
    pointers = () if ours else find_pointers(mail, reply, files, context)
    sender = _weigh_sender(find_sender(mail, machine, context), machine, pointers)
    choice = _choose_draft(pointers)
    if choice.draft is None and sender.agency is not None and machine is None:
        choice = _fall_back_on_open_round(sender.agency, sender.body, choice, context)
    nobody = sender.agency is None and machine is None
    suggested = choice.draft if nobody or choice.certainty is Certainty.GUESS else None
    draft = None if suggested is not None else choice.draft
    round_ = context.choose_round(draft, _thread_round(pointers)) if draft else None
    return Identity(
        agency=sender.agency,
        body=sender.body,
        role=sender.role,
        draft=draft,
        round_id=round_.id if round_ else None,
        revision=_find_revision(draft, pointers),
        who=sender.certainty,
        which=choice.certainty,
        clues=(*sender.clues, *(_to_clue(pointer) for pointer in pointers), *choice.clues),
        candidates=choice.candidates,
        suggested_draft=suggested,
        authentication_failed=sender.authentication_failed,
        lookalike_of=sender.lookalike_of,
    )


def _weigh_sender(sender: Sender, machine: MachineMail | None, pointers: tuple[Pointer, ...]) -> Sender:
    """An unlisted address of the agency's domain is believed when it carries our mail or text."""
    asked = next((pointer.agency for pointer in pointers if pointer.agency), None)
    if sender.agency is None and sender.role is None and machine is not None and asked:
        clue = Clue(source="thread_agency", points_to=asked, words=f"The mail it reports on went to {asked}.")
        return Sender(agency=asked, certainty=Certainty.LIKELY, clues=(*sender.clues, clue))
    if not sender.by_domain or sender.authentication_failed:
        return sender
    of_others = asked is not None and asked not in (sender.agency, sender.body)
    if of_others or not any(pointer.rung in _OURS for pointer in pointers):
        return sender
    words = f"It carries our mail or text, so {sender.body or sender.agency} is believed."
    clue = Clue(source="carries_our_mail", points_to=sender.agency or "", words=words)
    return Sender(
        agency=sender.agency,
        body=sender.body,
        certainty=Certainty.SURE,
        clues=(*sender.clues, clue),
        by_domain=True,
    )


def _drafts_on(pointers: tuple[Pointer, ...], *rungs: Rung) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pointer.draft for pointer in pointers if pointer.rung in rungs))


def _choose_draft(pointers: tuple[Pointer, ...]) -> _Choice:
    thread = _drafts_on(pointers, Rung.THREAD)
    token = _drafts_on(pointers, Rung.TOKEN)
    files = _drafts_on(pointers, Rung.FILE)
    named = tuple(dict.fromkeys((*thread, *token)))
    if files and (named and set(files) != set(named) or len(files) > 1):
        return _choose_among_files(files, named)
    if len(named) > 1:
        return _ask(named, "The thread and the subject speak of different drafts.")
    if named:
        return _check_subject(named[0], token, files, pointers)
    return _choose_without_thread(pointers, files)


def _check_subject(
    draft: str, token: tuple[str, ...], files: tuple[str, ...], pointers: tuple[Pointer, ...]
) -> _Choice:
    """A sender who answers any old mail and writes a subject of his own means the subject."""
    written = () if token or files else _drafts_on(pointers, Rung.CODE, Rung.TITLE)
    if written and draft not in written:
        return _ask((draft, *written), "The thread and the subject speak of different drafts.")
    return _Choice(draft=draft, certainty=Certainty.SURE)


def _choose_among_files(files: tuple[str, ...], named: tuple[str, ...]) -> _Choice:
    """An attached text is what the sender worked on; the thread may just have been at hand."""
    common = [draft for draft in files if draft in named]
    if len(files) > 1 and not common:
        return _ask((*files, *named), "The attached files belong to different drafts.")
    best = common[0] if common else files[0]
    candidates = tuple(dict.fromkeys((best, *files, *named)))
    words = f"The attached text is {' and '.join(files)}" + (f", the thread {' and '.join(named)}." if named else ".")
    clue = Clue(source="contradiction", points_to=best, words=words)
    return _Choice(draft=best, certainty=Certainty.LIKELY, candidates=candidates, clues=(clue,))


def _choose_without_thread(pointers: tuple[Pointer, ...], files: tuple[str, ...]) -> _Choice:
    quoted = _drafts_on(pointers, Rung.QUOTED)
    code = _drafts_on(pointers, Rung.CODE)
    lines = tuple(dict.fromkeys((*files, *quoted, *code, *_drafts_on(pointers, Rung.TITLE))))
    if len(lines) > 1:
        if files:
            return _choose_among_files(files, tuple(draft for draft in lines if draft not in files))
        return _ask(lines, "The subject and the text speak of different drafts.")
    if lines:
        agreeing = sum(bool(rung) for rung in (files, quoted, code))
        return _Choice(draft=lines[0], certainty=Certainty.SURE if agreeing > 1 else Certainty.LIKELY)
    hints = _drafts_on(pointers, Rung.HINT)
    return _Choice(draft=hints[0] if len(hints) == 1 else None, certainty=Certainty.GUESS)


def _ask(drafts: tuple[str, ...], words: str) -> _Choice:
    candidates = tuple(dict.fromkeys(drafts))
    clue = Clue(source="contradiction", points_to="", words=words)
    return _Choice(draft=candidates[0], certainty=Certainty.GUESS, candidates=candidates, clues=(clue,))


def _fall_back_on_open_round(agency: str, body: str | None, choice: _Choice, context: Context) -> _Choice:
    asked = [
        found.draft
        for found in context.rounds
        if context.is_open(found) and any(each.agency in (agency, body) for each in found.addressees)
    ]
    if len(asked) != 1:
        return choice
    words = f"{asked[0]} is the only draft on which {body or agency} is asked for an answer."
    clue = Clue(source="only_open_round", points_to=asked[0], words=words)
    return _Choice(draft=asked[0], certainty=Certainty.GUESS, clues=(clue,))


def _thread_round(pointers: tuple[Pointer, ...]) -> int | None:
    return next((pointer.round_id for pointer in pointers if pointer.rung is Rung.THREAD), None)


def _find_revision(draft: str | None, pointers: tuple[Pointer, ...]) -> str | None:
    """The revision of the attached file, else that of our mail it answers."""
    of_draft = [pointer for pointer in pointers if pointer.draft == draft and pointer.revision]
    for rung in (Rung.FILE, Rung.THREAD):
        for pointer in of_draft:
            if pointer.rung is rung:
                return pointer.revision
    return None


def _to_clue(pointer: Pointer) -> Clue:
    return Clue(source=pointer.source, points_to=pointer.draft, words=pointer.words)
