"""What comes out of merging sets of real redlines: judged by the corpus's own reading of the files, not by ours.

A set is a folder with `base.docx` and its versions beside it, or two files named as before and after.
"""

import importlib.util
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from bench.redline_ways import list_versions
from bench.soundness import find_faults, has_office, list_tools, list_unprintable
from pipeline.errors import UnreadableFileError, UsageError
from pipeline.redline.api import consolidate, gather, merge, read_changes, read_text
from pipeline.redline.write import Consolidated

DATE = datetime(2012, 11, 13, tzinfo=UTC)
#: what the name of a base ends with, where that of its version has the rest; {} is the number at the end
BASES = ("-Before{}", "-Before-{}", "-Before", "-Unmodified", "")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A base and the versions that are merged on it."""

    name: str
    base: Path
    versions: tuple[Path, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often each law held."""

    kept: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    #: (law, case) that did not hold
    broken: list[tuple[str, str]] = field(default_factory=list)

    def note(self, law: str, case: str, held: bool) -> None:
        """Count one trial."""
        self.of[law] += 1
        self.kept[law] += held
        if not held:
            self.broken.append((law, case))

    def describe(self) -> str:
        """The table for people, what did not hold below it."""
        lines = [f"{law:<62} {self.kept[law]:>5} of {self.of[law]}" for law in self.of]
        return "\n".join([*lines, *(f"  not held: {law}: {case}" for law, case in self.broken)])

    def to_lines(self) -> str:
        """The table as JSON lines."""
        return "\n".join(
            json.dumps({"law": law, "held": self.kept[law], "of": self.of[law]})
            + "".join("\n" + json.dumps({"law": law, "not held": case}) for one, case in self.broken if one == law)
            for law in self.of
        )


def find_cases(corpus: Path) -> list[Case]:
    """The sets below a folder. Raises: UsageError for none."""
    folders = sorted(path.parent for path in corpus.rglob("base.docx"))
    cases = [
        Case(name=one.name, base=one / "base.docx", versions=tuple(list_versions(one, 1000)))
        for one in folders
        if _was_split_exactly(one)
    ]
    cases += [
        Case(name=version.stem, base=base, versions=(version,))
        for version in sorted(corpus.rglob("*.docx"))
        if version.parent not in folders and (base := find_base(version))
    ]
    if not cases:
        raise UsageError(f"{corpus} holds no set: a folder with base.docx and its versions, or X-Before and X-After.")
    return cases


def _was_split_exactly(folder: Path) -> bool:
    meta = folder / "meta.json"
    return not meta.exists() or bool(json.loads(meta.read_text(encoding="utf-8")).get("resolver_exact", True))


def find_base(version: Path) -> Path | None:
    """The file beside a version that its name says it was made from; None when there is none."""
    words = version.stem.split("-")
    number = re.sub(r".*?(\d*)$", r"\1", version.stem)
    for size in range(len(words) - 1, 0, -1):
        for ending in BASES:
            path = version.with_name("-".join(words[:size]) + ending.format(number) + version.suffix)
            if path != version and path.exists():
                return path
    return None


