"""`penholder bench`: measured against peers and the physical limit, in one run."""

import runpy
import sys

import click

from pipeline.config import HOME

#: name -> what it measures
BENCHMARKS = {
    "hostile": "whether hostile mail ends in a place, in time and in memory",
    "intake": "mails per second from an IMAP mailbox into the database",
    "patterns": "regular expressions that take more than linear time",
    "recognition": "how well and how fast mail is recognised",
    "redline": "how fast redlines are merged",
    "rounds": "planning, sending and faults of a round of ten thousand",
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
    sys.argv = [f"penholder bench {name}", *ctx.args]
    # the benchmarks are no part of the installed packages: they stand on the fixtures of the tests
    sys.path.insert(0, str(HOME))
    runpy.run_module(f"bench.{name}", run_name="__main__")
