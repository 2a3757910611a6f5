"""Our record of each message: the way in, what is read of it, and what is decided about it."""

from pipeline.adapters.store.inbox import (
    count_attention,
    count_by_place,
    count_messages,
    find_message,
    find_same,
    get_message,
    list_filings,
    list_messages,
)
from pipeline.adapters.store.intake import (
    Recorded,
    get_cursor,
    get_raw,
    last_poll,
    list_unrecognised,
    note_attempt,
    note_poll,
    record,
    record_batch,
    set_cursor,
)
from pipeline.adapters.store.judgement import (
    close_attention,
    refile,
    revive_message,
    save_recognition,
    supersede_message,
)

__all__ = [
    "Recorded",
    "close_attention",
    "count_attention",
    "count_by_place",
    "count_messages",
    "find_message",
    "find_same",
    "get_cursor",
    "get_message",
    "get_raw",
    "last_poll",
    "list_filings",
    "list_messages",
    "list_unrecognised",
    "note_attempt",
    "note_poll",
    "record",
    "record_batch",
    "refile",
    "revive_message",
    "save_recognition",
    "set_cursor",
    "supersede_message",
]
