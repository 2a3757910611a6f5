"""The group as we know it: who its members are, which addresses reach them, who gets receipts."""

from flask import Blueprint, render_template

from admin.page import office
from pipeline.adapters import store

blueprint = Blueprint("roster", __name__)


@blueprint.get("/roster")
def show() -> str:
    """Every agency with its addresses; those that bounce are marked."""
    with office().database.read() as db:
        roster = store.rosters.get_roster(db)
        off = {agency for draft, agency in store.receipts.list_off(db) if draft == store.receipts.ALL}
    bounced = tuple(
        (agency, contact) for agency in roster.agencies for contact in agency.contacts if contact.bounced_at is not None
    )
    return render_template("roster/show.html", roster=roster, bounced=bounced, off=off)
