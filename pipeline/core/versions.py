"""Which earlier answers a new answer takes the place of. See: docs/analysis/versions.md."""

import re
from collections.abc import Iterator, Sequence

from pipeline.core.evidence import find_file_revision
from pipeline.core.model import InboundMessage, MailKind, Place

#: "v2", "_v.3", "rev1", "final", "(2)", "corrigé": what people add to the name of a new version of the same file
_VERSION_MARK = re.compile(
    r"""(?ix) [\s_.-]* \( \d+ \) (?= $ | [\s_.-] )
    | (?: ^ | [\s_.-]+ ) (?:
        v (?: er (?: sion )? )? [\s_.-]* \d+
        | rev (?: ision | ised )? [\s_.-]* \d*
        | final | cop (?: y | ie )
        | corr (?: ected | ig [eé] (?: e | d )? )?
    ) (?= $ | [\s_.-] )"""
)


def find_superseded(new: InboundMessage, earlier: Sequence[InboundMessage], draft: str = "") -> tuple[int, ...]:
    """Ids of the messages among `earlier` that `new` replaces; empty when it adds to them.

    `earlier` holds the messages of the same member in the same round, which is on `draft`: files known to be of other
    drafts are left out. A later answer replaces an earlier one only when
    it says so, when it carries the same file with a version mark, or when it is the coordinator's for all bodies.
    """
    if not may_supersede(new):
        return ()
    standing = [message for message in earlier if _is_standing(message, new)]
    return tuple(sorted({message.id for message in _find_replaced(new, standing, draft)}))


def may_supersede(new: InboundMessage) -> bool:
    """Whether anything in `new` could replace an earlier answer; most answers need none to be looked at."""
    recognition = new.recognition
    if recognition is None or new.place is not Place.FILED or recognition.verdict.kind is not MailKind.CONTRIBUTION:
        return False
    verdict = recognition.verdict
    return verdict.consolidated or verdict.supersedes or bool(_stems(new, "", marked_only=True))


def _is_standing(message: InboundMessage, new: InboundMessage) -> bool:
    if message.recognition is None or message.place is not Place.FILED or message.superseded_by not in (None, new.id):
        return False
    before = (message.received_at, message.id) < (new.received_at, new.id)
    return before and message.recognition.verdict.kind is MailKind.CONTRIBUTION


def _find_replaced(new: InboundMessage, standing: Sequence[InboundMessage], draft: str) -> Iterator[InboundMessage]:
    assert new.recognition is not None
    own = [message for message in standing if _body(message) == _body(new)]
    if new.recognition.verdict.consolidated:
        yield from standing
    elif new.recognition.verdict.supersedes:
        yield from own[-1:]
    else:
        names = _stems(new, draft, marked_only=True)
        yield from (message for message in own if names & _stems(message, draft, marked_only=False))


def _body(message: InboundMessage) -> str | None:
    identity = message.recognition.identity if message.recognition else None
    return identity.body if identity else None


def _stems(message: InboundMessage, draft: str, *, marked_only: bool) -> frozenset[str]:
    assert message.recognition is not None
    stems = set()
    for file in message.recognition.files:
        known = find_file_revision(file)
        if known is not None and draft and known[0] != draft:
            continue
        stem, _, suffix = file.filename.lower().rpartition(".")
        bare = _VERSION_MARK.sub("", stem)
        if stem and (bare != stem or not marked_only):
            stems.add(f"{bare}.{suffix}")
    return frozenset(stems)
