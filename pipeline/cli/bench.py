"""`penholder bench`: measured against peers and the physical limit, in one run."""

import runpy
import sys

import click

from pipeline.config import HOME


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("name", type=click.Choice(["intake", "redline"]))
@click.pass_context
def bench(ctx: click.Context, name: str) -> None:
    """Run the benchmark NAME; what follows the name goes to it (try: penholder bench intake --help)."""
    sys.argv = [f"bench/{name}.py", *ctx.args]
    runpy.run_path(str(HOME / "bench" / f"{name}.py"), run_name="__main__")
