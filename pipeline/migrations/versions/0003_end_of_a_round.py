"""A round remembers how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a closed round came to; those closed before collected inputs or were closed without a word."""
    with op.batch_alter_table("call_round", recreate="always") as call_round:
        call_round.add_column(sa.Column("end", sa.Text(), nullable=True))
    op.execute("UPDATE call_round SET \"end\" = 'closed' WHERE closed_at IS NOT NULL")
