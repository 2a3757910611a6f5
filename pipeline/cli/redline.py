"""`penholder merge`: the redline merge alone, on files; no mailbox, no database."""

from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.errors import UsageError

PathType = click.Path(path_type=Path)


@click.command()
@click.argument("base", type=PathType)
@click.argument("versions", nargs=-1, required=True, metavar="OWNER=FILE...")
@click.option("-o", "--out", type=PathType, required=True, help="The consolidated draft to write (.docx).")
@click.option("--ledger", type=PathType, help="Also write every change as JSON.")
@click.option("--dry-run", is_flag=True, help="Say what would be merged; write nothing.")
def merge(base: Path, versions: tuple[str, ...], out: Path, ledger: Path | None, dry_run: bool) -> None:
    """Merge the redlines of several owners on one BASE.

    \b
    penholder merge draft.docx UNICEF=a.docx WHO=b.docx -o merged.docx --ledger changes.json
    """
    from pipeline.redline.merge import merge as hold_together
    from pipeline.redline.model import Proposal
    from pipeline.redline.read import read_changes, read_text
    from pipeline.redline.write import consolidate

    docx = _read(base)
    text = read_text(docx)
    proposals: dict[str, Proposal] = {}
    sources: dict[str, str] = {}
    for owner, file in (_split(version) for version in versions):
        found = read_changes(_read(file), text)
        for change in found.changes:
            key = f"{len(proposals) + 1:06d}"
            proposals[key] = Proposal(key=key, owner=owner, change=change)
            sources[key] = found.source
        for warning in found.warnings:
            click.echo(f"{file}: {warning}", err=True)
    merged = hold_together(text, tuple(proposals.values()))
    if not dry_run:
        dates = (one.change.date for one in proposals.values() if one.change.date)
        date = max(dates, default=datetime(1980, 1, 1, tzinfo=UTC))
        written = consolidate(docx, merged, proposals, sources, secretariat="Secretariat", date=date)
        out.write_bytes(written.docx)
        if ledger is not None:
            ledger.write_text(written.ledger, encoding="utf-8")
    click.echo(f"{len(proposals)} changes, {len(merged.conflicts)} conflicts.", err=True)


def _split(version: str) -> tuple[str, Path]:
    owner, equals, file = version.partition("=")
    if not equals or not owner or not file:
        raise UsageError(f"{version!r}: write OWNER=FILE, as in UNICEF=comments.docx.")
    return owner, Path(file)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from None
