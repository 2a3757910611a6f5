"""Settings: one table says what can be set, and the configuration file, its check and its comments all come from it.

The only module that reads the environment: `PENHOLDER_<SECTION>_<KEY>` wins over the file, the file over the default.
"""

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pipeline.errors import ConfigurationError

#: the folder with `templates/` and `inbox_rules/`
HOME = Path(__file__).resolve().parent.parent

DEFAULT_FILE = "penholder.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be set."""

    section: str
    key: str
    default: str | int
    #: what it is for, shown as a comment in the file
    words: str
    #: accepted values; empty for any
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How errors call it: "mailbox.host"."""
        return f"{self.section}.{self.key}"

    @property
    def variable(self) -> str:
        """Environment variable that overrides the file."""
        return f"PENHOLDER_{self.section}_{self.key}".upper()


Tls = Literal["tls", "starttls", "none"]

TLS: tuple[Tls, ...] = ("tls", "starttls", "none")

OPTIONS = (
    Option(
        section="store",
        key="url",
        default="sqlite:///penholder.db",
        words="Where everything is kept. SQLite paths are relative to this file.",
    ),
    Option(section="mailbox", key="host", default="", words="IMAP server of the drafts mailbox."),
    Option(section="mailbox", key="port", default=993, words="993 with tls, 143 with starttls."),
    Option(section="mailbox", key="tls", default="tls", words="How the line is protected.", choices=TLS),
    Option(section="mailbox", key="user", default="", words="Login name of the mailbox."),
    Option(
        section="mailbox",
        key="password_file",
        default="",
        words="File of mode 0600 with the password; or set PENHOLDER_MAILBOX_PASSWORD.",
    ),
    Option(
        section="mailbox", key="folder", default="INBOX", words="The folder that is read. Nothing in it is changed."
    ),
    Option(
        section="mailbox",
        key="move_to",
        default="",
        words="Folder to move filed mail to. Empty: the mailbox stays as it is, every flag included.",
    ),
    Option(
        section="mailbox",
        key="authserv_id",
        default="",
        words="Name your server writes into Authentication-Results; no other server's results count. (RFC 8601)",
    ),
    Option(section="smtp", key="host", default="", words="SMTP server for outgoing mail."),
    Option(section="smtp", key="port", default=587, words="587 with starttls, 465 with tls."),
    Option(section="smtp", key="tls", default="starttls", words="How the line is protected.", choices=TLS),
    Option(section="smtp", key="user", default="", words="Login name. Empty: no login."),
    Option(
        section="smtp",
        key="envelope_from",
        default="",
        words="Return path of outgoing mail: failure reports go there. It should be the drafts mailbox.",
    ),
    Option(
        section="smtp",
        key="password_file",
        default="",
        words="File of mode 0600 with the password; or set PENHOLDER_SMTP_PASSWORD.",
    ),
    Option(section="admin", key="host", default="127.0.0.1", words="Address the admin listens on."),
    Option(section="admin", key="port", default=8000, words="Port the admin listens on."),
    Option(
        section="admin",
        key="secret_file",
        default="penholder.secret",
        words="File of mode 0600 with the key that signs sessions and reply tokens; or set PENHOLDER_ADMIN_SECRET.",
    ),
    Option(
        section="rules", key="folder", default="", words="Folder of inbox rules. Empty: those that come with Penholder."
    ),
    Option(
        section="poll",
        key="seconds",
        default=60,
        words="Longest pause between two looks into the mailbox when the server offers no IDLE.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server and how to log in."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that was configured, with secrets read."""

    store_url: str
    #: None until [mailbox] names a host
    mailbox: Server | None
    folder: str
    #: "" to leave the mailbox as it is
    move_to: str
    authserv_id: str
    #: None until [smtp] names a host
    smtp: Server | None
    #: return path of outgoing mail
    envelope_from: str
    admin_host: str
    admin_port: int
    #: signs sessions, Message-IDs and reply tokens
    secret: str
    rules: Path
    #: seconds
    poll_seconds: int