def load_oracle(corpus: Path) -> Any:
    """The corpus's own reader, with `view(path, accept)`. Raises: UsageError when it has none."""
    path = next(
        (one / "tools/oracle.py" for one in (corpus, *corpus.parents) if (one / "tools/oracle.py").exists()), None
    )
    spec = None if path is None else importlib.util.spec_from_file_location("oracle", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{corpus} has no tools/oracle.py: nothing but our own reading could judge the results.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def merge_case(base: bytes, versions: Sequence[bytes], *, again: bool = False) -> Consolidated:
    """All versions on the base, owned by "A00", "A01" ...; `again` gives each twice. Raises: UnreadableFileError."""
    text = read_text(base)
    found = gather(
        (f"A{place:02}", read_changes(content, text))
        for place, content in enumerate(versions)
        for _ in range(1 + again)
    )
    merged = merge(text, list(found.proposals.values()))
    return consolidate(base, merged, found.proposals, found.sources, secretariat="Secretariat", date=DATE)


def judge(case: Case, oracle: Any, tally: Tally, target: Path) -> None:
    """Merge a set into `target` and note which laws hold."""
    base, versions = case.base.read_bytes(), [path.read_bytes() for path in case.versions]
    try:
        written = merge_case(base, versions)
    except UnreadableFileError as error:
        tally.note("P10 merged without an error", f"{case.name}: {error}", held=False)
        return
    target.write_bytes(written.docx)
    tally.note("P10 merged without an error", case.name, held=True)
    _judge_views(case, oracle, tally, target, json.loads(written.ledger))
    _judge_ledger(case, tally, target, json.loads(written.ledger))
    tally.note("P8 the same files give the same bytes", case.name, merge_case(base, versions).docx == written.docx)
    doubled = merge_case(base, versions, again=True)
    sizes = {len(json.loads(one.ledger)["changes"]) for one in (doubled, written)}
    tally.note("P5 a file that came twice adds no change", case.name, len(sizes) == 1)


def _judge_views(case: Case, oracle: Any, tally: Tally, merged: Path, ledger: dict[str, Any]) -> None:
    oracle.LEDGER.clear()
    wanted = [oracle.view(str(path), oracle.ALL) for path in case.versions]
    base = oracle.view(str(case.base), oracle.NONE)
    for change in ledger["changes"]:
        for number in change["revision_ids"]:
            oracle.LEDGER.setdefault(str(number), []).extend(change["owners"])
    tally.note("P1 rejecting everything gives the base", case.name, oracle.view(str(merged), oracle.NONE) == base)
    for place, one in enumerate(wanted):
        name = f"{case.name}, {case.versions[place].name}"
        held = oracle.view(str(merged), oracle.only(f"A{place:02}")) == one
        tally.note("P2 accepting one agency alone gives its version", name, held)


def _judge_ledger(case: Case, tally: Tally, merged: Path, ledger: dict[str, Any]) -> None:
    numbers = [number for change in ledger["changes"] for number in change["revision_ids"]]
    numbers += [number for annex in ledger.get("annexes", ()) for number in annex["revision_ids"]]
    found = set(_list_revisions(merged))
    tally.note("P3 every revision of the file is in the ledger", case.name, found == set(numbers))
    comments = Counter(text for path in case.versions for text in _list_comments(path))
    tally.note("P4 every comment is in the file", case.name, not comments - Counter(_list_comments(merged)))


def _list_revisions(path: Path) -> Iterator[int]:
    for _, root in _parts(path, r"word/(document\d*|footnotes|endnotes|header\d*|footer\d*)\.xml"):
        for one in root.iter():
            if one.get(_W + "author") and one.get(_W + "id"):
                yield int(one.get(_W + "id", ""))


def _list_comments(path: Path) -> Iterator[str]:
    """The words of each comment; those of one without any are left out."""
    for _, root in _parts(path, r"word/comments\.xml"):
        for comment in root.iter(_W + "comment"):
            if words := "".join(text.text or "" for text in comment.iter(_W + "t")).strip():
                yield words


def _parts(path: Path, names: str) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(names, name):
                yield name, etree.fromstring(archive.read(name))


def survive(corpus: Path, tally: Tally) -> None:
    """Merge every file of the corpus with itself: a refusal is a sentence, anything else a fault."""
    for path in sorted(corpus.rglob("*.docx")):
        content = path.read_bytes()
        try:
            merge_case(content, [content])
        except UnreadableFileError as error:
            tally.note("P10 every file is read or refused with a sentence", f"{path.name}: {error}", bool(str(error)))
        else:
            tally.note("P10 every file is read or refused with a sentence", path.name, held=True)


def judge_corpus(corpus: Path, folder: Path) -> Tally:
    """All laws on all sets; the merged files are put into `folder`. Raises: UsageError."""
    cases, oracle, tally = find_cases(corpus), load_oracle(corpus), Tally()
    merged = []
    for number, case in enumerate(cases):
        target = folder / f"{number:04}.docx"
        judge(case, oracle, tally, target)
        if target.exists():
            merged.append(target)
            faults = list(find_faults(target, [case.base, *case.versions]))
            tally.note(f"P9 sound for {list_tools()}", f"{case.name}: {'; '.join(faults)}", not faults)
    unprintable = list_unprintable(merged)
    for path in merged if has_office() else ():
        tally.note("P9 LibreOffice makes a PDF with pages of it", cases[int(path.stem)].name, path not in unprintable)
    survive(corpus, tally)
    return tally
