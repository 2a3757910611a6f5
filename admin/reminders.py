"""The reminders of one round: when, to whom, why not; where it asks first a person releases or skips each."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.page import office, user_name
from admin.phrases import gettext, ngettext
from pipeline.appoint import appoint
from pipeline.core.absence import is_stranger, list_deputies
from pipeline.core.model import Absence, MailState, Occasion, Roster
from pipeline.core.recipients import find_secretariat
from pipeline.core.rehearsal import Departure, RoundState, rehearse
from pipeline.digest import switch_digest
from pipeline.errors import UsageError
from pipeline.rehearse import read_round
from pipeline.remind import set_ladder, settle_held

blueprint = Blueprint("reminders", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy:
    """Somebody an out-of-office reply names, who may be added to the roster."""

    absence: Absence
    address: str
    #: the address belongs to no domain of the agency
    stranger: bool


@blueprint.get("/rounds/<int:round_id>/reminders")
def show(round_id: int) -> str:
    """The ladder, what waits for a release, who is away, and the rehearsal."""
    now = office().clock()
    try:
        state = read_round(office().database, round_id, now)
    except UsageError:
        abort(404)
    held = [sent for sent in state.waiting if sent.state is MailState.HELD and sent.mail.occasion is Occasion.REMINDER]
    return render_template(
        "reminders/show.html",
        state=state,
        held=sorted(held, key=lambda sent: sent.id),
        absences=[absence for absence in state.absences if absence.agency in _list_asked(state)],
        deputies=find_deputies(state.absences, state.roster),
        departures=rehearse(state, now),
        chair=find_secretariat(state.roster, now).to,
        step_of=_name_step,
    )


@blueprint.post("/rounds/<int:round_id>/reminders/ladder")
def change(round_id: int) -> Response:
    """Keep when the round reminds, and whether a person is asked first."""
    ladder = set_ladder(
        office().database,
        round_id,
        request.form.get("steps", ""),
        ask_first="ask_first" in request.form,
        by=user_name(),
        now=office().clock(),
    )
    flash(
        gettext("It reminds at %(steps)s.", steps=" ".join(ladder)) if ladder else gettext("It reminds nobody."), "done"
    )
    return redirect(url_for("reminders.show", round_id=round_id))


@blueprint.post("/rounds/<int:round_id>/reminders/held")
def settle(round_id: int) -> Response:
    """Release the chosen reminders, or skip them for good."""
    step = request.form.get("step")
    if step not in ("release", "skip"):
        abort(400)
    ids = request.form.getlist("mail", type=int)
    count = settle_held(office().database, round_id, ids, skip=step == "skip", by=user_name(), now=office().clock())
    released = ngettext("%(num)s reminder is released.", "%(num)s reminders are released.", count)
    skipped = ngettext("%(num)s reminder is skipped.", "%(num)s reminders are skipped.", count)
    flash(released if step == "release" else skipped, "done")
    return redirect(url_for("reminders.show", round_id=round_id))


@blueprint.post("/messages/<int:message_id>/deputy")
def add_deputy(message_id: int) -> Response:
    """Put the deputy an out-of-office reply names on the roster."""
    address = request.form.get("address", "")
    absence = appoint(office().database, message_id, address, by=user_name(), now=office().clock())
    words = gettext(
        "%(address)s gets copies for %(agency)s from now on. Put it into the roster file too.",
        address=address,
        agency=absence.agency,
    )
    flash(words, "done")
    return redirect(url_for("messages.show", message_id=message_id))


@blueprint.post("/digest")
def switch() -> Response:
    """Send the chair a digest each morning, or none."""
    on = request.form.get("digest") == "on"
    switch_digest(office().database, on, by=user_name(), now=office().clock())
    flash(gettext("The chair gets a digest each working morning.") if on else gettext("The digest is off."), "done")
    back = request.form.get("round", type=int)
    return redirect(url_for("reminders.show", round_id=back) if back else url_for("outgoing.show"))


def find_deputies(absences: tuple[Absence, ...], roster: Roster) -> tuple[Deputy, ...]:
    """Everybody who may be added with one step."""
    agencies = {agency.code: agency for agency in roster.agencies}
    return tuple(
        Deputy(absence=absence, address=address, stranger=is_stranger(address, agencies[absence.agency]))
        for absence in absences
        if absence.agency in agencies
        for address in list_deputies(absence, roster)
    )


def _list_asked(state: RoundState) -> set[str]:
    """Codes of the agencies the round asks, their bodies among them."""
    asked = {addressee.agency for addressee in state.round.addressees}
    return asked | {agency.code for agency in state.roster.agencies if agency.member in asked}


def _name_step(each: Departure) -> str:
    """What becomes of one mail: "skipped", "held" or "leaves"."""
    return "skipped" if each.skipped else "held" if each.held else "leaves"
