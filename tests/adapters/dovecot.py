"""A real Dovecot of our own on a high port, and a line in front of it that can be cut."""

import contextlib
import datetime
import grp
import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import imapclient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.adapters.imap import MailboxSettings

PASSWORD = "correct-horse"
HOST = "127.0.0.1"

CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = {host}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = {format}:{base}/mail/%u
mail_fsync = {fsync}
mail_max_userip_connections = 100
imap_capability = {capability}
ssl = {ssl}
{certificate}
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def find_program() -> str | None:
    """The path of dovecot on this machine; None when it has none."""
    # Debian keeps it where an ordinary user's PATH does not look.
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """A running server. Every user name is known to it and has the same password: one user per test."""

    base: Path
    port: int
    tls_port: int
    #: certificate authority that signed its certificate for "localhost"
    authority: Path
    uid: int
    host: str = HOST
    password: str = PASSWORD

    def settings(self, user: str, **changes: object) -> MailboxSettings:
        """How to reach the mailbox of this user."""
        wanted = {"host": self.host, "port": self.port, "password": self.password, "tls": "none", "timeout": 10.0}
        return MailboxSettings(user=user, **{**wanted, **changes})  # type: ignore[arg-type]

    def doveadm(self, *words: str) -> str:
        """What `doveadm` prints."""
        command = ["doveadm", "-c", str(self.base / "dovecot.conf"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, **_as_user(self.uid)).stdout

    def open(self, user: str) -> imapclient.IMAPClient:
        """A second client, to change the mailbox behind our back."""
        client = imapclient.IMAPClient(self.host, self.port, ssl=False, timeout=10)
        client.login(user, self.password)
        return client

    def append(self, user: str, *mails: bytes, when: datetime.datetime | None = None, folder: str = "INBOX") -> None:
        """Put mails into the mailbox."""
        with self.open(user) as client:
            for mail in mails:
                client.append(folder, mail, msg_time=when)


@contextlib.contextmanager
def run_dovecot(
    *, format: str = "maildir", fsync: str = "never", capability: str = "", tls: bool = True
) -> Iterator[Dovecot]:
    """A Dovecot in the foreground, as an ordinary user even when root runs the tests."""
    uid, gid = (os.getuid(), os.getgid()) if os.getuid() else (65534, 65534)
    with tempfile.TemporaryDirectory(prefix="penholder-dovecot-", ignore_cleanup_errors=True) as name:
        base = Path(name)
        for folder in ("run", "state", "mail", "home"):
            (base / folder).mkdir()
        authority = _make_certificates(base)
        server = Dovecot(base=base, port=find_free_port(), tls_port=find_free_port(), authority=authority, uid=uid)
        _write_config(server, gid, format=format, fsync=fsync, capability=capability, ssl="yes" if tls else "no")
        if not os.getuid():
            for path in (base, *base.rglob("*")):
                os.chown(path, uid, gid)
        command = [find_program() or "dovecot", "-F", "-c", str(base / "dovecot.conf")]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as_user(uid))
        try:
            _wait_for(server, child)
            yield server
        finally:
            child.terminate()
            child.wait(timeout=10)


def _as_user(uid: int) -> dict[str, object]:
    return {} if os.getuid() == uid else {"user": uid, "group": uid, "extra_groups": []}


def _write_config(server: Dovecot, gid: int, **words: str) -> None:
    certificate = f"ssl_cert = <{server.base}/server.pem\nssl_key = <{server.base}/server.key"
    values = {
        "base": server.base,
        "host": server.host,
        "user": pwd.getpwuid(server.uid).pw_name,
        "group": grp.getgrgid(gid).gr_name,
        "uid": server.uid,
        "gid": gid,
        "port": server.port,
        "tls_port": server.tls_port,
        "password": server.password,
        "certificate": certificate,
    }
    (server.base / "dovecot.conf").write_text(CONFIG.format(**values, **words))


def find_free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Dovecot, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and child.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((server.host, server.port), timeout=1):
            return
        time.sleep(0.02)
    child.kill()
    log = server.base / "log"
    raise RuntimeError(f"dovecot does not start: {log.read_text() if log.exists() else child.wait()}")


def _make_certificates(base: Path) -> Path:
    """An authority, and a certificate for "localhost" that it signed, in files under `base`."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _sign(
        "Penholder test authority", authority_key, "Penholder test authority", authority_key, is_authority=True
    )
    certificate = _sign("localhost", server_key, "Penholder test authority", authority_key, is_authority=False)
    (base / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (base / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    (base / "server.key").write_bytes(server_key.private_bytes(encoding, kind, serialization.NoEncryption()))
    return base / "authority.pem"


def _sign(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: str,
    signing_key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(_make_usage(is_authority), critical=True)
    )
    if not is_authority:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _make_usage(is_authority: bool) -> x509.KeyUsage:
    # Python 3.13 refuses an authority that does not say that it signs.
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


class CuttableLine:
    """A TCP line to a server that is cut after so many bytes from it, or goes silent. A context manager."""

    def __init__(self, host: str, port: int, *, cut_after: int | None = None, silent_after: int | None = None) -> None:
        """Keep the settings; `port` is known inside the context."""
        self._target = (host, port)
        #: bytes that still pass; None passes everything
        self.cut_after = cut_after
        self.silent_after = silent_after
        self._listener = socket.create_server((HOST, 0))
        self.port = int(self._listener.getsockname()[1])
        self._lines: list[socket.socket] = []

    def __enter__(self) -> "CuttableLine":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for line in self._lines:
            line.close()

    def cut(self) -> None:
        """Cut every line that is open now."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._lines += [client, server]
                threading.Thread(target=_pump, args=(client, server), daemon=True).start()
                threading.Thread(target=self._pump_back, args=(server, client), daemon=True).start()

    def _pump_back(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := server.recv(4096):
                if self.silent_after is not None and passed + len(piece) > self.silent_after:
                    continue
                if self.cut_after is not None and passed + len(piece) > self.cut_after:
                    client.sendall(piece[: self.cut_after - passed])
                    break
                client.sendall(piece)
                passed += len(piece)
            client.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(4096):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_RDWR)
