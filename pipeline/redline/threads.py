"""Which comment a reply answers."""

from collections.abc import Mapping, Sequence

from pipeline.redline.model import Change, ChangeKind, Disposition, Proposal


def find_parents(proposals: Mapping[str, Proposal]) -> dict[str, str]:
    """By key of a reply the key of the comment it replies to; replies to what is not there are left out."""
    by_owner = list_by_owner(proposals)
    found = {}
    for siblings in by_owner.values():
        for reply in siblings:
            parent = _find_parent(reply, siblings)
            if parent is not None:
                found[reply.key] = parent.key
    return found


def list_by_owner(proposals: Mapping[str, Proposal]) -> dict[str, list[Proposal]]:
    """The proposals of each owner in the order of filing, without superseded ones: `Change.reply_to` counts in it."""
    found: dict[str, list[Proposal]] = {}
    for key in sorted(proposals):
        if proposals[key].disposition is not Disposition.SUPERSEDED:
            found.setdefault(proposals[key].owner, []).append(proposals[key])
    return found


def _find_parent(reply: Proposal, siblings: Sequence[Proposal]) -> Proposal | None:
    place = reply.change.reply_to
    if place is None:
        return None
    named = siblings[place] if place < len(siblings) else reply
    if (
        named is not reply
        and named.change.kind is ChangeKind.COMMENT
        and _anchor(named.change) == _anchor(reply.change)
    ):
        return named
    # an owner of several mails: the nearest comment at the same words filed before it, else the first one
    others = [one for one in siblings if one.change.kind is ChangeKind.COMMENT and one.change.reply_to is None]
    here = [one for one in others if _anchor(one.change) == _anchor(reply.change)]
    earlier = [one for one in here if one.key < reply.key]
    return earlier[-1] if earlier else here[0] if here else None


def _anchor(change: Change) -> tuple[str, int, int]:
    return (change.story, change.start, change.end)
