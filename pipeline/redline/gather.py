"""The changes of several files as the proposals of their owners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.redline.annex import Annex
from pipeline.redline.model import ChangeSet, Disposition, Proposal
from pipeline.redline.read import LEAST_COVERAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Proposals ready to be merged."""

    #: by key, in the order of the files
    proposals: Mapping[str, Proposal]
    #: hex sha256 of the file each proposal came in, by its key
    sources: Mapping[str, str]
    #: the freshly written texts among the files
    annexes: tuple[Annex, ...]
    #: owners of whom a later file replaced an earlier one, each once
    replaced: tuple[str, ...]


def gather(versions: Iterable[tuple[str, ChangeSet]]) -> Gathered:
    """The proposals of all versions, given as (owner, what their file proposes) in the order in which they came.

    A later version of an owner supersedes an earlier one, unless it is a freshly written text that proposes nothing.
    """
    given = list(versions)
    standing = {owner: place for place, (owner, found) in enumerate(given) if found.coverage >= LEAST_COVERAGE}
    proposals: dict[str, Proposal] = {}
    sources: dict[str, str] = {}
    for place, (owner, found) in enumerate(given):
        disposition = Disposition.OPEN if standing.get(owner, place) == place else Disposition.SUPERSEDED
        for change in found.changes:
            key = f"{len(proposals) + 1:06d}"
            proposals[key] = Proposal(key=key, owner=owner, change=change, disposition=disposition)
            sources[key] = found.source
    replaced = dict.fromkeys(
        owner for place, (owner, found) in enumerate(given) if found.changes and standing.get(owner, place) != place
    )
    annexes = tuple(
        Annex(owner=owner, source=found.source, lines=found.fresh)
        for owner, found in dict(given).items()
        if found.fresh
    )
    return Gathered(proposals=proposals, sources=sources, annexes=annexes, replaced=tuple(replaced))
