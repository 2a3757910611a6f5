"""A round remembers how it ended, a draft who published or withdrew it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a closed round came to; those closed before collected inputs or were closed without a word."""
    op.add_column("call_round", sa.Column("end", sa.Text(), nullable=True))
    op.execute("UPDATE call_round SET \"end\" = 'closed' WHERE closed_at IS NOT NULL")
    op.create_table(
        "draft_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["draft.code"], name=op.f("fk_draft_step_draft_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_step")),
    )
    op.create_index(op.f("ix_draft_step_draft"), "draft_step", ["draft"], unique=False)
