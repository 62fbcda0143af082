"""A real OpenSSH server on loopback, with its own keys and settings, as the present user."""

import contextlib
import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ports import free_port

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/sbin")
SFTP_SERVERS = (
    "/usr/lib/openssh/sftp-server", "/usr/lib/ssh/sftp-server", "/usr/libexec/openssh/sftp-server",
    "/usr/libexec/sftp-server",
)  # fmt: skip
SETTINGS = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
Subsystem sftp {subsystem}
"""


@dataclass
class SshServer:
    """Where it listens, and what it needs to be known."""

    port: int
    home: Path
    """The client's home: its key and its known_hosts are in `.ssh`."""

    @property
    def address(self) -> str:
        """Its URL without a path."""
        return self.at(self.port)

    def at(self, port: int) -> str:
        """The same through another port of this machine."""
        return f"sftp://{getpass.getuser()}@127.0.0.1:{port}"

    @property
    def known_hosts(self) -> Path:
        """The client's list of host keys."""
        return self.home / ".ssh/known_hosts"


def new_key(path: Path) -> str:
    """Make a key pair; returns the public half."""
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(words, check=True)
    return path.with_suffix(".pub").read_text()


@contextlib.contextmanager
def ssh_server(folder: Path, subsystem: str = "internal-sftp") -> Iterator[SshServer]:
    """Start sshd and stop it at the end; its log is in `folder`."""
    (folder / "home/.ssh").mkdir(parents=True, mode=0o700)
    host_key = new_key(folder / "host_key")
    (folder / "authorized_keys").write_text(new_key(folder / "home/.ssh/id_ed25519"))
    server = SshServer(free_port(), folder / "home")
    server.known_hosts.write_text(f"[127.0.0.1]:{server.port} {host_key}")
    settings = folder / "sshd_config"
    settings.write_text(
        SETTINGS.format(port=server.port, folder=folder, subsystem=subsystem), encoding="utf-8"
    )
    if getpass.getuser() == "root":  # the folder that its child is locked into
        Path("/run/sshd").mkdir(exist_ok=True)
    words = [str(SSHD), "-D", "-e", "-f", str(settings)]
    with (folder / "log").open("wb") as log, subprocess.Popen(words, stderr=log) as running:
        try:
            _wait(server.port, running, folder / "log")
            yield server
        finally:
            running.terminate()


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(1200):
        if running.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"sshd did not start: {log.read_text()}")
