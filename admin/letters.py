"""Letters on one draft: what came of proposals, read by a person and released; and who gets receipts."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext, ngettext
from pipeline.acknowledge import switch_receipts
from pipeline.adapters import store
from pipeline.core.model import MailState, Roster, SentMail
from pipeline.outcome import Outcomes, choose_revisions, list_prepared, prepare_outcomes, release_outcomes
from pipeline.redline.model import Disposition

blueprint = Blueprint("letters", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The outcome mails of a draft as the page shows them."""

    #: base and newer revision; None while there is no second one
    revisions: tuple[str, str] | None
    prepared: tuple[SentMail, ...] = ()
    #: how many proposals on the base nobody has decided
    undecided: int = 0

    @property
    def held(self) -> int:
        """How many of them wait for a person."""
        return sum(sent.state is MailState.HELD for sent in self.prepared)


@blueprint.get("/drafts/<code>/letters")
def show(code: str) -> str:
    """Outcome mails with who gets them, and the switches for receipts."""
    with office().database.read() as db:
        draft = next((each for each in store.drafts.list_drafts(db) if each.code == code), None)
        if draft is None:
            abort(404)
        told, off = _read_told(db, code), set(store.receipts.list_off(db))
        roster, names = store.rosters.get_roster(db), store.drafts.list_names(db, code)
    return render_template(
        "letters/show.html",
        draft=draft,
        told=told,
        names=names,
        roster=roster,
        off=off,
        all_off=(code, store.receipts.ALL) in off or (store.receipts.ALL, store.receipts.ALL) in off,
    )


@blueprint.post("/drafts/<code>/letters/outcomes")
def tell(code: str) -> Response:
    """Prepare the mails, held, or let those go that are prepared."""
    step, now = request.form.get("step"), office().clock()
    base, newer = request.form.get("base", ""), request.form.get("newer", "")
    if step == "release":
        released = release_outcomes(office().database, code, by=user_name(), now=now, base=base, newer=newer)
        flash(ngettext("%(num)s mail leaves now.", "%(num)s mails leave now.", len(released)), "done")
    elif step == "prepare":
        outcomes = prepare_outcomes(
            office().database, code, now, office().desk.secret, by=user_name(), base=base, newer=newer
        )
        flash(_describe(outcomes), "done")
    else:
        abort(400)
    return redirect(url_for("letters.show", code=code, base=base or None, newer=newer or None))


@blueprint.post("/drafts/<code>/letters/receipts")
def choose(code: str) -> Response:
    """Set which agencies get receipts on one draft, and whether anybody does."""
    wanted = set(request.form.getlist("agency"))
    with office().database.read() as db:
        agencies = [agency.code for agency in store.rosters.get_roster(db).agencies]
    _switch(code, store.receipts.ALL, on="everybody" in request.form)
    for agency in agencies:
        _switch(code, agency, on=agency in wanted)
    flash(gettext("Kept."), "done")
    return redirect(url_for("letters.show", code=code))


@blueprint.post("/roster/receipts")
def choose_everywhere() -> Response:
    """Set which agencies get receipts at all, whatever the draft."""
    wanted = set(request.form.getlist("agency"))
    with office().database.read() as db:
        roster: Roster = store.rosters.get_roster(db)
    for agency in roster.agencies:
        _switch(store.receipts.ALL, agency.code, on=agency.code in wanted)
    flash(gettext("Kept."), "done")
    return redirect(url_for("roster.show"))


def _switch(draft: str, agency: str, *, on: bool) -> None:
    switch_receipts(office().database, draft, agency, on=on, by=user_name(), now=office().clock())


def _read_told(db: store.Db, code: str) -> Told:
    """Raises: UsageError when the address names revisions that cannot be compared."""
    base, newer = request.args.get("base", ""), request.args.get("newer", "")
    if len(store.drafts.list_names(db, code)) < 2:
        return Told(revisions=None)
    revisions = choose_revisions(db, code, base, newer)
    open_ones = store.proposals.counts(db, code, revisions[0])[Disposition.OPEN]
    return Told(revisions=revisions, prepared=list_prepared(db, code, revisions), undecided=open_ones)


def _describe(outcomes: Outcomes) -> str:
    """What was prepared, and for whom not."""
    words = ngettext(
        "%(num)s mail is prepared and waits for you.",
        "%(num)s mails are prepared and wait for you.",
        len(outcomes.mails),
    )
    if outcomes.unreachable:
        words += " " + gettext("No address works: %(codes)s.", codes=", ".join(outcomes.unreachable))
    if outcomes.told:
        told = ", ".join(outcomes.told)
        words += " " + gettext("Not written again, because released or cancelled: %(codes)s.", codes=told)
    return words
