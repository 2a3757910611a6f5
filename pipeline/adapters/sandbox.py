"""Child processes for reading hostile files: limited in memory, time and reach. See: docs/analysis/isolation.md."""

import math
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool
from pebble.common.process import process_execute
from pebble.common.types import ResultStatus

from pipeline.adapters import pandoc
from pipeline.adapters.allocation import return_large_blocks
from pipeline.adapters.crossing import lend_large, take_lent
from pipeline.errors import PenholderError, SandboxError

T = TypeVar("T")
Item = TypeVar("Item")

#: bytes of address space a child may take
MEMORY = 1_500_000_000
#: bytes of the largest file a child may write
FILE_SIZE = 64_000_000
#: seconds of processor time a call may take
SECONDS = 30.0
#: so many times as long it may take by the clock: a busy machine makes no file guilty
PATIENCE = 4
#: seconds after which a pool that neither answers nor times out is given up
_GRACE = 20.0

#: what a reader of files never needs: it would be the document speaking
_FORBIDDEN_EVENTS = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
        "os.forkpty",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.link",
        "os.symlink",
        "os.truncate",
        "os.chmod",
        "os.chown",
    }
)
#: what a pool raises that cannot go on
_BROKEN = (BrokenProcessPool, RuntimeError)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Sandbox:
    """A few warm child processes that run functions on hostile input. A context manager; safe to share by threads.

    The children come from a fork server, never from a fork of this process: no thread here leaves a lock locked there.
    """

    def __init__(self, *, workers: int = 1, memory: int = MEMORY, preload: Sequence[str] = ()) -> None:
        """Keep the settings; children start with the first call. `preload` names modules they find already imported."""
        return_large_blocks()
        self._workers = workers
        self._memory = memory
        self._preload = tuple(preload)
        self._pool: Any = None
        self._lock = threading.Lock()
        # Never more calls under way than children: then the time of a call starts at once.
        self._seats = threading.BoundedSemaphore(workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, function: Callable[..., T], *args: object, seconds: float = SECONDS) -> T:
        """What `function(*args)` returns, run in a child. It is a function of module level; all values can be pickled.

        Raises: whatever PenholderError the function raises; SandboxError when it raises anything else, crashes, or
        needs more memory, more than `seconds` of processor time, or PATIENCE times as long by the clock.
        """
        with self._seats, lend_large(args) as given:
            try:
                return self._try(function, given, seconds)
            except _BROKEN:
                # A child that dies before it could say that it has begun breaks the pool, also under other calls.
                return self._try_again(function, given, seconds)

    def _try_again(self, function: Callable[..., T], args: tuple[object, ...], seconds: float) -> T:
        try:
            return self._try(function, args, seconds)
        except _BROKEN as error:
            raise SandboxError(f"The reader crashed on this file ({error}).") from error

    def _try(self, function: Callable[..., T], args: tuple[object, ...], seconds: float) -> T:
        """Raises: as `call`, and one of _BROKEN when the pool has to be made anew; it is discarded then."""
        pool = self._get_pool()
        try:
            future = pool.schedule(_run, args=(function, args, seconds), timeout=PATIENCE * seconds)
            result: T = future.result(timeout=PATIENCE * seconds + _GRACE)
        except TimeoutError as error:
            if not future.done():
                self._discard(pool)
            raise SandboxError(_say_too_long(seconds)) from error
        except ProcessExpired as error:
            if error.exitcode == -signal.SIGXCPU:
                raise SandboxError(_say_too_long(seconds)) from error
            raise SandboxError(f"The reader crashed on this file (exit code {error.exitcode}).") from error
        except _BROKEN:
            self._discard(pool)
            raise
        return result

    def map(
        self, function: Callable[..., T], items: Iterable[object], *, seconds: float = SECONDS
    ) -> Iterator[T | PenholderError]:
        """For each item in order, what `function(item)` returns or the error it ended with; all children at work."""
        yield from map_in_order(lambda item: self._outcome(function, item, seconds), items, self._workers)

    def close(self) -> None:
        """Stop the children. A later call starts new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            _stop(pool)

    def _outcome(self, function: Callable[..., T], item: object, seconds: float) -> T | PenholderError:
        try:
            return self.call(function, item, seconds=seconds)
        except PenholderError as error:
            return error

    def _get_pool(self) -> Any:
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("forkserver")
                # One server for the whole process: what it has imported when it starts, every child has.
                context.set_forkserver_preload([__name__, *self._preload])
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    initializer=_enclose,
                    initargs=(self._memory, pandoc.find_program()),
                    context=context,
                )
            return self._pool

    def _discard(self, pool: Any) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        _stop(pool)


def map_in_order(function: Callable[[Item], T], items: Iterable[Item], threads: int) -> Iterator[T]:
    """What the function returns for each item in order, several at a time; few items are taken before they are due."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        waiting: deque[Future[T]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 4 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _say_too_long(seconds: float) -> str:
    return f"Reading took longer than {seconds:g} seconds and was stopped."


def _stop(pool: Any) -> None:
    pool.stop()
    pool.join()


# --- In the child -------------------------------------------------------------------------------------------------


def _enclose(memory: int, program: str | None) -> None:
    """Limit this process for good; `program` is the only one it may start, within the same limits."""
    # Passwords live in the environment; nothing here needs them.
    path = os.environ.get("PATH", os.defpath)
    os.environ.clear()
    os.environ["PATH"] = path
    sys.dont_write_bytecode = True
    return_large_blocks()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    socket.setdefaulttimeout(1.0)
    sys.addaudithook(partial(_refuse, program))


def _refuse(program: str | None, event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        forbidden = _writes(*args)
    elif event == "subprocess.Popen":
        forbidden = program is None or args[0] != program
    else:
        forbidden = event in _FORBIDDEN_EVENTS
    if forbidden:
        raise SandboxError(f"The file tried to reach outside ({event}); it was not read.")


def _writes(path: object, mode: object, flags: int) -> bool:
    """Whether a file would be opened for writing by its name; pipes to this process are open already."""
    return bool(flags & _WRITING) and not isinstance(path, int) and path != os.devnull


def _run(function: Callable[..., T], args: tuple[object, ...], seconds: float) -> T:
    """The function's result. Raises: PenholderError only, so that whatever is raised here can be raised again there."""
    _limit_cpu(seconds)
    result = process_execute(function, *take_lent(args))
    if result.status is ResultStatus.SUCCESS:
        value: T = result.value
        return value
    error = result.value.exception
    if isinstance(error, PenholderError):
        raise error
    if isinstance(error, MemoryError):
        raise SandboxError("Reading needs more memory than is allowed; the file is too large or built to exhaust it.")
    failed = SandboxError(f"The reader failed on this file ({type(error).__name__}: {error}).")
    failed.add_note(result.value.traceback)
    raise failed


def _limit_cpu(seconds: float) -> None:
    """Die of SIGXCPU after so much more work, even when nobody is left to stop us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    # what the next call brings is taken in before it renews the limit
    soft = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
