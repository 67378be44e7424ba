"""An S3-compatible server of the tests' own, and a bucket on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

#: What S3's clients take from the environment; whoever starts a process gives it these too.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests-secret",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Bucket:
    """An empty bucket.

    Attributes:
        url: of its root, with what it takes to reach it.
        name: its own.
    """

    name: str
    endpoint: str

    @property
    def url(self) -> str:
        return self.folder("")

    def folder(self, path: str) -> str:
        """The address of a folder in it."""
        return f"s3://{self.name}/{path}?endpoint_override={self.endpoint}&scheme=http&region=us-east-1"

    def client(self) -> Any:
        """Amazon's own client: what tests compare with."""
        import boto3

        keys = {
            "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        }
        return boto3.client("s3", endpoint_url=f"http://{self.endpoint}", region_name="us-east-1", **keys)

    def contents(self) -> dict[str, bytes]:
        """Every object by its key, without the empty ones that only mark folders."""
        client, found = self.client(), {}
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=self.name):
            for entry in page.get("Contents", ()):
                if not entry["Key"].endswith("/"):
                    found[entry["Key"]] = client.get_object(Bucket=self.name, Key=entry["Key"])["Body"].read()
        return found


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Host and port of a server that speaks S3."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A new bucket; the environment holds its credentials."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    bucket = Bucket(f"bucket-{uuid.uuid4().hex[:12]}", s3_endpoint)
    bucket.client().create_bucket(Bucket=bucket.name)
    return bucket
