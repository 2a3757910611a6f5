"""The mailbox the secretariat's mail arrives in, read over IMAP. Decides nothing. See: docs/analysis/imap.md."""

from pipeline.adapters.imap.connect import MailboxSettings
from pipeline.adapters.imap.mailbox import ImapMailbox
from pipeline.adapters.imap.records import Batch, Cursor, Survey, Unfetched, plan_batches

__all__ = ["Batch", "Cursor", "ImapMailbox", "MailboxSettings", "Survey", "Unfetched", "plan_batches"]
