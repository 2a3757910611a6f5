"""One way of going through a set of redlines, alone in a process: `python -m bench.redline_ways WAY FOLDER COUNT`.

Prints one line of JSON: processor and wall seconds without the start of Python, peak bytes, and what came out.
"""

import importlib.util
import io
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: parts that hold text of the document; everything else a merge need not parse
MAIN_PARTS = re.compile(r"word/(document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml$")
DATE = datetime(2012, 11, 13, tzinfo=UTC)

#: how many versions are the late one in turn
LATE = 5

Found = dict[str, Any]


class Watch:
    """Adds up what the blocks under it take."""

    def __init__(self) -> None:
        #: processor seconds of this process and of the children it has waited for: others on the machine cost us none
        self.processor = 0.0
        #: seconds of the clock on the wall
        self.wall = 0.0

    def __enter__(self) -> None:
        self.processor -= _spent()
        self.wall -= time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.processor += _spent()
        self.wall += time.perf_counter()


def _spent() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


@dataclass(frozen=True, slots=True)
class Known:
    """What a process remembers of the files it has merged."""

    texts: dict[str, Any] = field(default_factory=dict)
    changes: dict[tuple[str, str], Any] = field(default_factory=dict)
    stretches: dict[str, str] = field(default_factory=dict)


def list_versions(folder: Path, count: int) -> list[Path]:
    """The first so many versions in a folder: everything but the base."""
    return [path for path in sorted(folder.glob("*.docx")) if path.name != "base.docx"][:count]


def _read(folder: Path, count: int) -> tuple[bytes, list[bytes]]:
    return (folder / "base.docx").read_bytes(), [path.read_bytes() for path in list_versions(folder, count)]


def bare(folder: Path, count: int, watch: Watch) -> Found:
    """Unzip and parse the main parts of every file and drop them: no way with lxml can be faster."""
    from lxml import etree

    base, versions = _read(folder, count)
    with watch:
        for content in [base, *versions]:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    if MAIN_PARTS.match(name):
                        etree.fromstring(archive.read(name))
    return {}


def ours(folder: Path, count: int, watch: Watch) -> Found:
    """Everything from the bytes of the files to the bytes of the consolidated draft, in one process."""
    from pipeline.redline.api import consolidate, gather, merge, read_changes, read_text

    docx, versions = _read(folder, count)
    with watch:
        base = read_text(docx)
        found = gather((f"AG{place:03}", read_changes(content, base)) for place, content in enumerate(versions))
        merged = merge(base, list(found.proposals.values()))
        written = consolidate(docx, merged, found.proposals, found.sources, secretariat="Secretariat", date=DATE)
    original = [story.text for story in read_text(written.docx).stories] == [story.text for story in base.stories]
    return {
        "changes": len(found.proposals),
        "conflicts": len(merged.conflicts),
        "rejecting everything gives the base": original,
    }


def late(folder: Path, count: int, watch: Watch) -> Found:
    """One version comes to a process that has merged all others and remembers them; five versions, each in turn.

    One in five comes without marks, which costs twice as much to read.
    """
    docx, versions = _read(folder, count)
    for _ in range(LATE):
        versions = [*versions[1:], versions[0]]
        known = Known()
        _merge(docx, versions[:-1], known)
        with watch:
            _merge(docx, versions, known)
    return {}


def _merge(docx: bytes, versions: list[bytes], known: Known) -> None:
    from pipeline.redline.api import consolidate, gather, merge, read_changes, read_text

    base = read_text(docx, known.texts)
    found = gather((f"AG{place:03}", read_changes(one, base, known.changes)) for place, one in enumerate(versions))
    merged = merge(base, list(found.proposals.values()))
    given = (docx, merged, found.proposals, found.sources)
    consolidate(*given, secretariat="Secretariat", date=DATE, known=known.stretches)


def command(folder: Path, count: int, watch: Watch) -> Found:
    """`penholder merge` as a person calls it: start of Python, child processes and the writing of the file included."""
    versions = [f"AG{place:03}={path}" for place, path in enumerate(list_versions(folder, count))]
    code = "from pipeline.cli import main; main()"
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as target:
        files = [str(folder / "base.docx"), *versions, "-o", f"{target}/out.docx"]
        with watch:
            subprocess.run([sys.executable, "-c", code, "merge", *files], check=True, capture_output=True)
    return {}


def scalpel(folder: Path, count: int, watch: Watch) -> Found:
    """docx-scalpel, the one library that merges more than two; the start of its .NET host is not counted.

    Its work is done by that host, so only the clock on the wall says how long it takes.
    """
    module: Any = importlib.import_module("docx_scalpel")
    docx, versions = _read(folder, count)
    module.docx_diff_compare(docx, docx)
    with watch:
        reviewers = [module.DocxDiffReviewer(content, f"AG{place:03}") for place, content in enumerate(versions)]
        module.docx_diff_consolidate(docx, reviewers)
    return {}


#: name on the command line -> the way
WAYS: dict[str, Callable[[Path, int, Watch], Found]] = {
    "bare": bare,
    "ours": ours,
    "late": late,
    "command": command,
    "scalpel": scalpel,
}


def has_peer() -> bool:
    """Whether docx-scalpel is installed here."""
    return importlib.util.find_spec("docx_scalpel") is not None


def _peak() -> int:
    """The most bytes this process or a child of it ever held."""
    children = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # what getrusage says of this process begins with the size of its parent; this does not
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return max(children, 1024 * int(found[1]) if found else 0)


def main(way: str, folder: Path, count: int) -> None:
    """Go one way and print what it took."""
    watch = Watch()
    found = WAYS[way](folder, count, watch)
    times = LATE if way == "late" else 1
    seconds = {"seconds": watch.processor / times, "wall": watch.wall / times}
    print(json.dumps({**seconds, "memory": _peak(), "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
