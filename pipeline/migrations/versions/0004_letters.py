"""One receipt may name several messages, and receipts can be switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What each receipt is about, taken for older ones from their keys; and where none go out."""
    op.create_table(
        "receipt",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_receipt_message_id_message")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_receipt_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_outgoing_id"), "receipt", ["outgoing_id"], unique=False)
    op.create_table(
        "receipt_off",
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft", "agency", name=op.f("pk_receipt_off")),
    )
    op.execute(
        "INSERT INTO receipt (message_id, outgoing_id) "
        "SELECT message.id, MIN(outgoing.id) FROM outgoing "
        "JOIN message ON outgoing.key = 'acknowledgement:' || message.id "
        "WHERE outgoing.occasion = 'acknowledgement' GROUP BY message.id"
    )
