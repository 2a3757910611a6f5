"""Take back what one did last, and what one did before that: the steps are kept in the session."""

from typing import Literal, TypedDict, cast

from flask import Blueprint, flash, redirect, session, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext
from pipeline.adapters.store import StoredProposal
from pipeline.correct import reopen_attention, take_back
from pipeline.errors import UsageError
from pipeline.redline.model import Disposition
from pipeline.revise import dispose

blueprint = Blueprint("undo", __name__)

#: steps that can be taken back, one after the other: a session is a cookie
MOST_STEPS = 5
#: proposals of one step; a card of more is reopened by hand
MOST_PROPOSALS = 20

#: id, version after the step, disposition, remark and wording before it
_Before = tuple[int, int, str, str, str]


class Step(TypedDict):
    """One thing that was done."""

    what: Literal["looked", "filed", "decided"]
    #: the page it was done on
    page: str
    message: int
    proposals: list[_Before]


def offer_message(words: str, what: Literal["looked", "filed"], message_id: int) -> None:
    """Say what was done with a message, with a way to take it back."""
    page = url_for("messages.show", message_id=message_id)
    _offer(words, Step(what=what, page=page, message=message_id, proposals=[]))


def offer_decision(words: str, page: str, before: tuple[StoredProposal, ...]) -> None:
    """Say that proposals were decided, with a way to take it back; `before`: as they were."""
    proposals = [
        (each.id, each.version + 1, each.proposal.disposition.value, each.remark, each.proposal.amended)
        for each in before
    ]
    if len(proposals) > MOST_PROPOSALS:
        flash(words, "done")
    else:
        _offer(words, Step(what="decided", page=page, message=0, proposals=proposals))


def _offer(words: str, step: Step) -> None:
    session["steps"] = [*session.get("steps", []), step][-MOST_STEPS:]
    flash(words, "undoable")


@blueprint.post("/undo")
def take_back_last() -> Response:
    """Undo the newest step, if nobody went on from it, and go back to where it was done."""
    steps = cast("list[Step]", session.get("steps", []))
    if not steps:
        raise UsageError(gettext("There is nothing to take back any more."))
    step = steps[-1]
    _UNDO[step["what"]](step)
    session["steps"] = [_carry_over(each, step) for each in steps[:-1]]
    flash(gettext("Taken back."), "undoable" if steps[:-1] else "done")
    return redirect(step["page"])


def _carry_over(earlier: Step, undone: Step) -> Step:
    """An earlier step with the versions that its proposals have now: taking back counts as a decision too."""
    now = {proposal_id: (version - 1, version + 1) for proposal_id, version, *_ in undone["proposals"]}
    kept = [
        (each[0], now[each[0]][1], *each[2:]) if each[0] in now and each[1] == now[each[0]][0] else each
        for each in earlier["proposals"]
    ]
    return Step(what=earlier["what"], page=earlier["page"], message=earlier["message"], proposals=kept)


def _look_again(step: Step) -> None:
    reopen_attention(office().desk, step["message"], by=user_name(), now=office().clock())


def _take_out(step: Step) -> None:
    take_back(office().desk, step["message"], by=user_name(), now=office().clock())


def _reopen(step: Step) -> None:
    for proposal_id, version, disposition, remark, amended in step["proposals"]:
        dispose(
            office().database,
            proposal_id,
            Disposition(disposition),
            remark=remark,
            amended=amended,
            by=user_name(),
            now=office().clock(),
            version=version,
        )


_UNDO = {"looked": _look_again, "filed": _take_out, "decided": _reopen}
