"""The mailbox on a server that gives the answers real servers give on bad days."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from pipeline.adapters.imap import ImapMailbox, MailboxSettings
from pipeline.errors import ConfigurationError, UnavailableError


class ScriptedImap:
    """A server with a few messages. It refuses to fetch some, and cuts the line at or answers as told to commands."""

    def __init__(
        self, mails: dict[int, bytes], *, unreadable: tuple[int, ...] = (), answers: dict[str, str | None] | None = None
    ) -> None:
        """Listen at once. `answers` are tagged answers by command; None cuts the line."""
        self._mails = mails
        self._unreadable = unreadable
        self._answers = answers or {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self.seen: list[str] = []
        self.settings = MailboxSettings(
            host="127.0.0.1",
            port=int(self._listener.getsockname()[1]),
            user="u",
            password="p",
            tls="none",
            timeout=5.0,
            poll_interval=0.01,
        )

    def __enter__(self) -> "ScriptedImap":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                with line, line.makefile("rb") as lines, contextlib.suppress(OSError):
                    line.sendall(b"* OK ready\r\n")
                    self._talk(line, iter(lines))

    def _talk(self, line: socket.socket, lines: Iterator[bytes]) -> None:
        for text in lines:
            tag, _, command = text.decode().strip().partition(" ")
            word = re.sub(r"^UID ", "", command.upper()).split()[0]
            self.seen.append(word)
            answer = self._answers.get(word, "OK done")
            if answer is None:
                return
            told = b"".join(self._untagged(word, command)) if answer.startswith("OK") else b""
            if word == "FETCH" and self._names_unreadable(command):
                answer = "NO [SERVERBUG] message cannot be rendered"
            line.sendall(told + f"{tag} {answer}\r\n".encode())
            if word == "LOGOUT":
                return

    def _names_unreadable(self, command: str) -> bool:
        return "BODY" in command and any(uid in self._unreadable for uid in _read_uids(command))

    def _untagged(self, word: str, command: str) -> Iterator[bytes]:
        if word == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1 IDLE\r\n"
        elif word == "EXAMINE":
            yield b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\n" % len(self._mails)
        elif word == "SEARCH":
            among = self._mails if command.endswith(":*") else _read_uids(command)
            yield ("* SEARCH " + " ".join(map(str, among)) + "\r\n").encode()
        elif word == "FETCH":
            for uid in _read_uids(command):
                if uid not in self._unreadable or "BODY" not in command:
                    yield self._fetched(uid, command)

    def _fetched(self, uid: int, command: str) -> bytes:
        raw = self._mails[uid]
        if raw == b"NIL" and "BODY" in command:
            return b"* %d FETCH (UID %d INTERNALDATE NIL BODY[] NIL)\r\n" % (uid, uid)
        if "BODY" not in command:
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, len(raw))
        date = b'"31-Oct-2012 17:00:00 +0000"'
        return b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n%s)\r\n" % (uid, uid, date, len(raw), raw)


def _read_uids(command: str) -> list[int]:
    names = command.split()[3 if "SEARCH" in command else 2]
    bounds = [part.partition(":") for part in names.split(",")]
    return [uid for first, _, last in bounds for uid in range(int(first), int(last or first) + 1)]


MAILS = {1: b"Subject: 1\r\n\r\n", 2: b"Subject: 2\r\n\r\n", 3: b"Subject: 3\r\n\r\n"}


def test_message_the_server_cannot_serve_is_told_of_and_the_others_come() -> None:
    with ScriptedImap(MAILS, unreadable=(2,)) as server, ImapMailbox(server.settings) as mailbox:
        (batch,) = mailbox.new_messages(None)
    assert [message.uid for message in batch.messages] == [1, 3]
    (left,) = batch.unfetched
    assert (left.uid, left.uid_validity) == (2, 7)
    assert "message cannot be rendered" in left.reason
    assert batch.cursor == (7, 3)


def test_message_the_server_sends_nothing_for_is_told_of() -> None:
    mails = {**MAILS, 2: b"NIL"}
    with ScriptedImap(mails) as server, ImapMailbox(server.settings) as mailbox:
        (batch,) = mailbox.new_messages(None)
    assert [message.uid for message in batch.messages] == [1, 3]
    assert [(left.uid, left.reason) for left in batch.unfetched] == [
        (2, "the server lists it and sends nothing for it")
    ]


def test_server_that_drops_the_line_on_idle_is_looked_at_from_time_to_time() -> None:
    with ScriptedImap(MAILS, answers={"IDLE": None}) as server, ImapMailbox(server.settings) as mailbox:
        assert len(list(mailbox.new_messages(None))) == 1
        assert mailbox.wait(0.2) is False
        assert server.seen.count("IDLE") == 1
        assert server.seen.count("EXAMINE") == 2
        assert server.seen.count("SEARCH") > 3


@pytest.mark.parametrize(
    ("answers", "error", "words"),
    [
        ({"LOGIN": "NO [AUTHENTICATIONFAILED] wrong"}, ConfigurationError, "user name or password of u"),
        ({"LOGIN": "NO [UNAVAILABLE] directory is down"}, UnavailableError, "cannot log anybody in now"),
        ({"LOGIN": None}, UnavailableError, "cannot log anybody in now"),
        ({"EXAMINE": "NO no such folder"}, ConfigurationError, "does not open the folder 'INBOX'"),
        ({"EXAMINE": None}, UnavailableError, "is lost"),
        ({"SEARCH": "NO busy"}, UnavailableError, "refuses"),
        ({"NOOP": None}, UnavailableError, "is lost"),
        ({"FETCH": None}, UnavailableError, "is lost"),
    ],
)
def test_every_bad_answer_ends_in_a_sentence(
    answers: dict[str, str | None], error: type[Exception], words: str
) -> None:
    with (
        ScriptedImap(MAILS, answers=answers) as server,
        pytest.raises(error, match=words),
        ImapMailbox(server.settings) as mailbox,
    ):
        list(mailbox.new_messages(None))
