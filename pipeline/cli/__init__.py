"""The command `penholder`.

Exit codes after sysexits.h:

    0  done              1  findings (a check failed)     2  wrong usage
    65 bad input         69 a server is unavailable       70 our own mistake
    74 input or output   75 try again                     78 configuration     130 interrupted
"""

import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline import __version__

#: command -> module of this package that holds it; imported only when it is called, so that --help is quick
COMMANDS = {
    "init": "setup",
    "doctor": "setup",
    "upgrade": "setup",
    "user": "setup",
    "run": "service",
    "poll": "service",
    "clock": "service",
    "inspect": "inspection",
    "explain": "explanation",
    "replay": "replaying",
    "roster": "rounds",
    "draft": "rounds",
    "round": "rounds",
    "remind": "reminders",
    "digest": "reminders",
    "receipts": "receipts",
    "status": "rounds",
    "consolidate": "rounds",
    "outcome": "outcome",
    "year": "year",
    "report": "year",
    "handover": "record",
    "export": "record",
    "import": "record",
    "backup": "record",
    "sending": "record",
    "audit": "audit",
    "merge": "redline",
    "compare": "redline",
    "changes": "redline",
    "revise": "redline",
    "demo": "demo",
    "bench": "bench",
}

HELP = {
    "init": "Write a commented configuration file and a secret.",
    "doctor": "Check each setting by using it, and say what to do.",
    "upgrade": "Bring the database to the schema of this version.",
    "user": "Add, list and close the accounts of the admin.",
    "run": "Everything in one process: poller, clock and admin.",
    "poll": "Read the mailbox, for ever or --once.",
    "clock": "Send what is due: reminders and everything in the outbox.",
    "inspect": "Show what the pipeline makes of one message, with its reasons.",
    "explain": "Why a message is where it is: each rung of evidence and what it saw.",
    "replay": "Read stored messages again after a rule changed; show what would change.",
    "roster": "Import or export the group and its contacts.",
    "draft": "Add drafts and their revisions; publish or withdraw them.",
    "round": "Open, extend, rehearse and close calls for inputs; enter answers by hand.",
    "remind": "The timetable of reminders, each round's ladder, releases.",
    "digest": "What the chair is told each working morning.",
    "receipts": "Switch receipts off and on, by draft and by agency.",
    "status": "Who has not answered, for each open round.",
    "consolidate": "Write the consolidated draft, the matrix and the ledger.",
    "outcome": "Tell each agency what became of its own proposals.",
    "year": "The work plan, the register of decisions, the calendar.",
    "report": "The annual report as a Word file.",
    "handover": "Change the chair; show what is still open.",
    "export": "Write everything to an archive in open formats.",
    "import": "Fill an empty database from an archive.",
    "backup": "Copy the database while everybody goes on working.",
    "sending": "Let mail leave, or let none leave.",
    "audit": "Read the record of who did what, and prove it.",
    "merge": "Merge the redlines of several owners on one base, files alone.",
    "compare": "List what an edited file changes, or track it.",
    "changes": "List the tracked changes and comments of one file.",
    "revise": "Make the next revision from a ledger and decisions on it.",
    "demo": "Play the sample round on real mail, then serve the admin.",
    "bench": "Measure against peers and the physical limit in one run.",
}


class Late(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipeline.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, "import_" if cmd_name == "import" else cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, HELP[name]) for name in COMMANDS])


@click.group(cls=Late, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="penholder")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration file (default: penholder.toml here).")
@click.option("--debug", is_flag=True, help="Show tracebacks and a talkative log.")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, debug: bool) -> None:
    """From a call for inputs by mail to one consolidated draft.

    \b
    penholder demo                 watch a whole round, nothing to set up
    penholder init                 begin with your own mailbox
    penholder inspect letter.eml   what would be made of this message?
    """
    from pipeline.log import configure

    configure(logging.DEBUG if debug else logging.WARNING)
    ctx.obj = {"config": config, "debug": debug}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a PenholderError is shown as its sentence, with its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli.main(args=arguments, prog_name="penholder", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as error:
        if "--debug" in arguments:
            raise
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    from pipeline.errors import PenholderError

    if isinstance(error, PenholderError):
        click.echo(f"penholder: {error}", err=True)
        return error.exit_code
    if isinstance(error, OSError):
        click.echo(f"penholder: {error.filename or 'input or output'}: {error.strerror or error}", err=True)
        return 74
    click.echo(f"penholder: an error nobody foresaw ({type(error).__name__}: {error}).", err=True)
    click.echo("Run it again as: penholder --debug ... and send us what it prints.", err=True)
    return 70
