"""Who wrote, and about which draft. See: docs/analysis/threading.md."""

from dataclasses import replace

from pipeline.core.choice import Choice, choose_draft
from pipeline.core.context import Context
from pipeline.core.evidence import FILE_SOURCES, NAMING_SOURCES, Pointer, Rung, find_pointers
from pipeline.core.model import (
    Certainty,
    Clue,
    FileReading,
    Identity,
    MachineKind,
    MachineMail,
    ParsedMail,
    Reply,
    Role,
    Roster,
    Round,
)
from pipeline.core.senders import Sender, find_sender

#: rungs that show our own mail or text: an unlisted address of an agency's domain that carries one is believed
_OURS = (Rung.THREAD, Rung.QUOTED, Rung.FILE)


def identify(
    mail: ParsedMail, reply: Reply, files: tuple[FileReading, ...], machine: MachineMail | None, context: Context
) -> Identity:
    """Who wrote `mail` and which draft it is about, with every clue that was found."""
    ours = machine is not None and machine.kind is MachineKind.OWN
    pointers = () if ours else find_pointers(mail, reply, files, context)
    sender = _weigh_sender(find_sender(mail, machine, context), machine, pointers)
    asking = () if machine is not None else context.list_asking(sender.agency, sender.body)
    choice = choose_draft(pointers, {found.draft for found in asking})
    if choice.draft is None and sender.agency is not None:
        choice = _fall_back_on_open_round(sender.body or sender.agency, choice, asking)
    nobody = sender.agency is None and machine is None
    suggested = choice.draft if nobody or choice.certainty is Certainty.GUESS else None
    draft = None if suggested is not None else choice.draft
    choice, thread_round = _find_thread_round(choice, draft, pointers)
    round_ = context.choose_round(draft, thread_round) if draft else None
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
        suggested_agency=_suggest_agency(sender, pointers, context.roster) if nobody else None,
        other_rounds=_list_other_rounds(draft, choice, asking),
        authentication_failed=sender.authentication_failed,
        lookalike_of=sender.lookalike_of,
    )


def _suggest_agency(sender: Sender, pointers: tuple[Pointer, ...], roster: Roster) -> str | None:
    """The member whose name a stranger shows, or whose mail from us is answered; None when nothing points to one.

    A focal point may write from a private box: it is not believed, and not chased before a person has looked either.
    """
    shown = [clue.points_to for clue in sender.clues if clue.source == "shown_name"]
    asked = [pointer.agency for pointer in pointers]
    members = {agency.code: agency.member or agency.code for agency in roster.agencies}
    found = (members[code] for code in (*shown, *asked) if code in members)
    return None if sender.role is Role.SECRETARIAT else next(found, None)


def list_served(identity: Identity, chosen: str | None) -> tuple[tuple[str, int], ...]:
    """(draft, round id) of every draft but `chosen` that a file of the message is of, however it was filed before."""
    of_files = {clue.points_to for clue in identity.clues if clue.source in FILE_SOURCES}
    known = dict(identity.other_rounds)
    if identity.draft is not None and identity.round_id is not None:
        known[identity.draft] = identity.round_id
    return tuple((draft, round_id) for draft, round_id in known.items() if draft in of_files and draft != chosen)


def is_draft_named(identity: Identity) -> bool:
    """Whether the thread, the subject or a person says which draft it is, not a file alone."""
    return any(
        clue.source == "person" or (clue.points_to == identity.draft and clue.source in NAMING_SOURCES)
        for clue in identity.clues
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


def _fall_back_on_open_round(asked: str, choice: Choice, asking: tuple[Round, ...]) -> Choice:
    if len(asking) != 1:
        return choice
    draft = asking[0].draft
    words = f"{draft} is the only draft on which {asked} is asked for an answer."
    clue = Clue(source="only_open_round", points_to=draft, words=words)
    return Choice(draft=draft, certainty=Certainty.GUESS, clues=(clue,))


def _find_thread_round(choice: Choice, draft: str | None, pointers: tuple[Pointer, ...]) -> tuple[Choice, int | None]:
    """The round of `draft` in whose thread it stands; of two the newer one, which a person has to confirm."""
    threads = [each for each in pointers if each.rung is Rung.THREAD and each.draft == draft]
    rounds = {each.round_id for each in threads if each.round_id is not None}
    if len(rounds) < 2:
        return choice, next(iter(rounds), None)
    clue = Clue(source="contradiction", points_to=draft or "", words=f"It answers mails of two rounds on {draft}.")
    certainty = Certainty.LIKELY if choice.certainty is Certainty.SURE else choice.certainty
    return replace(choice, certainty=certainty, clues=(*choice.clues, clue)), max(rounds)


def _list_other_rounds(draft: str | None, choice: Choice, asking: tuple[Round, ...]) -> tuple[tuple[str, int], ...]:
    """The rounds besides the main one that its files serve; without a draft, those it may be about."""
    possible = choice.candidates or tuple(found.draft for found in asking)
    wanted = possible if draft is None else choice.further
    newest = {found.draft: found.id for found in asking}
    return tuple((code, newest[code]) for code in dict.fromkeys(wanted) if code in newest)


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
