"""Children that misbehave in every way, and the next call that works."""

import os
import platform
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.adapters.pandoc import convert_to_docx
from pipeline.adapters.sandbox import Sandbox
from pipeline.errors import SandboxError, UnreadableFileError, UsageError

# --- What the children run ------------------------------------------------------------------------------------------


def double(value: int) -> int:
    return 2 * value


def abort() -> None:
    os.abort()


def leave() -> None:
    os._exit(0)


def loop() -> None:
    while True:
        pass


def wait() -> None:
    threading.Event().wait()


def backtrack() -> object:
    # One call into C that never comes back on its own.
    return re.match(r"(a|a)+$", "a" * 60 + "b")


def allocate() -> int:
    return len(bytearray(8_000_000_000))


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1)


def write(path: str) -> None:
    with open(path, "wb") as file:
        file.write(b"x")


def write_by_number(path: str) -> None:
    os.open(path, os.O_RDWR | os.O_CREAT)


def remove(path: str) -> None:
    os.remove(path)


def make_folder(path: str) -> None:
    os.mkdir(f"{path}.d")


class Stubborn(Exception):
    """Can be pickled, and not be made again from the pickle."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__("only one")


def raise_stubborn() -> None:
    raise Stubborn("one", "two")


def refuse_file() -> None:
    raise UnreadableFileError("encrypted", "The file opens only with a password.")


def refuse_use() -> None:
    raise UsageError("There is no draft XYZ.")


def read_secret() -> str | None:
    return os.environ.get("PENHOLDER_TEST_SECRET")


def connect() -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def look_up() -> None:
    urllib.request.urlopen("http://penholder.example/logo.png", timeout=1)


def run_command() -> None:
    subprocess.run(["true"], check=True)


def name_process() -> int:
    return os.getpid()


def take_and_free() -> int:
    """Bytes this process still holds after it freed large blocks, all but the last one."""
    # after a block of this size was freed, glibc would keep smaller ones
    del (blocks := [bytearray(30_000_000)])[:]
    blocks += [bytearray(b"x") * 1_000_000 for _ in range(200)]
    del blocks[:-1]
    return resident()


def resident() -> int:
    """Bytes of this process in memory. Linux only."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# --- The laws ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox


def test_a_call_gives_what_the_function_returns(sandbox: Sandbox) -> None:
    assert sandbox.call(double, 21) == 42


def test_the_child_stays_warm(sandbox: Sandbox) -> None:
    first, second = sandbox.call(name_process), sandbox.call(name_process)
    assert first == second != os.getpid()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (abort, "crashed"),
        (loop, "longer than 0.5 seconds"),
        (wait, "longer than 0.5 seconds"),
        (backtrack, "longer than 0.5 seconds"),
        (allocate, "more memory than is allowed"),
        (recurse, "RecursionError"),
        (raise_stubborn, "Stubborn: only one"),
        (connect, r"tried to reach outside \(socket"),
        (look_up, r"tried to reach outside \(socket"),
        (run_command, r"tried to reach outside \(subprocess"),
    ],
)
def test_misbehaviour_ends_in_a_sentence_and_the_next_call_works(
    sandbox: Sandbox, function: Callable[[], object], words: str
) -> None:
    with pytest.raises(SandboxError, match=words):
        sandbox.call(function, seconds=0.5)
    assert sandbox.call(double, 2) == 4


def test_a_child_killed_between_two_calls_costs_no_call(sandbox: Sandbox) -> None:
    for _ in range(3):
        os.kill(sandbox.call(name_process), signal.SIGKILL)
        assert sandbox.call(double, 2) == 4


def test_our_own_errors_pass_with_all_they_carry(sandbox: Sandbox) -> None:
    with pytest.raises(UnreadableFileError, match="only with a password") as caught:
        sandbox.call(refuse_file)
    assert caught.value.reason == "encrypted"
    with pytest.raises(UsageError, match="There is no draft XYZ"):
        sandbox.call(refuse_use)


def test_the_place_of_a_failure_is_kept_for_the_log(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError) as caught:
        sandbox.call(recurse)
    assert "in recurse" in caught.value.__notes__[0]


@pytest.mark.parametrize("function", [write, write_by_number, remove, make_folder])
def test_no_child_changes_a_file(sandbox: Sandbox, tmp_path: Path, function: Callable[[str], None]) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"kept")
    with pytest.raises(SandboxError, match=r"tried to reach outside \((open|os\.)"):
        sandbox.call(function, str(kept))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("kept", b"kept")]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="gives memory back in its own way: not glibc")
def test_what_a_large_file_took_is_given_back(sandbox: Sandbox) -> None:
    before = sandbox.call(resident)
    assert sandbox.call(take_and_free) - before < 20_000_000


def test_the_environment_and_its_secrets_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENHOLDER_TEST_SECRET", "secret")
    with Sandbox() as sandbox:
        assert sandbox.call(read_secret) is None


def test_pandoc_is_the_one_program_a_child_may_start(sandbox: Sandbox) -> None:
    assert sandbox.call(convert_to_docx, rb"{\rtf1 Text.}", "rtf").startswith(b"PK")
    with pytest.raises(UnreadableFileError):
        sandbox.call(convert_to_docx, b"no archive", "odt")


def test_map_keeps_the_order_and_gives_errors_as_values(sandbox: Sandbox) -> None:
    one, broken, three = sandbox.map(double, [1, None, 3])
    assert (one, three) == (2, 6)
    assert isinstance(broken, SandboxError)


def test_many_threads_share_the_children_and_crashes_hit_only_their_own_call() -> None:
    def ask(number: int) -> int | None:
        if number % 4 == 0:
            with pytest.raises(SandboxError):
                sandbox.call(abort)
            return None
        return sandbox.call(double, number)

    with Sandbox(workers=2) as sandbox, ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, range(12)))
    assert answers == [None if number % 4 == 0 else 2 * number for number in range(12)]


def test_a_lock_held_by_a_thread_here_does_not_stop_a_child() -> None:
    # A fork of this process would inherit the import lock as it is.
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with _lock:
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    with Sandbox() as sandbox:
        assert sandbox.call(take_lock) is True
    done.set()
    holder.join()


_lock = threading.Lock()


def take_lock() -> bool:
    return _lock.acquire(timeout=5)


def test_a_closed_sandbox_opens_again() -> None:
    sandbox = Sandbox()
    assert sandbox.call(double, 1) == 2
    sandbox.close()
    sandbox.close()
    assert sandbox.call(double, 2) == 4
    sandbox.close()


def test_a_pool_that_no_longer_answers_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.adapters.sandbox._GRACE", 0.2)
    with Sandbox() as sandbox:
        assert sandbox.call(double, 1) == 2
        # The child leaves as if its work were done: nobody is left to answer, and nobody says so.
        with pytest.raises(SandboxError):
            sandbox.call(leave, seconds=0.1)
        assert sandbox.call(double, 2) == 4
