"""Each round has a ladder of reminders of its own; the digest to the chair can be switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds without a row keep the usual ladder and send by themselves; a switch without a row is on."""
    op.create_table(
        "reminding",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("ask_first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["call_round.id"], name=op.f("fk_reminding_round_id_call_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_reminding")),
    )
    op.create_table(
        "switch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switch")),
    )
