"""Publishing to a service like S3, on loopback."""

import datetime
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutting_proxy import cutting
from published_show import BASE, add_episode, assert_true, show, whole
from qjaudio.config import Config
from qjaudio.errors import EngineError, UsageError
from qjaudio.pipeline.publishing import Mirrored, mirror
from qjaudio.pipeline.reporting import Quiet
from qjaudio.pipeline.review import Review
from qjaudio.store import OutFolder

NOW = datetime.datetime.now(datetime.UTC)


@pytest.fixture(autouse=True)
def _with_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials as everybody gives them, and none of whoever runs the tests."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-word")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def client(endpoint: str) -> Any:
    """Another client than the one that we use."""
    import boto3

    one = boto3.client("s3", endpoint_url=endpoint)
    yield one
    one.close()


@pytest.fixture
def bucket(client: Any, request: pytest.FixtureRequest) -> str:
    name = f"b{zlib.crc32(request.node.name.encode())}"
    client.create_bucket(Bucket=name)
    return name


@pytest.fixture
def out(tmp_path: Path) -> OutFolder:
    return show(tmp_path / "out")


def send(out: OutFolder, target: str, endpoint: str, **others: Any) -> Mirrored:
    return mirror(
        target=target, config=Config(base_url=BASE, s3_endpoint=endpoint), out=out,
        progress=Quiet(), now=NOW, sleep=lambda _: None, **others,
    )  # fmt: skip


def keys(client: Any, bucket: str) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


def reading(client: Any, bucket: str, prefix: str) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        try:
            return bytes(client.get_object(Bucket=bucket, Key=prefix + name)["Body"].read())
        except client.exceptions.NoSuchKey:
            return None

    return read


def test_a_withdrawn_episode_is_gone(
    client: Any, bucket: str, endpoint: str, out: OutFolder
) -> None:
    """Every file of it, and its place in the feed; the other episode stays."""
    target = f"s3://{bucket}/"
    send(out, target, endpoint)
    config = Config(out=str(out.root), base_url=BASE, publish_to=target, s3_endpoint=endpoint)
    review = Review(config=config, now=NOW, progress=Quiet())
    done = review.withdraw("2025-05-20", who="主编", why="来稿有误")
    assert ("", ()) == (done.error, done.left_there)
    assert [] == [name for name in keys(client, bucket) if "2025-05-20" in name]
    assert ["2025-05-21.mp3"] == list(assert_true(reading(client, bucket, "")))


@pytest.mark.parametrize("prefix", ["", "节 目/a/"])
def test_a_show_is_published_to_a_bucket(
    client: Any, bucket: str, endpoint: str, out: OutFolder, prefix: str
) -> None:
    """Whole, with the types that players ask for; nothing the second time."""
    target = f"s3://{bucket}/{prefix}"
    assert len(send(out, target, endpoint).sent) == whole(out)
    read = reading(client, bucket, prefix)
    found = keys(client, bucket)
    assert len(found) == whole(out)
    for key in found:
        name = key.removeprefix(prefix)
        assert (out.root / name).read_bytes() == read(name)
    head = client.head_object(Bucket=bucket, Key=f"{prefix}2025-05-20.mp3")
    assert "audio/mpeg" == head["ContentType"]
    head = client.head_object(Bucket=bucket, Key=f"{prefix}feed.xml")
    assert "application/rss+xml; charset=utf-8" == head["ContentType"]
    assert "no-cache" == head["CacheControl"]
    assert 2 == len(assert_true(read))
    assert () == send(out, target, endpoint).sent


def test_a_remade_episode_replaces_the_old(
    client: Any, bucket: str, endpoint: str, out: OutFolder
) -> None:
    """Copied within the service, with its type; no waiting object is left."""
    send(out, f"s3://{bucket}/a", endpoint)
    add_episode(out, "2025-05-20", size=7000, seed=5)
    sent = [one.name for one in send(out, f"s3://{bucket}/a", endpoint).sent]
    assert ["2025-05-20.mp3", "feed.xml"] == [sent[0], sent[-1]]
    assert 7000 == assert_true(reading(client, bucket, "a/"))["2025-05-20.mp3"]
    head = client.head_object(Bucket=bucket, Key="a/2025-05-20.mp3")
    assert "audio/mpeg" == head["ContentType"]
    assert len(keys(client, bucket)) == whole(out)


def test_what_is_there_already_is_not_sent(
    client: Any, bucket: str, endpoint: str, out: OutFolder
) -> None:
    """On a new computer the MD5 of the objects tells; a damaged one of equal length is noticed."""
    send(out, f"s3://{bucket}", endpoint)
    for path in (out.root / ".published").iterdir():
        path.unlink()
    client.put_object(Bucket=bucket, Key="2025-05-20.mp3", Body=bytes(5000))
    sent = [one.name for one in send(out, f"s3://{bucket}", endpoint).sent]
    assert ["2025-05-20.mp3"] == sent


def test_a_line_that_is_cut_is_taken_up(
    client: Any, bucket: str, endpoint: str, out: OutFolder
) -> None:
    """Connections that die in the middle of an MP3: tried again within the run."""
    add_episode(out, "2025-05-22", size=400_000)
    port = int(endpoint.rpartition(":")[2])
    with cutting(port, limit=120_000, cuts=2) as proxy:
        sent = send(out, f"s3://{bucket}", f"http://127.0.0.1:{proxy.port}").sent
        assert len(sent) == whole(out)
    assert 400_000 == assert_true(reading(client, bucket, ""))["2025-05-22.mp3"]


def test_a_dead_line_leaves_the_old_show(
    client: Any, bucket: str, endpoint: str, out: OutFolder
) -> None:
    """Every long connection is cut: exit code 6, the old show is whole, the next run ends it."""
    read, target = reading(client, bucket, ""), f"s3://{bucket}"
    with cutting(int(endpoint.rpartition(":")[2]), limit=120_000, cuts=0) as line:
        address = f"http://127.0.0.1:{line.port}"
        send(out, target, address)
        before = read("feed.xml")
        add_episode(out, "2025-05-20", size=400_000, seed=3)
        line.cuts = 999
        with pytest.raises(EngineError, match=r"does not answer.*0 of \d+ files are there"):
            send(out, target, address)
        assert before == read("feed.xml")
        assert 5000 == assert_true(read)["2025-05-20.mp3"]
        line.cuts = 0
        assert send(out, target, address).sent
    assert 400_000 == assert_true(read)["2025-05-20.mp3"]


def test_a_bucket_that_is_not_there_is_told(endpoint: str, out: OutFolder) -> None:
    """Exit code 6, not made by itself, and not tried again and again."""
    with pytest.raises(EngineError, match="is not there") as caught:
        send(out, "s3://no-such-bucket/a", endpoint)
    assert "s3_endpoint" in caught.value.hint


def test_missing_credentials_are_told(
    endpoint: str, out: OutFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 6, and the usual names to set."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(EngineError, match="no credentials") as caught:
        send(out, "s3://bucket/a", endpoint)
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint


def test_the_feed_of_another_show_is_not_overwritten(
    client: Any, bucket: str, endpoint: str, out: OutFolder, tmp_path: Path
) -> None:
    """Two shows in one bucket need two folders."""
    send(out, f"s3://{bucket}", endpoint)
    with pytest.raises(UsageError, match="another show"):
        mirror(
            target=f"s3://{bucket}", out=show(tmp_path / "other"), progress=Quiet(), now=NOW,
            config=Config(base_url="https://other.cn/", s3_endpoint=endpoint),
        )  # fmt: skip
