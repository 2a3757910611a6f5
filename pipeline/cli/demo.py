"""`penholder demo`: the sample round on real mail, then the admin; or headless and compared with what is expected."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.bootstrap import Office
    from pipeline.config import Settings
    from pipeline.demo.play import Played, PlayedClock
    from pipeline.demo.scenario import Scenario
    from pipeline.demo.servers import MailServers

#: the round that comes with Penholder
SAMPLE = Path(__file__).resolve().parent.parent / "demo" / "gmg"

#: login name of the embedded mailbox
MAILBOX_USER = "drafts"

SCENARIO = click.option(
    "--scenario", type=click.Path(path_type=Path), default=SAMPLE, help="Folder of a training round of your own."
)


@click.group(invoke_without_command=True)
@SCENARIO
@click.option("--check", is_flag=True, help="Play headless and compare every outcome with what is expected.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(".demo"), help="Where the demonstration lives.")
@click.option("--port", type=int, default=8000, help="Port of the admin; 0 takes a free one.")
@click.option("--imap-port", type=int, default=1143, help="Port of the mailbox; 0 takes a free one.")
@click.option("--smtp-port", type=int, default=1025, help="Port for incoming mail; 0 takes a free one.")
@click.pass_context
def demo(
    ctx: click.Context, scenario: Path, check: bool, folder: Path, port: int, imap_port: int, smtp_port: int
) -> None:
    """Play the sample round on real mail, then serve the admin.

    \b
    penholder demo                         watch it, then open the admin
    penholder demo --check                 play it headless and print the score
    penholder demo build DIR               write its messages and files
    penholder demo --scenario MY-ROUND     a round of your own, in the same format
    """
    if ctx.invoked_subcommand is not None:
        return
    if check:
        sys.exit(_check(scenario))
    _show(scenario, folder, port, imap_port, smtp_port)


@demo.command()
@click.argument("target", type=click.Path(path_type=Path))
@SCENARIO
def build(target: Path, scenario: Path) -> None:
    """Write every message (.eml) and draft (.docx) of the round into the folder TARGET."""
    from pipeline.demo.build import build_scenario
    from pipeline.demo.scenario import load_scenario

    count = build_scenario(load_scenario(scenario), target)
    click.echo(f"{count} messages in {target}.", err=True)


def _check(folder: Path) -> int:
    """0 when every category reaches its floor, else 1."""
    from pipeline.demo.check import Check, load_floor, score
    from pipeline.demo.scenario import load_scenario

    scenario = load_scenario(folder)
    floor = load_floor(folder)
    with _stage(scenario, None, 0, 0, 0) as (office, servers, clock):
        played = _play(scenario, office, servers, clock)
        findings = tuple(Check(scenario, office, played).findings())
    for finding in findings:
        if finding.miss:
            click.echo(f"{finding.category:<15} {finding.subject}: {finding.miss}")
    low = False
    click.echo(f"\n{'category':<15} {'right':>6} {'total':>6} {'floor':>6}")
    for row in score(findings, floor):
        low = low or row.right < row.floor
        click.echo(
            f"{row.category:<15} {row.right:>6} {row.total:>6} {row.floor:>6}{'  low' if row.right < row.floor else ''}"
        )
    return 1 if low else 0


def _show(scenario_folder: Path, folder: Path, port: int, imap_port: int, smtp_port: int) -> None:
    from threading import Event

    from pipeline.cli.service import run_all
    from pipeline.cli.setup import add_user
    from pipeline.demo.scenario import load_scenario

    scenario = load_scenario(scenario_folder)
    with _stage(scenario, folder, port, imap_port, smtp_port) as (office, servers, clock):
        played = _play(scenario, office, servers, clock)
        clock.start()
        password = add_user(office.database, "chair", "officer")
        _tell_how(scenario, office, servers, played, password)
        sys.stdout.flush()
        run_all(office, Event())


def _tell_how(scenario: "Scenario", office: "Office", servers: "MailServers", played: "Played", password: str) -> None:
    drafts = office.settings.mailbox.password if office.settings.mailbox else ""
    click.echo(
        f"""
{len(played.arrivals)} messages read, {played.reminders} reminders sent.

  admin     http://{office.settings.admin_host}:{office.settings.admin_port}/
  user      chair
  password  {password}

  Answer as an agency: send a mail to {scenario.roster.mailbox}
  from {scenario.roster.members[0].contacts[0].address} through {servers.host}:{servers.smtp_port} (SMTP).
  The mailbox is at {servers.host}:{servers.imap_port} (IMAP), user {MAILBOX_USER}, password {drafts}.

  Ctrl-C ends the demonstration.
"""
    )


def _play(scenario: "Scenario", office: "Office", servers: "MailServers", clock: "PlayedClock") -> "Played":
    """The played round, with a progress bar where somebody watches."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from pipeline.demo.play import Player

    columns: tuple[Any, ...] = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[date]}"),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=None, date="")

        def tell(done: int, total: int, words: str) -> None:
            progress.update(task, completed=done, total=total, description=words, date=f"{clock():%d %b %Y}")

        return Player(scenario, office, servers, clock).play(tell)


@contextmanager
def _stage(
    scenario: "Scenario", folder: Path | None, port: int, imap_port: int, smtp_port: int
) -> "Iterator[tuple[Office, MailServers, PlayedClock]]":
    """Servers, a fresh database and an office with a played clock; without a `folder` nothing is kept."""
    import tempfile

    from pipeline.bootstrap import open_office
    from pipeline.demo.play import PlayedClock
    from pipeline.demo.servers import start_mail_servers

    clock = PlayedClock(min(message.date for message in scenario.messages))
    with tempfile.TemporaryDirectory(prefix="penholder-demo-") as temporary:
        place = _clear(folder) if folder else Path(temporary)
        password = secrets.token_urlsafe(9)
        addresses = dict.fromkeys((scenario.roster.mailbox, *scenario.roster.aliases), MAILBOX_USER)
        with start_mail_servers(
            users={MAILBOX_USER: password},
            addresses=addresses,
            clock=clock,
            imap_port=imap_port,
            smtp_port=smtp_port,
        ) as servers:
            settings = _settings(scenario, servers, place, port, password)
            with open_office(settings, clock) as office:
                yield office, servers, clock


def _clear(folder: Path) -> Path:
    """The folder without what an earlier demonstration left. Raises: UsageError for a folder that is not ours."""
    mark = folder / "demonstration"
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise UsageError(f"{folder} holds something else: name another one with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("penholder.db*"):
        path.unlink()
    mark.touch()
    return folder


def _settings(scenario: "Scenario", servers: "MailServers", folder: Path, port: int, password: str) -> "Settings":
    from dataclasses import replace

    from pipeline.config import Server, default_settings

    return replace(
        default_settings(),
        store_url=f"sqlite:///{folder.resolve() / 'penholder.db'}",
        mailbox=Server(host=servers.host, port=servers.imap_port, tls="none", user=MAILBOX_USER, password=password),
        authserv_id=f"mx.{scenario.roster.mailbox.partition('@')[2]}",
        smtp=Server(host=servers.host, port=servers.smtp_port, tls="none", user="", password=""),
        envelope_from=scenario.roster.mailbox,
        admin_port=port,
        secret=secrets.token_hex(32),
        poll_seconds=1,
    )
