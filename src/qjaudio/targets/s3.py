"""A bucket of S3 or a service like it, through s3fs (fsspec and aiobotocore)."""

import base64
import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from qjaudio.errors import EngineError, MissingPartError, QjaudioError
from qjaudio.targets.model import Place, Stored, TargetUnreachableError, Upload

_SINGLE_BYTES = 100_000_000
"""Below this a file goes in one request; two blocks of s3fs (50 MiB) are a little more."""
_CONFIG = {
    "connect_timeout": 20,
    "read_timeout": 60,
    "retries": {"max_attempts": 1},  # we try again ourselves, and say so
    # botocore adds a CRC that many services like S3 refuse; Content-MD5 is known to all of them.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
_MD5 = re.compile(r"[0-9a-f]{32}")


class S3Target:
    """Objects of a bucket whose keys begin with a prefix. A PUT shows the whole object or none."""

    puts_whole = True

    def __init__(self, place: Place) -> None:
        """Prepare; the first step connects. MissingPartError where s3fs is not installed."""
        try:
            import botocore.exceptions
            import s3fs
        except ImportError as error:
            reason = "publishing to S3 needs s3fs"
            raise MissingPartError(reason, hint="pip install s3fs") from error
        self._place = place
        self._failures = (OSError, botocore.exceptions.BotoCoreError)
        self._missing_keys = (
            botocore.exceptions.NoCredentialsError,
            botocore.exceptions.PartialCredentialsError,
        )
        with self._explained():
            self._files = s3fs.S3FileSystem(
                endpoint_url=place.endpoint or None,
                config_kwargs=_CONFIG,
                skip_instance_cache=True,
                use_listings_cache=False,
            )
            self._files.retries = 1

    def listing(self, folder: str) -> dict[str, Stored]:
        """The objects of one folder; a bucket that is missing is an error, an empty one is not."""
        with self._explained():
            self._files.info(self._place.path.partition("/")[0])
            try:
                entries = self._files.ls(self._key(folder), detail=True, refresh=True)
            except FileNotFoundError:
                return {}
        root = f"{self._place.path}/"
        return {
            entry["name"].removeprefix(root): _stored_object(entry)
            for entry in entries
            if entry["type"] == "file" and not entry["name"].endswith("/")
        }

    def stat(self, name: str) -> Stored | None:
        """One object."""
        with self._explained():
            try:
                entry = self._files.info(self._key(name), refresh=True)
            except FileNotFoundError:
                return None
        return _stored_object(entry) if entry["type"] == "file" else None

    def read(self, name: str) -> bytes:
        """Its bytes."""
        with self._explained():
            return bytes(self._files.cat_file(self._key(name)))

    def put(self, upload: Upload, name: str) -> None:
        """Send it with its type; the service proves the MD5 before it shows the object."""
        headers = {"ContentType": upload.media_type, "CacheControl": upload.cache_control}
        if upload.size < _SINGLE_BYTES:
            headers["ContentMD5"] = base64.b64encode(bytes.fromhex(upload.md5)).decode()
        with self._explained():
            self._files.put_file(
                str(upload.path),
                self._key(name),
                **{key: value for key, value in headers.items() if value},
            )

    def move(self, old: str, new: str) -> None:
        """Copy within the service, which shows the whole object at once; then remove the old."""
        with self._explained():
            self._files.cp_file(self._key(old), self._key(new))
            self._files.rm_file(self._key(old))

    def remove(self, name: str) -> None:
        """Remove an object."""
        with self._explained():
            self._files.rm_file(self._key(name))

    def close(self) -> None:
        """Let the connections go."""
        with contextlib.suppress(Exception):
            self._files.close_session(self._files.loop, self._files._s3)

    def _key(self, name: str) -> str:
        return f"{self._place.path}/{name}".rstrip("/")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            raise self._as_ours(error) from error

    def _as_ours(self, error: Exception) -> QjaudioError:
        label = self._place.label
        if isinstance(error, self._missing_keys):
            return EngineError(
                f"there are no credentials for {label}",
                hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            )
        if isinstance(error, PermissionError):
            return EngineError(
                f"{label} refuses access: {error}",
                hint="the key needs ListBucket, GetObject, PutObject and DeleteObject there",
            )
        if isinstance(error, FileNotFoundError):
            reason = f"{label} is not there: {error}"
            return EngineError(reason, hint="check the bucket's name, s3_endpoint and AWS_REGION")
        reason = f"{label} does not answer: {error}"
        return TargetUnreachableError(reason, hint="check the network and s3_endpoint")


def _stored_object(entry: dict[str, Any]) -> Stored:
    tag = str(entry.get("ETag") or "").strip('"')
    changed = entry.get("LastModified")
    return Stored(
        size=int(entry["size"]),
        mark=tag,
        modified=changed.timestamp() if isinstance(changed, datetime) else 0.0,
        md5=tag if _MD5.fullmatch(tag) else "",
    )
