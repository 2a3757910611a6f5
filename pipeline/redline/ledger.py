"""The machine-readable list of every change in a consolidated file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

from pipeline.redline.annex import Annex
from pipeline.redline.edits import name_author
from pipeline.redline.islands import REMEMBERED
from pipeline.redline.model import BaseText, Change, Folded, Merge, Paragraph, Proposal
from pipeline.redline.places import find_home, name_home
from pipeline.redline.threads import find_parents

FORMAT = "penholder-ledger-1"
#: an encoder that indents is ten times slower
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
#: where what a change says of itself goes; within a string the quotation marks would stand behind backslashes
_GAP = '"": 0'


def write_ledger(
    merge: Merge,
    proposals: Mapping[str, Proposal],
    sources: Mapping[str, str],
    *,
    annexes: Sequence[Annex] = (),
    revision_ids: Mapping[str, tuple[int, ...]] | None = None,
) -> str:
    """The ledger as JSON text: every proposal of the merge once, folded ones beside each other, in document order.

    `sources` maps a proposal's key to the sha256 of the file it came in; `revision_ids` maps it to the w:id of every
    revision element of the consolidated file that it stands behind.
    """
    ids = {} if revision_ids is None else revision_ids
    parents = find_parents({key: proposals[key] for folded in merge.folded for key in folded.keys})
    groups = {key: conflict.name for conflict in merge.conflicts for key in conflict.proposals}
    changes = [
        {
            **_list_values(proposals[key], folded),
            "reply_to": parents.get(key),
            "group": groups.get(key),
            "source": sources.get(key),
            "revision_ids": list(ids.get(key, ())),
        }
        for folded in merge.folded
        for key in folded.keys
    ]
    content = {
        "format": FORMAT,
        "base": merge.base.sha256,
        "changes": changes,
        "conflicts": [
            {"name": one.name, "reason": one.reason, "changes": list(one.proposals)} for one in merge.conflicts
        ],
        "annexes": [
            {"agency": one.owner, "source": one.source, "revision_ids": list(ids.get(one.key, ()))} for one in annexes
        ],
        "related": [{"first": one.first, "second": one.second, "relation": one.relation} for one in merge.related],
    }
    return _fill(
        _dump(content),
        (_write_change(merge.base, proposals[key].change) for folded in merge.folded for key in folded.keys),
    )


def _fill(text: str, changes: Iterable[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(text.split(_GAP), changes, fillvalue="")))


def _dump(content: dict[str, Any]) -> str:
    """The JSON text, each change, conflict and pair on a line of its own."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_dump_value(value)}" for key, value in content.items()) + "\n}\n"


def _dump_value(value: str | list[dict[str, Any]]) -> str:
    if not isinstance(value, list) or not value:
        return _ENCODE(value)
    # one call for all is twice as fast; within a string the quotation mark would stand behind a backslash
    begin = f"{{{_ENCODE(next(iter(value[0])))}: "
    return "[\n" + _ENCODE(value)[1:-1].replace(f"}}, {begin}", f"}},\n{begin}") + "\n]"


def _list_values(proposal: Proposal, folded: Folded) -> dict[str, Any]:
    """What a proposal says of itself, with a gap for what its change does."""
    return {
        "id": proposal.key,
        "agency": proposal.owner,
        "owners": folded.owners,
        "author": name_author(folded.owners, folded.change),
        "": 0,
        "same_as": [key for key in folded.keys if key != proposal.key],
        "disposition": proposal.disposition,
        "amended": proposal.amended,
    }


def _write_change(base: BaseText, change: Change) -> str:
    return _write_fields(change, find_home(base.get_story(change.story), change))


@lru_cache(maxsize=REMEMBERED)
def _write_fields(change: Change, home: tuple[int, Paragraph] | None) -> str:
    """What a change says of itself as JSON, without the braces; `home` as of `find_home`."""
    fields = {
        **list_fields(change, home),
        "paragraph": home[1].number if home else "",
        "paragraph_position": None if home is None else home[0] + 1,
        "content": change.content,
    }
    return _ENCODE(fields)[1:-1]


def list_fields(change: Change, home: tuple[int, Paragraph] | None) -> dict[str, Any]:
    """What a change says of itself, as values for JSON; `home` as of `find_home`."""
    return {
        "kind": change.kind.value,
        "origin": change.origin.value,
        "person": change.person,
        "date": change.date.isoformat() if change.date else None,
        "place": name_home(change.story, home),
        "story": change.story,
        "start": change.start,
        "end": change.end,
        "target": change.target,
        "old": change.old,
        "new": change.new,
        "remark": change.remark,
        "type": change.type,
        "resolved": change.resolved,
    }