def read_settings(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the file at `path` (default: penholder.toml here, or $PENHOLDER_CONFIG) and the environment.

    Raises: ConfigurationError, with every mistake in one message.
    """
    environment = os.environ if environment is None else environment
    path = path or Path(environment.get("PENHOLDER_CONFIG", DEFAULT_FILE))
    values = _collect(_read_file(path), environment, path)
    folder = path.resolve().parent
    return Settings(
        store_url=_anchor(str(values["store.url"]), folder),
        mailbox=_server("mailbox", values, environment, folder),
        folder=str(values["mailbox.folder"]),
        move_to=str(values["mailbox.move_to"]),
        authserv_id=str(values["mailbox.authserv_id"]),
        smtp=_server("smtp", values, environment, folder),
        envelope_from=str(values["smtp.envelope_from"]),
        admin_host=str(values["admin.host"]),
        admin_port=int(values["admin.port"]),
        secret=_secret(values, environment, folder),
        rules=folder / str(values["rules.folder"]) if values["rules.folder"] else HOME / "inbox_rules",
        poll_seconds=int(values["poll.seconds"]),
    )


def _read_file(path: Path) -> dict[str, dict[str, object]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no {path}. Write one with: penholder init") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from None


def _collect(written: dict[str, dict[str, object]], environment: Mapping[str, str], path: Path) -> dict[str, str | int]:
    mistakes = list(_find_unknown(written))
    values: dict[str, str | int] = {}
    for option in OPTIONS:
        section = written.get(option.section, {})
        value = environment.get(option.variable, section.get(option.key, option.default) if section else option.default)
        try:
            values[option.name] = _check(option, value)
        except ValueError as mistake:
            mistakes.append(f"{option.name}: {mistake}")
    if mistakes:
        raise ConfigurationError(f"{path}: " + "; ".join(mistakes))
    return values


def _find_unknown(written: dict[str, dict[str, object]]) -> Iterator[str]:
    known = {option.name for option in OPTIONS}
    for section, keys in written.items():
        if not isinstance(keys, dict):
            yield f"{section}: put it under a [section]"
            continue
        for key in keys:
            if f"{section}.{key}" not in known:
                yield f"{section}.{key} is not a setting; penholder init prints all there are"


def _check(option: Option, value: object) -> str | int:
    if isinstance(option.default, int):
        try:
            return int(str(value))
        except ValueError:
            raise ValueError(f"write a whole number, not {value!r}") from None
    if not isinstance(value, str):
        raise ValueError(f"write a text in quotes, not {value!r}")
    if option.choices and value not in option.choices:
        raise ValueError(f"write one of {', '.join(option.choices)}, not {value!r}")
    return value


def _anchor(url: str, folder: Path) -> str:
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and url != prefix:
        return f"{prefix}{folder / url.removeprefix(prefix)}"
    return url


def _server(
    section: str, values: Mapping[str, str | int], environment: Mapping[str, str], folder: Path
) -> Server | None:
    if not values[f"{section}.host"]:
        return None
    password = environment.get(f"PENHOLDER_{section.upper()}_PASSWORD", "")
    file = str(values[f"{section}.password_file"])
    if not password and file:
        password = read_secret(folder / file)
    return Server(
        host=str(values[f"{section}.host"]),
        port=int(values[f"{section}.port"]),
        tls=cast(Tls, values[f"{section}.tls"]),
        user=str(values[f"{section}.user"]),
        password=password,
    )


def _secret(values: Mapping[str, str | int], environment: Mapping[str, str], folder: Path) -> str:
    return environment.get("PENHOLDER_ADMIN_SECRET", "") or read_secret(folder / str(values["admin.secret_file"]))


def read_secret(path: Path) -> str:
    """The first line of a file that nobody but its owner may read. Raises: ConfigurationError."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"The secret in {path} cannot be read: {error.strerror}") from None
    if mode & 0o077:
        raise ConfigurationError(f"{path} can be read by others (mode {mode:04o}). Close it with: chmod 600 {path}")
    return text.partition("\n")[0].strip()


def write_secret(path: Path, secret: str) -> None:
    """Write a new file of mode 0600 with one secret. Raises: ConfigurationError when there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already and is kept as it is.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")


def render_file(values: Mapping[str, str | int] | None = None) -> str:
    """A commented configuration file; `values` by "section.key" replace defaults."""
    values = values or {}
    lines = ["# Penholder settings. Check them with: penholder doctor"]
    section = ""
    for option in OPTIONS:
        if option.section != section:
            section = option.section
            lines += ["", f"[{section}]"]
        choices = f" One of: {', '.join(option.choices)}." if option.choices else ""
        value = values.get(option.name, option.default)
        lines += [f"# {option.words}{choices}", f"{option.key} = {_quote(value)}"]
    return "\n".join(lines) + "\n"


def _quote(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def default_settings() -> Settings:
    """Settings for looking at messages without any configuration: an empty database in memory, no servers."""
    return Settings(
        store_url="sqlite://",
        mailbox=None,
        folder="INBOX",
        move_to="",
        authserv_id="",
        smtp=None,
        envelope_from="",
        admin_host="127.0.0.1",
        admin_port=8000,
        secret="",
        rules=HOME / "inbox_rules",
        poll_seconds=60,
    )
