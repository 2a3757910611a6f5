"""The people who may use the admin."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import account
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account of the admin."""

    id: int
    name: str
    #: as the password library writes it, with algorithm and salt
    password_hash: str
    #: what the account may do; named by the admin
    role: str
    disabled: bool
    #: code of the member its owner works for; "" for somebody of the secretariat itself
    member: str = ""
    #: number of its sessions: raised, it ends all of them and its calendar address
    session: int = 0


def add_user(db: Db, name: str, password_hash: str, role: str, member: str = "") -> User:
    """The new account. Raises: UsageError when the name is taken."""
    if get_user(db, name) is not None:
        raise UsageError(f"There is a user {name} already: choose another name.")
    values: dict[str, Any] = {"name": name, "password_hash": password_hash, "role": role, "disabled": False}
    values["member"] = member
    id = db.execute(insert(account).values(values).returning(account.c.id)).scalar_one()
    return User(id=id, **values)


def get_user(db: Db, name: str) -> User | None:
    """The account of this name; None when there is none."""
    row = db.execute(select(account).where(account.c.name == name)).mappings().first()
    return User(**row) if row else None


def list_users(db: Db) -> tuple[User, ...]:
    """All accounts by name, disabled ones too."""
    return tuple(User(**row) for row in db.execute(select(account).order_by(account.c.name)).mappings())


def set_disabled(db: Db, name: str, disabled: bool) -> None:
    """Close an account, or open it again. Raises: UsageError when there is none of this name."""
    _change(db, name, disabled=disabled)


def set_password(db: Db, name: str, password_hash: str) -> None:
    """Replace the password. Raises: UsageError when there is no account of this name."""
    _change(db, name, password_hash=password_hash)


def set_member(db: Db, name: str, member: str) -> None:
    """Say which member the owner works for. Raises: UsageError when there is no account of this name."""
    _change(db, name, member=member)


def end_sessions(db: Db, name: str) -> None:
    """End every session and the calendar address of an account. Raises: UsageError when there is none such."""
    _change(db, name, session=account.c.session + 1)


def get_user_by_id(db: Db, id: int) -> User | None:
    """The account of this number; None when there is none."""
    row = db.execute(select(account).where(account.c.id == id)).mappings().first()
    return User(**row) if row else None


def _change(db: Db, name: str, **values: object) -> None:
    if db.execute(update(account).where(account.c.name == name).values(**values)).rowcount == 0:
        raise UsageError(f"There is no user {name}: add one with penholder user add.")
