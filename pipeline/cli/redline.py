"""Redlines on files alone: `merge`, `compare`, `changes` and `revise`; no mailbox, no database. See: docs/ledger.md."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.redline.gather import Gathered
    from pipeline.redline.kept import KnownStretches
    from pipeline.redline.model import ChangeSet, Merge

DOCX, JSON, MATRIX = (".docx",), (".json",), (".xlsx", ".docx")


def _path(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """Checks the end of the name of a result."""

    def check(ctx: click.Context, option: click.Parameter, value: Path | None) -> Path | None:
        from pipeline.cli.files import require_suffix

        return require_suffix(ctx, option, value, *endings)

    return check


PathType = click.Path(path_type=Path)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
STATUS = click.option(
    "--status", default="not endorsed", show_default=True, help="What the text has come to; every result says it."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """One OWNER=FILE of the command line."""

    owner: str
    file: Path


def _split(ctx: click.Context, argument: click.Parameter, values: tuple[str, ...]) -> tuple[_Version, ...]:
    versions = []
    for value in values:
        owner, equals, file = value.partition("=")
        if not equals or not owner.strip() or not file:
            raise click.BadParameter(f"{value!r}: write OWNER=FILE, as in UNICEF=comments.docx.", ctx, argument)
        versions.append(_Version(owner=owner.strip(), file=Path(file)))
    return tuple(versions)


@click.command()
@click.argument("base", type=PathType)
@click.argument("versions", nargs=-1, required=True, metavar="OWNER=FILE...", callback=_split)
@click.option("-o", "--out", type=PathType, callback=_path(*DOCX), help="The consolidated draft (.docx).")
@click.option("--ledger", type=PathType, callback=_path(*JSON), help="Every change with its owner (.json).")
@click.option("--matrix", type=PathType, callback=_path(*MATRIX), help="The comment matrix (.xlsx or .docx).")
@click.option("--compilation", type=PathType, callback=_path(*DOCX), help="Each paragraph with its proposals (.docx).")
@click.option("--secretariat", default="Secretariat", show_default=True, help="Who notes conflicts in the draft.")
@click.option("--cache", type=PathType, help="Folder that keeps what was read and written: only what is new is done.")
@STATUS
@DRY_RUN
@AS_JSON
def merge(
    base: Path,
    versions: tuple[_Version, ...],
    out: Path | None,
    ledger: Path | None,
    matrix: Path | None,
    compilation: Path | None,
    secretariat: str,
    cache: Path | None,
    status: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Merge the redlines of several owners on one BASE.

    A second file of one owner replaces the first.

    \b
    penholder merge draft.docx UNICEF=a.docx WHO=b.docx -o merged.docx --ledger changes.json
    """
    from pipeline.adapters.cache import Cache
    from pipeline.cli import files
    from pipeline.redline.gather import gather
    from pipeline.redline.merge import merge as hold_together

    targets = _Targets(out=out, ledger=ledger, matrix=matrix, compilation=compilation)
    if not dry_run and not any(targets.paths):
        raise click.UsageError("Name what to write: -o, --ledger, --matrix or --compilation; or use --dry-run.")
    inputs = [version.file for version in versions]
    files.check_targets(targets.paths, [base, *inputs])
    kept = None if cache is None or dry_run else Cache(cache)
    with files.progress(len(versions) + 2) as tell, files.open_sandbox(len(versions)) as sandbox:
        docx, text = files.read_base(sandbox, base, kept.texts if kept else None)
        found = files.read_versions(sandbox, text, inputs, tell, kept.changes if kept else None)
        gathered = gather(zip((version.owner for version in versions), found, strict=True))
        tell(len(versions), "hold together")
        merged = hold_together(text, tuple(gathered.proposals.values()))
        tell(len(versions) + 1, "write")
        if not dry_run:
            stretches = kept.open_stretches(text.sha256) if kept else None
            files.write_results(_write(targets, docx, merged, gathered, secretariat, status, stretches))
            if stretches is not None:
                stretches.save()
    _report(versions, found, gathered, merged, as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targets:
    """What merge is asked to write."""

    out: Path | None
    ledger: Path | None
    matrix: Path | None
    compilation: Path | None

    @property
    def paths(self) -> tuple[Path | None, ...]:
        """All of them."""
        return self.out, self.ledger, self.matrix, self.compilation


def _write(
    targets: _Targets,
    docx: bytes,
    merged: "Merge",
    gathered: "Gathered",
    secretariat: str,
    status: str,
    known: "KnownStretches | None",
) -> dict[Path, bytes]:
    """The content of every result that was asked for."""
    from pipeline.redline.banner import add_banner
    from pipeline.redline.labels import describe_result, label_proposals

    results: dict[Path, bytes] = {}
    date = max((one.change.date for one in gathered.proposals.values() if one.change.date), default=None)
    words = describe_result(docx, date, status)
    if targets.out or targets.ledger:
        from pipeline.redline.write import consolidate

        written = consolidate(
            docx,
            merged,
            gathered.proposals,
            gathered.sources,
            secretariat=secretariat,
            annexes=gathered.annexes,
            # conflicts are as old as the last proposal: the same files give the same bytes
            date=date or datetime(1980, 1, 1, tzinfo=UTC),
            known=known,
        )
        results |= {targets.out: label_proposals(written.docx, docx, words)} if targets.out else {}
        results |= {targets.ledger: written.ledger.encode()} if targets.ledger else {}
    if targets.matrix:
        from pipeline.redline.matrix_write import rows, write_matrix_docx, write_matrix_xlsx

        table = rows(merged, gathered.proposals, {})
        as_sheet = targets.matrix.suffix.lower() == ".xlsx"
        results[targets.matrix] = write_matrix_xlsx(table) if as_sheet else add_banner(write_matrix_docx(table), words)
    if targets.compilation:
        from pipeline.redline.compilation import write_compilation

        content = write_compilation(merged.base, merged, gathered.proposals)
        results[targets.compilation] = add_banner(content, words)
    return results


def _report(
    versions: tuple[_Version, ...],
    found: "list[ChangeSet]",
    gathered: "Gathered",
    merged: "Merge",
    *,
    as_json: bool,
) -> None:
    for version, one in zip(versions, found, strict=True):
        for warning in one.warnings:
            click.echo(f"{version.file}: {warning}", err=True)
    for owner in gathered.replaced:
        click.echo(f"{owner}: an earlier file is replaced by a later one.", err=True)
    count = sum(len(one.keys) for one in merged.folded)
    if as_json:
        _print_json(
            {
                "changes": count,
                "versions": [_summary(version, one) for version, one in zip(versions, found, strict=True)],
                "replaced": list(gathered.replaced),
                "conflicts": [
                    {"name": one.name, "reason": one.reason, "changes": list(one.proposals)} for one in merged.conflicts
                ],
            }
        )
    click.echo(f"{count} changes, {len(merged.conflicts)} conflicts.", err=True)


def _summary(version: _Version, found: "ChangeSet") -> dict[str, Any]:
    kinds = [change.kind.value for change in found.changes]
    return {
        "owner": version.owner,
        "file": str(version.file),
        "source": found.source,
        "coverage": round(found.coverage, 4),
        "changes": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
        "untracked": sum(change.origin == "silent" for change in found.changes),
        "warnings": list(found.warnings),
    }


@click.command()
@click.argument("base", type=PathType)
@click.argument("edited", type=PathType)
@click.option("-o", "--out", type=PathType, callback=_path(*DOCX), help="BASE with every difference tracked (.docx).")
@click.option("--author", help="Who made the untracked changes (default: the name of the file EDITED).")
@DRY_RUN
@AS_JSON
def compare(base: Path, edited: Path, out: Path | None, author: str | None, dry_run: bool, as_json: bool) -> None:
    """List what EDITED changes in BASE, tracked or not; with -o also as tracked changes.

    \b
    penholder compare draft.docx returned.docx -o redline.docx
    """
    from pipeline.cli import files
    from pipeline.redline.compare import track_changes

    files.check_targets([out], [base, edited])
    with files.progress(2) as tell, files.open_sandbox() as sandbox:
        docx, text = files.read_base(sandbox, base)
        tell(1, f"read {edited.name}")
        (found,) = files.read_versions(sandbox, text, [edited], lambda done, words: None)
        if out is not None and not dry_run:
            files.write_results({out: track_changes(docx, text, found, author=author or edited.stem)})
    _show(text, found, as_json=as_json)


@click.command()
@click.argument("file", type=PathType)
@click.option("--base", type=PathType, help="What FILE is a version of (default: FILE with every change rejected).")
@AS_JSON
def changes(file: Path, base: Path | None, as_json: bool) -> None:
    """List the tracked changes and comments of FILE, with --base the untracked changes too.

    \b
    penholder changes returned.docx --base draft.docx --json
    """
    from pipeline.cli import files

    with files.open_sandbox() as sandbox:
        _, text = files.read_base(sandbox, base or file)
        (found,) = files.read_versions(sandbox, text, [file], lambda done, words: None)
    _show(text, found, as_json=as_json)


def _show(base: Any, found: "ChangeSet", *, as_json: bool) -> None:
    from pipeline.redline.compare import list_changes

    listed = list_changes(base, found)
    for warning in found.warnings:
        click.echo(warning, err=True)
    if as_json:
        _print_json(listed)
        return
    for one in listed["changes"]:
        who = one["person"] or ("untracked" if one["origin"] == "silent" else "unknown")
        words = " -> ".join(repr(text) for text in (one["old"], one["new"]) if text)
        click.echo(f"{one['place']}: {one['kind']} by {who}: {' '.join(filter(None, [words, one['remark']]))}")
    click.echo(f"{len(found.changes)} changes.", err=True)


@click.command()
@click.argument("base", type=PathType)
@click.option("--ledger", type=PathType, required=True, help="What merge wrote: the ledger or the merged .docx.")
@click.option("--decisions", type=PathType, required=True, help="JSON list of {id, disposition, remark, amended}.")
@click.option("-o", "--out", type=PathType, callback=_path(*DOCX), help="The next revision, clean (.docx).")
@click.option("--tracked", type=PathType, callback=_path(*DOCX), help="The same as tracked changes on BASE (.docx).")
@click.option("--report", type=PathType, callback=_path(*DOCX), help="What became of every proposal (.docx).")
@STATUS
@DRY_RUN
@AS_JSON
def revise(
    base: Path,
    ledger: Path,
    decisions: Path,
    out: Path | None,
    tracked: Path | None,
    report: Path | None,
    status: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the next revision of BASE from decisions on its ledger; what is not decided stays tracked.

    \b
    penholder revise draft.docx --ledger changes.json --decisions decisions.json -o next.docx
    """
    from pipeline.cli import files
    from pipeline.redline.banner import add_banner
    from pipeline.redline.decisions import decide, read_decisions
    from pipeline.redline.labels import describe_result, label_next
    from pipeline.redline.ledger_read import read_ledger
    from pipeline.redline.revise import revise as apply

    if not dry_run and not (out or tracked or report):
        raise click.UsageError("Name what to write: -o, --tracked or --report; or use --dry-run.")
    files.check_targets([out, tracked, report], [base, ledger, decisions])
    with files.open_sandbox() as sandbox, files.progress(3) as tell:
        docx, text = files.read_base(sandbox, base)
        tell(1, f"read {ledger.name}")
        proposed = files.understand(sandbox, ledger, read_ledger, files.read_bytes(ledger))
        made = files.understand(sandbox, decisions, read_decisions, files.read_bytes(decisions))
        proposed.check_base(text)
        decided, remarks = decide(text, proposed.proposals, made)
        tell(2, "write")
        revised = apply(docx, tuple(decided.values()))
        date = max((one.change.date for one in decided.values() if one.change.date), default=None)
        words = describe_result(docx, date, status)
        results = {out: label_next(revised.clean, words), tracked: label_next(revised.tracked, words)}
        if report is not None:
            results[report] = add_banner(_write_report(text, decided, remarks), words)
        if not dry_run:
            files.write_results({target: content for target, content in results.items() if target is not None})
    counted = [one.disposition.value for one in decided.values()]
    if as_json:
        _print_json(
            {"open": list(revised.open), "dispositions": {one: counted.count(one) for one in sorted(set(counted))}}
        )
    click.echo(f"{len(counted) - len(revised.open)} of {len(counted)} changes decided.", err=True)


def _write_report(base: Any, decided: dict[str, Any], remarks: dict[str, str]) -> bytes:
    from pipeline.redline.merge import merge as hold_together
    from pipeline.redline.report import write_disposition_report

    return write_disposition_report(hold_together(base, tuple(decided.values())), decided, remarks)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
