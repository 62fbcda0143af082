"""Fixtures of this folder."""

from s3_server import endpoint  # noqa: F401 - a service like S3
