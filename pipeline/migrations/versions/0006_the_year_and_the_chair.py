"""The work plan, what was decided for when, whose accounts there are, and a stop for all sending."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables for the year and the chair; the roster names its incoming chair as a list."""
    op.create_table(
        "sending_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sending_stop_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_stop")),
    )
    op.create_table(
        "planned_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_draft")),
        sa.UniqueConstraint("code", name=op.f("uq_planned_draft_code")),
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("number", name=op.f("uq_mandate_number")),
    )
    with op.batch_alter_table("account", recreate="always") as account:
        account.add_column(sa.Column("member", sa.Text(), nullable=False, server_default=""))
        account.add_column(sa.Column("session", sa.Integer(), nullable=False, server_default="0"))
    _list_incoming_chairs()


def _list_incoming_chairs() -> None:
    roster = sa.table("roster", sa.column("content", sa.Text()))
    for content in op.get_bind().execute(sa.select(roster.c.content)).scalars().all():
        values = json.loads(content)
        if isinstance(values.get("incoming_chair"), str):
            values["incoming_chair"] = [values["incoming_chair"]]
            op.execute(roster.update().values(content=json.dumps(values, separators=(",", ":"))))
