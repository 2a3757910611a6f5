"""Everything that is kept, in one database: read and written by these modules, one for each noun.

Every function takes the open transaction first, and takes and returns the frozen nouns of `pipeline.core.model` and
`pipeline.redline.model`. See: docs/analysis/storage.md.
"""

from pipeline.adapters.store import (
    absences,
    audit,
    checks,
    drafts,
    messages,
    news,
    outbox,
    proposals,
    receipts,
    rosters,
    rounds,
    sending,
    switches,
    travel,
    users,
    writers,
    year,
)
from pipeline.adapters.store.database import Database, Db, open_database
from pipeline.adapters.store.messages import Recorded
from pipeline.adapters.store.proposals import StoredProposal
from pipeline.adapters.store.users import User

__all__ = [
    "Database",
    "Db",
    "Recorded",
    "StoredProposal",
    "User",
    "absences",
    "audit",
    "checks",
    "drafts",
    "messages",
    "news",
    "open_database",
    "outbox",
    "proposals",
    "receipts",
    "rosters",
    "rounds",
    "sending",
    "switches",
    "travel",
    "users",
    "writers",
    "year",
]
