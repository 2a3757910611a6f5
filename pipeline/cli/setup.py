"""Commands for the person who installs: init, doctor, upgrade, user."""

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json, settings_of

if TYPE_CHECKING:
    from pipeline.adapters import store


@click.command()
@click.option("--force", is_flag=True, help="Write the configuration file again; the secret is kept.")
@click.option("--dry-run", is_flag=True, help="Print the file; write nothing.")
@click.pass_context
def init(ctx: click.Context, force: bool, dry_run: bool) -> None:
    """Write a commented configuration file and a secret."""
    from pipeline.bootstrap import new_secret
    from pipeline.config import DEFAULT_FILE, render_file, write_secret
    from pipeline.errors import ConfigurationError

    path = Path(ctx.obj["config"] or DEFAULT_FILE)
    if dry_run:
        click.echo(render_file(), nl=False)
        return
    if path.exists() and not force:
        raise ConfigurationError(f"{path} is there already. Change it with an editor, or write it again with --force.")
    path.write_text(render_file(), encoding="utf-8")
    secret = path.parent / "penholder.secret"
    if not secret.exists():
        write_secret(secret, new_secret())
    click.echo(f"Wrote {path} and {secret}. Fill in [mailbox] and [smtp], then: penholder doctor", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check each setting by using it, and say what to do."""
    from pipeline.doctor import examine

    findings = tuple(examine(settings_of(ctx)))
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(f"{finding.mark:<5} {finding.subject}: {finding.words}")
    if any(finding.mark == "fail" for finding in findings):
        sys.exit(1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say where the database is; leave its schema as it is.")
@click.pass_context
def upgrade(ctx: click.Context, dry_run: bool) -> None:
    """Bring the database to the schema of this version."""
    if dry_run:
        click.echo(
            f"The database {settings_of(ctx).store_url.rpartition('@')[2]} would be brought up to date.", err=True
        )
        return
    with office_of(ctx):
        click.echo("The database is up to date.", err=True)


@click.group()
def user() -> None:
    """Add, list and close the accounts of the admin."""


@user.command()
@click.argument("name")
@click.option("--role", default="officer", type=click.Choice(["officer", "reader"]), help="What the person may do.")
@click.option("--member", default="", help="Code of the member it works for; that of the group for a lasting officer.")
@click.option("--dry-run", is_flag=True, help="Say who would be added; add nobody.")
@click.pass_context
def add(ctx: click.Context, name: str, role: str, member: str, dry_run: bool) -> None:
    """Add NAME and print a generated password once."""
    with office_of(ctx) as office:
        if dry_run:
            click.echo(f"{name} would be added as {role}.", err=True)
            return
        password = add_user(office.database, name, role, member)
    click.echo(f"{name} signs in with: {password}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def list_users(ctx: click.Context, as_json: bool) -> None:
    """Every account: what it may do, and for whom it works."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.read() as db:
        found = store.users.list_users(db)
    if as_json:
        print_json([{name: getattr(one, name) for name in ("name", "role", "member", "disabled")} for one in found])
        return
    for one in found:
        click.echo(f"{one.name:<20} {one.role:<8} {one.member or '–':<10}{' closed' if one.disabled else ''}")


@user.command("password")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say whose password would be replaced; replace none.")
@click.pass_context
def replace_password(ctx: click.Context, name: str, dry_run: bool) -> None:
    """Give the account NAME a new password, printed once; its sessions and its calendar address end."""
    from argon2 import PasswordHasher

    from pipeline.adapters import store

    password = secrets.token_urlsafe(12)
    with office_of(ctx) as office, office.database.begin() as db:
        _check_account(db, name)
        if not dry_run:
            store.users.set_password(db, name, PasswordHasher().hash(password))
            store.users.end_sessions(db, name)
    if dry_run:
        click.echo(f"{name} would get a new password.", err=True)
        return
    click.echo(f"{name} signs in with: {password}")


@user.command("close")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say whose account would be closed; close none.")
@click.pass_context
def close_user(ctx: click.Context, name: str, dry_run: bool) -> None:
    """Close the account NAME: its sessions and its calendar address end."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.begin() as db:
        _check_account(db, name)
        if not dry_run:
            store.users.set_disabled(db, name, True)
            store.users.end_sessions(db, name)
    click.echo(f"{name} {'would be' if dry_run else 'is'} closed.", err=True)


def _check_account(db: "store.Db", name: str) -> None:
    """Nothing when there is an account of this name. Raises: UsageError."""
    from pipeline.adapters import store
    from pipeline.errors import UsageError

    if store.users.get_user(db, name) is None:
        raise UsageError(f"There is no user {name}: see penholder user list.")


def add_user(database: "store.Database", name: str, role: str, member: str = "") -> str:
    """The generated password of a new user, 16 characters. Raises: UsageError for a name that is taken, a stranger."""
    from argon2 import PasswordHasher

    from pipeline.adapters import store
    from pipeline.errors import UsageError

    password = secrets.token_urlsafe(12)
    with database.begin() as db:
        roster = store.rosters.find_roster(db)
        if member and (roster is None or member not in {roster.code, *(each.code for each in roster.members)}):
            raise UsageError(f"{member} is no member of the group: write a code of the roster, or that of the group.")
        store.users.add_user(db, name, PasswordHasher().hash(password), role, member)
    return password
