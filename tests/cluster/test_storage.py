"""The place where workers hand in: S3, SFTP and folders; it may fail, and give back rubbish."""

import datetime
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dask_machines import issues, machines, published
from qjaudio.cluster import storage
from qjaudio.cluster.calling import Cluster
from qjaudio.config import Config
from qjaudio.errors import EngineError, NotWritableError, QjaudioError
from qjaudio.pipeline import publishing
from qjaudio.pipeline.batch import Outcome, Wanted, make_one
from qjaudio.pipeline.making import Order
from qjaudio.pipeline.reporting import Quiet
from qjaudio.store import OutFolder
from qjaudio.targets import place_of
from qjaudio.targets.model import Place
from ssh_server import SSHD, ssh_server

pytest.importorskip("distributed", reason="pip install distributed")
NOW = datetime.datetime(2025, 6, 3, 1, 0, tzinfo=datetime.UTC)
DATES = ["2025-05-20", "2025-05-21"]
KEYS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret-word",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        voice="silent", minutes=0.2, sting=None, bed=None, chime=None, closing=None,
        out=str(tmp_path / "out"),
        issues=str(issues(tmp_path / "issues", DATES)),
    )  # fmt: skip


def run(address: str, config: Config) -> list[Outcome]:
    with Cluster(address, lambda _: None) as cluster:
        dates = cluster.dates_of(["2025-05-01..2025-05-31"], config, None, False, NOW)
        return list(cluster.make([Wanted("", config, dates)], Order(may_lack=True), NOW))


def assert_same(config: Config, pages: Path, folder: Path) -> None:
    """What is in `out/` is what a single machine makes of the pages."""
    here = replace(config, out=str(folder), issues=str(pages), cluster_storage="")
    for date in DATES:
        assert make_one(
            date, here, Order(), now=NOW, progress=Quiet()
        ).state == "made"  # fmt: skip
    publishing.publish_feed(OutFolder(folder), here)
    assert published(folder) == published(config.out_folder)


@pytest.mark.nightly
def test_pages_and_bundles_may_lie_in_s3(
    endpoint: str, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers share no disk: they fetch pages from a bucket and hand in there."""
    import boto3

    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="papers")
    pages = Path(config.issues)
    for path in pages.rglob("*.md"):
        client.upload_file(str(path), "papers", f"issues/{path.relative_to(pages)}")
    remote = replace(
        config, issues="s3://papers/issues", cluster_storage="s3://papers/work",
        s3_endpoint=endpoint,
    )  # fmt: skip
    with machines(tmp_path / "machines", "127.0.0.2") as running:
        assert ["made", "made"] == [one.state for one in run(running.address, remote)]
    left = client.list_objects_v2(Bucket="papers", Prefix="work/").get("Contents", [])
    client.close()
    assert [] == left
    assert_same(remote, pages, tmp_path / "alone")


@pytest.mark.nightly
@pytest.mark.skipif(SSHD is None, reason="no sshd: apt-get install openssh-server")
def test_bundles_may_go_by_sftp(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To a real OpenSSH server."""
    (tmp_path / "ssh").mkdir()
    with ssh_server(tmp_path / "ssh") as server:
        monkeypatch.setenv("HOME", str(server.home))
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        remote = replace(
            config, cluster_storage=f"{server.address}{tmp_path}/work",
            issues=f"{server.address}{config.issues}",
        )  # fmt: skip
        with machines(tmp_path / "machines", "127.0.0.2") as running:
            assert ["made", "made"] == [one.state for one in run(running.address, remote)]
    assert [] == list((tmp_path / "work/bundles").iterdir())
    assert_same(remote, Path(config.issues), tmp_path / "alone")


@pytest.mark.parametrize("kind", ["folder", "sftp"])
def test_a_bundle_comes_back_as_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Other bytes are refused; what is taken is gone from the storage. SFTP: a real OpenSSH."""
    if kind == "folder":
        check_bundles(tmp_path, Place(kind="folder", path=str(tmp_path / "work")))
        return
    if SSHD is None:
        pytest.skip("no sshd: apt-get install openssh-server")
    (tmp_path / "ssh").mkdir()
    with ssh_server(tmp_path / "ssh") as server:
        monkeypatch.setenv("HOME", str(server.home))
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        check_bundles(tmp_path, place_of(f"{server.address}{tmp_path}/work"))


def check_bundles(tmp_path: Path, place: Place) -> None:
    (tmp_path / "file").write_bytes(b"whole")
    with storage.open_storage(place) as there:
        there.begin("run-1", NOW)
        assert there.is_on("run-1")
        first, second = (there.hand_in(tmp_path / "file", "run-1", DATES[0]) for _ in range(2))
        assert first.name != second.name
        there.fetch(first, tmp_path / "back")
        assert b"whole" == (tmp_path / "back").read_bytes()
        (tmp_path / "work" / second.name).write_bytes(b"half")
        with pytest.raises(EngineError, match="returned different bytes than were written"):
            there.fetch(second, tmp_path / "back")
        there.end("run-1")
        assert not there.is_on("run-1")
    assert [] == list((tmp_path / "work/bundles").iterdir())


def test_a_storage_that_cannot_be_written_is_found_at_the_beginning(tmp_path: Path) -> None:
    """A file is where the folder should be: exit 7, nothing is begun."""
    (tmp_path / "file").write_text("x")
    with (
        storage.open_storage(place_of(str(tmp_path / "file"))) as there,
        pytest.raises(NotWritableError),
    ):
        there.begin("run-1", NOW)


def test_half_an_episode_is_not_put_in_place(tmp_path: Path, config: Config) -> None:
    """A bundle without its record, or no bundle at all, leaves `out/` as it was."""
    out = OutFolder(tmp_path / "out")
    (tmp_path / "made").mkdir()
    (tmp_path / "made/2025-05-20.mp3").write_bytes(b"audio")
    storage.pack_bundle(OutFolder(tmp_path / "made"), DATES[0], tmp_path / "half.zip")
    (tmp_path / "rubbish.zip").write_bytes(b"rubbish")
    for name in ("half.zip", "rubbish.zip"):
        with pytest.raises(QjaudioError, match="is not a whole episode"):
            storage.unpack_bundle(tmp_path / name, out, DATES[0], config, None)
    assert not out.root.exists()


def test_what_dask_needs_is_only_loaded_when_it_is_used() -> None:
    """The command line starts without it."""
    code = "import sys, qjaudio.cli.make; sys.exit('distributed' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
