"""Publishing by SFTP to a real OpenSSH server."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cutting_proxy import CuttingProxy, cutting
from published_show import BASE, add_episode, assert_true, published, reader, show, whole
from qjaudio.config import Config
from qjaudio.errors import EngineError, NotWritableError
from qjaudio.pipeline.publishing import Mirrored, mirror
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.store import OutFolder
from ssh_server import SSHD, SshServer, new_key, ssh_server

pytestmark = pytest.mark.skipif(SSHD is None, reason="no sshd: apt-get install openssh-server")
NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("sshd")) as running:
        yield running


@pytest.fixture(autouse=True)
def _at_home(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client finds its keys in this home, and no agent."""
    monkeypatch.setenv("HOME", str(server.home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    return show(tmp_path / "out")


@pytest.fixture
def www(tmp_path: Path) -> Path:
    return tmp_path / "网 站" / "报 1"


def send(out: OutFolder, address: str, www: Path, **others: Any) -> Mirrored:
    return mirror(
        target=f"{address}{www}", config=Config(base_url=BASE), out=out,
        progress=Quiet(), now=NOW, sleep=lambda _: None, **others,
    )  # fmt: skip


def test_a_show_is_published_by_sftp(server: SshServer, out: OutFolder, www: Path) -> None:
    """Whole, into a folder with Chinese and a space that is made; nothing the second time."""
    assert len(send(out, server.address, www).sent) == whole(out)
    assert {name: (out.root / name).read_bytes() for name in published(www)} == published(www)
    assert 2 == len(assert_true(reader(www)))
    assert () == send(out, server.address, www).sent


def test_a_remade_episode_replaces_the_old(server: SshServer, out: OutFolder, www: Path) -> None:
    """By renaming: a listener in mid-download keeps the file that he began."""
    send(out, server.address, www)
    with (www / "2025-05-20.mp3").open("rb") as listening:
        old = out.published("2025-05-20", ".mp3").read_bytes()
        add_episode(out, "2025-05-20", size=7000, seed=5)
        sent = [one.name for one in send(out, server.address, www).sent]
        assert old == listening.read()
    assert ["2025-05-20.mp3", "feed.xml"] == [sent[0], sent[-1]]
    assert 7000 == assert_true(reader(www))["2025-05-20.mp3"]
    assert [] == [name for name in published(www) if name.startswith(".")]


def test_a_withdrawn_episode_is_gone(server: SshServer, out: OutFolder, www: Path) -> None:
    """Every file of it, and its place in the feed; the other episode stays."""
    send(out, server.address, www)
    config = Config(out=str(out.root), base_url=BASE, publish_to=f"{server.address}{www}")
    review = Review(config=config, now=NOW, progress=Quiet())
    done = review.withdraw("2025-05-20", who="主编", why="来稿有误")
    assert ("", ()) == (done.error, done.left_there)
    assert [] == [name for name in published(www) if "2025-05-20" in name]
    assert ["2025-05-21.mp3"] == list(assert_true(reader(www)))


def test_a_damaged_file_there_is_sent_again(server: SshServer, out: OutFolder, www: Path) -> None:
    """Cut or deleted on the server: that file only."""
    send(out, server.address, www)
    (www / "2025-05-20.mp3").write_bytes(b"cut")
    (www / "2025-05-21.vtt").unlink()
    sent = {one.name for one in send(out, server.address, www).sent}
    assert {"2025-05-20.mp3", "2025-05-21.vtt"} == sent


@pytest.fixture
def line(server: SshServer) -> Iterator[CuttingProxy]:
    """A line to the server, known as the server is, that can be cut."""
    before = server.known_hosts.read_text()
    with cutting(server.port, limit=120_000, cuts=0) as proxy:
        ours = before.replace(str(server.port), str(proxy.port))
        server.known_hosts.write_text(before + ours)
        yield proxy
    server.known_hosts.write_text(before)


def test_a_line_that_is_cut_in_the_mp3_is_taken_up(
    server: SshServer,
    line: CuttingProxy,
    out: OutFolder,
    www: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Twice cut in the middle of an MP3, then whole, within one run, and without tracebacks."""
    add_episode(out, "2025-05-22", size=400_000)
    line.cuts = 2
    assert len(send(out, server.at(line.port), www).sent) == whole(out)
    assert 3 == line.connections
    assert [] == [record.getMessage() for record in caplog.records if record.levelname != "INFO"]
    assert 400_000 == assert_true(reader(www))["2025-05-22.mp3"]


def test_a_dead_line_leaves_the_old_show(
    server: SshServer, line: CuttingProxy, out: OutFolder, www: Path
) -> None:
    """Every connection is cut: exit code 6 with what is there; then the next run ends it."""
    send(out, server.at(line.port), www)
    before = (www / "feed.xml").read_bytes()
    add_episode(out, "2025-05-20", size=400_000, seed=3)
    line.cuts = 99
    with pytest.raises(EngineError, match=r"does not answer.*0 of \d+ files are there"):
        send(out, server.at(line.port), www)
    assert 6 == line.connections
    assert before == (www / "feed.xml").read_bytes()
    assert 5000 == assert_true(reader(www))["2025-05-20.mp3"]
    line.cuts = 0
    assert send(out, server.at(line.port), www).sent
    assert 400_000 == assert_true(reader(www))["2025-05-20.mp3"]


@pytest.mark.parametrize("known", ["", "another", None])
def test_a_host_that_is_not_known_is_refused(
    server: SshServer, out: OutFolder, www: Path, tmp_path: Path, known: str | None
) -> None:
    """No host key, another one, no file at all: exit code 6 at once, and how to go on."""
    before = server.known_hosts.read_text()
    try:
        server.known_hosts.unlink()
        if known is not None:
            key = f"[127.0.0.1]:{server.port} {new_key(tmp_path / 'key')}" if known else ""
            server.known_hosts.write_text(key)
        with pytest.raises(EngineError, match="host key") as caught:
            send(out, server.address, www)
    finally:
        server.known_hosts.write_text(before)
    assert "fingerprint" in caught.value.hint
    assert not www.exists()


def test_a_key_that_is_refused_is_told(
    server: SshServer, out: OutFolder, www: Path, tmp_path: Path
) -> None:
    """Exit code 6 without waiting; a password in the address is in no message."""
    (server.home / ".ssh/id_ed25519").rename(tmp_path / "kept")
    address = server.address.replace("@", ":secret-word@")
    try:
        with pytest.raises(EngineError, match="refuses the login") as caught:
            send(out, address, www)
    finally:
        (tmp_path / "kept").rename(server.home / ".ssh/id_ed25519")
    chain: BaseException | None = caught.value
    while chain:
        assert "secret-word" not in f"{chain} {chain!r}"
        chain = chain.__cause__


def test_a_server_that_is_not_there_is_told(server: SshServer, out: OutFolder, www: Path) -> None:
    """Nobody listens, or somebody who does not speak SSH: exit code 6."""
    with pytest.raises(EngineError, match="does not answer"):
        send(out, "sftp://127.0.0.1:9", www)


def test_a_place_that_cannot_be_written_is_told(
    server: SshServer, out: OutFolder, www: Path
) -> None:
    """A file where the folder should be: exit code 7."""
    www.parent.mkdir()
    www.write_text("a file")
    with pytest.raises(NotWritableError, match="cannot write sftp"):
        send(out, server.address, www)


def test_a_server_that_is_read_only_is_told(
    tmp_path: Path, out: OutFolder, www: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account may read but not write: exit code 7."""
    with ssh_server(tmp_path / "sshd", "internal-sftp -R") as reading:
        monkeypatch.setenv("HOME", str(reading.home))
        with pytest.raises(NotWritableError, match=r"cannot write.*; 0 of \d+ files"):
            send(out, reading.address, www)
