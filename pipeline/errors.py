"""Every error the product raises on purpose. The text of each says what to do next."""


class PenholderError(Exception):
    """Something a person can put right. The text is shown to that person as it is."""

    #: process exit code of the command line, after sysexits.h
    exit_code = 70


class ConfigurationError(PenholderError):
    """A setting is missing or wrong."""

    exit_code = 78


class UsageError(PenholderError):
    """The request itself cannot be carried out as asked: an unknown draft, a deadline in the past."""

    exit_code = 65


class UnavailableError(PenholderError):
    """A server cannot be reached or refuses: try again later."""

    exit_code = 69


class StoreError(PenholderError):
    """The database cannot be read or written."""

    exit_code = 74


class UnreadableFileError(PenholderError):
    """A file is not what its name says, or cannot be opened: encrypted, truncated, hostile."""

    exit_code = 65

    def __init__(self, reason: str, message: str) -> None:
        """Keep `reason`, one word of `core.model.Unreadable`, beside the sentence for people."""
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type["UnreadableFileError"], tuple[str, str]]:
        """How it crosses from the child process that read the file."""
        return type(self), (self.reason, str(self))


class MailTooComplexError(PenholderError):
    """A message exceeds the limits on size, depth or count that are checked before any parser sees it."""

    exit_code = 65


class SandboxError(PenholderError):
    """The child process that reads hostile input died, ran out of memory or out of time."""

    exit_code = 75
