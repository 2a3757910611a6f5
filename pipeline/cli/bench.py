"""`penholder bench`: measured against peers and the physical limit, in one run."""

import runpy
import sys

import click

from pipeline.config import HOME

#: name -> what it measures
BENCHMARKS = {
    "intake": "mails per second from an IMAP mailbox into the database",
    "recognition": "how well and how fast mail is recognised",
    "redline": "how fast redlines are merged",
}


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name", required=False, type=click.Choice(sorted(BENCHMARKS)))
@click.pass_context
def bench(ctx: click.Context, name: str | None) -> None:
    """Run the benchmark NAME; what follows the name goes to it (try: penholder bench intake --help).

    Without a name the benchmarks are listed.
    """
    if name is None:
        for known, measures in BENCHMARKS.items():
            click.echo(f"{known:<12} {measures}")
        return
    sys.argv = [f"bench/{name}.py", *ctx.args]
    runpy.run_path(str(HOME / "bench" / f"{name}.py"), run_name="__main__")
