"""Which draft the rungs together speak of; rungs that disagree leave it to a person.

See: docs/analysis/threading.md.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from pipeline.core.evidence import Pointer, Rung
from pipeline.core.model import Certainty, Clue

_STRONG = (Rung.THREAD, Rung.TOKEN, Rung.FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the rungs say together."""

    #: None when they say nothing; a suggestion when `certainty` is GUESS
    draft: str | None
    certainty: Certainty
    #: best first; empty when the rungs agree
    candidates: tuple[str, ...] = ()
    #: drafts besides `draft` that have a file of their own in the message
    further: tuple[str, ...] = ()
    clues: tuple[Clue, ...] = ()


def choose_draft(pointers: tuple[Pointer, ...], asked: Collection[str]) -> Choice:
    """The draft the rungs agree on. `asked`: drafts with an open round that asks the sender for an answer.

    Strong rungs (thread, subject token, file) that disagree are left to a person, with two exceptions: a message may
    bring files of several drafts its sender is asked about, and a file with our stamp and our text outvotes a thread.
    """
    named, files = _drafts_on(pointers, Rung.THREAD, Rung.TOKEN), _drafts_on(pointers, Rung.FILE, Rung.LABEL)
    if len(named) > 1:
        return _ask((*named, *files), f"What it answers and its subject speak of {' and '.join(named)}.")
    if torn := _find_torn(pointers):
        return _ask((*torn, *named), f"One attached file is {' by its text and '.join(torn)} by our stamp in it.")
    if files and named and named[0] not in files:
        return _weigh_file_against_thread(files, named[0], pointers, asked)
    if len(files) > 1:
        return _choose_among_files(files, named, pointers, asked)
    if named or _drafts_on(pointers, Rung.FILE):
        return _hear_weaker((named or files)[0], pointers)
    return _choose_without_strong(pointers)


def _drafts_on(pointers: tuple[Pointer, ...], *rungs: Rung) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pointer.draft for pointer in pointers if pointer.rung in rungs))


def _find_torn(pointers: tuple[Pointer, ...]) -> tuple[str, ...]:
    """The drafts of a file whose text is that of one and whose stamp is that of another; () without such a file."""
    by_file: dict[int | None, dict[str, None]] = {}
    for pointer in pointers:
        if pointer.rung is Rung.FILE:
            by_file.setdefault(pointer.file, {})[pointer.draft] = None
    return next((tuple(drafts) for drafts in by_file.values() if len(drafts) > 1), ())


def _is_firm(draft: str, pointers: tuple[Pointer, ...]) -> bool:
    """Whether one file is this draft by both its text and our stamp: two lines, which nobody makes by mistake."""
    files = [each.file for each in pointers if each.rung is Rung.FILE and each.draft == draft]
    return len(files) > len(set(files))


def _weigh_file_against_thread(
    files: tuple[str, ...], named: str, pointers: tuple[Pointer, ...], asked: Collection[str]
) -> Choice:
    """An attached text is what the sender worked on; the thread may just have been at hand."""
    words = f"The attached text is {' and '.join(files)}, the thread {named}."
    if len(files) > 1 or files[0] not in asked or not _is_firm(files[0], pointers):
        return _ask((*files, named), words)
    return Choice(
        draft=files[0],
        certainty=Certainty.LIKELY,
        candidates=(files[0], named),
        clues=(Clue(source="contradiction", points_to=files[0], words=words),),
    )


def _choose_among_files(
    files: tuple[str, ...], named: tuple[str, ...], pointers: tuple[Pointer, ...], asked: Collection[str]
) -> Choice:
    """One message may answer several calls: each file serves its own draft."""
    draft = (named or files)[0]
    others = tuple(other for other in files if other != draft)
    unasked = tuple(other for other in others if other not in asked)
    if not named and not set(files) <= set(asked):
        return _ask(files, "The attached files belong to different drafts.")
    if unasked:
        words = f"A file is {' and '.join(unasked)}, on which no open call asks this sender."
    else:
        words = f"It brings files of {' and '.join((draft, *others))}; each serves its own draft."
    firm = bool(named) and not unasked and all(_is_firm(other, pointers) for other in others)
    return Choice(
        draft=draft,
        certainty=Certainty.SURE if firm else Certainty.LIKELY,
        candidates=(draft, *unasked) if unasked else (),
        further=tuple(other for other in others if other in asked),
        clues=(Clue(source="contradiction" if unasked else "several_drafts", points_to=draft, words=words),),
    )


def _hear_weaker(draft: str, pointers: tuple[Pointer, ...]) -> Choice:
    """One draft on every strong rung: how far weaker lines that speak of another one count."""
    strong = [rung for rung in _STRONG if draft in _drafts_on(pointers, rung)]
    subject = () if Rung.TOKEN in strong else (Rung.CODE, Rung.TITLE)
    weaker = _drafts_on(pointers, Rung.QUOTED, *subject)
    others = tuple(other for other in weaker if other != draft)
    words = f"Its words speak of {' and '.join(others)}, what it answers and brings of {draft}."
    if others and len(strong) == 1:
        return _ask((draft, *others), words)
    if strong == [Rung.FILE]:
        agreeing = draft in _drafts_on(pointers, Rung.QUOTED, Rung.CODE)
        return Choice(draft=draft, certainty=Certainty.SURE if agreeing else Certainty.LIKELY)
    choice = Choice(draft=draft, certainty=Certainty.SURE)
    if others and len(strong) == 2:
        clue = Clue(source="contradiction", points_to=draft, words=words)
        return replace(choice, certainty=Certainty.LIKELY, clues=(clue,))
    return choice


def _choose_without_strong(pointers: tuple[Pointer, ...]) -> Choice:
    lines = _drafts_on(pointers, Rung.QUOTED, Rung.CODE, Rung.TITLE)
    if len(lines) > 1:
        return _ask(lines, "The subject and the text speak of different drafts.")
    if lines:
        both = lines == _drafts_on(pointers, Rung.QUOTED) == _drafts_on(pointers, Rung.CODE)
        return Choice(draft=lines[0], certainty=Certainty.SURE if both else Certainty.LIKELY)
    hints = _drafts_on(pointers, Rung.LABEL, Rung.HINT)
    return Choice(draft=hints[0] if len(hints) == 1 else None, certainty=Certainty.GUESS)


def _ask(drafts: tuple[str, ...], words: str) -> Choice:
    candidates = tuple(dict.fromkeys(drafts))
    clue = Clue(source="contradiction", points_to="", words=words)
    return Choice(draft=candidates[0], certainty=Certainty.GUESS, candidates=candidates, clues=(clue,))
