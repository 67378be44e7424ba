"""The way to a bucket: what its address says, the client that speaks to it, and errors that name the object."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from glyphmill.core.errors import GlyphmillError

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

#: Uploads at the same time.
_THREADS = 8
#: How often S3 is asked before it counts as failed; the waits in between grow and add up to half a minute at most.
_S3_ATTEMPTS = 6
#: Google's client counts time instead.
_GOOGLE_PATIENCE = timedelta(seconds=30)
#: What may follow the address after `?`.
_OPTIONS = {"s3": ("endpoint_override", "region", "scheme"), "gs": ("endpoint_override", "project_id", "scheme")}


class RemoteError(GlyphmillError):
    """Object storage that cannot be used: a wrong address, a missing extra, no way to reach it."""


@dataclass(frozen=True)
class Connection:
    """A bucket, or a folder of one, and how to use it.

    Attributes:
        files: pyarrow's client.
        base: the bucket and the folder, as the client calls them.
        address: the same, for messages.
        threads: what uploads.
    """

    files: FileSystem
    base: str
    address: str
    threads: ThreadPoolExecutor


@lru_cache(maxsize=16)
def connect(url: str) -> Connection:
    """The connection of this process to an address; it is kept, because to find credentials takes time.

    Raises: RemoteError if the address cannot be understood or reached, or the extra `storage` is not installed.
    """
    scheme, bucket, folder, options = _parsed(url)
    try:
        from pyarrow import ArrowException, fs
    except ImportError as error:
        raise RemoteError(
            f"{url}: object storage needs the extra `storage`: pip install 'glyphmill[storage]'"
        ) from error
    base = f"{bucket}/{folder}".rstrip("/")
    try:
        files = (
            _s3(bucket, options) if scheme == "s3" else fs.GcsFileSystem(**options, retry_time_limit=_GOOGLE_PATIENCE)
        )
        files.get_file_info(base)
    except (OSError, ArrowException) as error:
        raise RemoteError(f"{url} cannot be reached: {_brief(error)}") from error
    return Connection(files, base, f"{scheme}://{base}", ThreadPoolExecutor(_THREADS, "glyphmill-upload"))


@contextmanager
def errors_about(address: str) -> Iterator[None]:
    """A block that uses object storage: what goes wrong in it is an OSError with the object's address.

    Raises: FileNotFoundError, OSError.
    """
    from pyarrow import ArrowException

    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), address) from error
    except (OSError, ArrowException) as error:
        raise OSError(errno.EIO, _brief(error), address) from error


def _parsed(url: str) -> tuple[str, str, str, dict[str, str]]:
    """Scheme, bucket, folder and options of an address."""
    parts = urlsplit(url)
    if parts.scheme not in _OPTIONS:
        raise RemoteError(f"got the address {url!r}; expected a folder, file://, s3:// or gs://")
    if parts.password is not None:
        # Not repeated: it would end in logs, as it would be in the list of processes already.
        raise RemoteError(
            f"the address {parts.scheme}://...@{parts.hostname}{parts.path} holds a password. Take it out, and give "
            f"it by the environment, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    folder = parts.path.strip("/")
    if not parts.netloc or (folder and any(part in {"", ".", ".."} for part in folder.split("/"))):
        raise RemoteError(
            f"got the address {url!r}; expected {parts.scheme}://bucket or {parts.scheme}://bucket/folder"
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name in options:
        if name not in _OPTIONS[parts.scheme]:
            allowed = ", ".join(_OPTIONS[parts.scheme])
            raise RemoteError(f"{url}: got the option {name!r}; {parts.scheme}:// knows {allowed}")
    return parts.scheme, parts.netloc, folder, options


def _s3(bucket: str, options: dict[str, str]) -> FileSystem:
    """An S3 client.

    Uploads by pyarrow's threads (`background_writes`) would hold a whole object in memory; `allow_delayed_open` makes
    one request of a small object instead of three.
    """
    from pyarrow import fs

    if "region" not in options and "endpoint_override" not in options:
        options = {**options, "region": fs.resolve_s3_region(bucket)}
    retry = fs.AwsStandardS3RetryStrategy(max_attempts=_S3_ATTEMPTS)
    return fs.S3FileSystem(**options, background_writes=False, allow_delayed_open=True, retry_strategy=retry)


def _brief(error: Exception) -> str:
    return str(error).partition("\n")[0]
