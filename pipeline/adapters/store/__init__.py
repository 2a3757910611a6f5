"""Everything that is kept, in one database: read and written by these modules, one for each noun.

Every function takes the open transaction first, and takes and returns the frozen nouns of `pipeline.core.model` and
`pipeline.redline.model`. See: docs/analysis/storage.md.
"""

from pipeline.adapters.store import (
    audit,
    checks,
    drafts,
    export,
    messages,
    news,
    outbox,
    proposals,
    rosters,
    rounds,
    users,
    writers,
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
    "audit",
    "checks",
    "drafts",
    "export",
    "messages",
    "news",
    "open_database",
    "outbox",
    "proposals",
    "rosters",
    "rounds",
    "users",
    "writers",
]
