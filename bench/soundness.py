"""Whether merged files open and are sound: no class of finding that their inputs do not have."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
import ooxml_integrity
import pypandoc
from docx.opc.exceptions import OpcError
from lxml import etree

#: rows of a table that come or go are said by Word itself in a way the schema does not allow. See: ECMA-376-1 17.4.81
AS_WORD_WRITES = "Required sequence content is missing"
#: at most, for one call of another program
SECONDS = 280
#: files given to LibreOffice at a time
BATCH = 20


def list_tools() -> str:
    """What is asked here, in words."""
    audit = ["openxml-audit"] if shutil.which("openxml-audit") else []
    return ", ".join(["ooxml-integrity", "python-docx", "pandoc", *audit])


def has_office() -> bool:
    """Whether LibreOffice is installed here."""
    return shutil.which("soffice") is not None


def find_faults(merged: Path, inputs: Sequence[Path]) -> Iterator[str]:
    """What is wrong with a merged file, in words, and not with what it was made from."""
    known = {finding.code for path in inputs for finding in ooxml_integrity.check(str(path))}
    yield from (str(one) for one in ooxml_integrity.check(str(merged)) if one.code not in known)
    try:
        docx.Document(str(merged))
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError) as error:
        yield f"python-docx: {error!r}"
    yield from _read_by_pandoc(merged)
    found = set(_audit(merged)) if shutil.which("openxml-audit") else set[str]()
    if found:
        # two seconds a file: the inputs are asked only where there is something to ask about
        found -= {kind for path in inputs for kind in _audit(path)}
    yield from (f"openxml-audit: {kind}" for kind in sorted(found))


def _read_by_pandoc(path: Path) -> Iterator[str]:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "--track-changes=all", "-t", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        yield f"pandoc: {done.stderr.strip()}"


def _audit(path: Path) -> Iterator[str]:
    """The classes of findings of openxml-audit: what is said, without the names and numbers in it."""
    command = ["openxml-audit", "-o", "json", str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS).stdout
    for report in json.loads(printed or "[]"):
        for error in report["errors"]:
            kind = re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "_", error["description"])
            if kind != AS_WORD_WRITES:
                yield kind


def list_unprintable(merged: Sequence[Path]) -> list[Path]:
    """The files that LibreOffice makes no PDF with pages of; none where it is not installed."""
    if not has_office() or not merged:
        return []
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder:
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        for start in range(0, len(merged), BATCH):
            files = map(str, merged[start : start + BATCH])
            subprocess.run([*command, *files], capture_output=True, check=False, timeout=SECONDS)
        return [path for path in merged if not _has_pages(Path(folder) / f"{path.stem}.pdf")]


def _has_pages(path: Path) -> bool:
    return path.exists() and re.search(rb"/Type\s*/Page\b", path.read_bytes()) is not None
