"""One message may serve several rounds, and carry changes made by people of other agencies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds besides the main one, a person's word that there are none, and the names people write under."""
    op.create_table(
        "other_round",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_other_round_message_id_message")),
        sa.ForeignKeyConstraint(["round_id"], ["call_round.id"], name=op.f("fk_other_round_round_id_call_round")),
        sa.ForeignKeyConstraint(["superseded_by"], ["message.id"], name=op.f("fk_other_round_superseded_by_message")),
        sa.PrimaryKeyConstraint("message_id", "round_id", name=op.f("pk_other_round")),
    )
    op.create_index(op.f("ix_other_round_round_id"), "other_round", ["round_id"], unique=False)
    op.create_table(
        "writer",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "agency", name=op.f("pk_writer")),
    )
    with op.batch_alter_table("refiling", recreate="always") as refiling:
        refiling.add_column(sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
