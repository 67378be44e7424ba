"""A folder and object storage keep the same promises."""

from __future__ import annotations

import errno
import http.server
import io
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glyphmill.export import connection
from glyphmill.export.connection import RemoteError
from glyphmill.export.local import LocalStorage
from glyphmill.export.remote import RemoteStorage, _upload
from glyphmill.export.storage import Storage, open_storage
from tests.s3 import CREDENTIALS, Bucket

MEGABYTES = bytes(range(256)) * 47_000  # 12 MB: more than one part of an upload
NAMES = ["a.json", "a b.json", "ä.json", "#1.json", "100%.json", "a+b.json", "q?x=1&y.json", "-.json", "日本.json"]


@pytest.fixture(params=["folder", "file", "bucket", "folder of a bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(tmp_path / "new")
    if request.param == "file":
        return open_storage((tmp_path / "new folder").as_uri())
    bucket: Bucket = request.getfixturevalue("s3")
    return open_storage(bucket.url if request.param == "bucket" else bucket.folder("data/set 1"))


@pytest.fixture
def remote(s3: Bucket) -> RemoteStorage:
    return RemoteStorage(s3.folder("data"))


def _write(storage: Storage, path: str, data: bytes) -> None:
    storage.write(path, data)


def _create(storage: Storage, path: str, data: bytes) -> None:
    with storage.create(path) as file:
        half = len(data) // 2
        file.write(data[:half])
        file.write(memoryview(data)[half:])


def _batch(storage: Storage, path: str, data: bytes) -> None:
    with storage.batch() as batch:
        batch.write("beside/it", b"another")
        batch.write(path, data)


WAYS = pytest.mark.parametrize("write", [_write, _create, _batch])


@WAYS
@pytest.mark.parametrize("size", [0, 1, len(MEGABYTES)])
def test_what_is_written_is_read(storage: Storage, write: Callable[[Storage, str, bytes], None], size: int) -> None:
    """By every way of writing and of reading; what was there before is replaced."""
    data = MEGABYTES[:size]
    storage.write("folder/file.bin", b"old, and longer than one byte")
    write(storage, "folder/file.bin", data)
    assert storage.read("folder/file.bin") == data
    assert storage.size("folder/file.bin") == size
    with storage.open("folder/file.bin") as file:
        pieces = iter(lambda: file.read(1_000_003), b"")
        assert b"".join(pieces) == data
        file.seek(size // 2)
        assert file.read(10) == data[size // 2 :][:10]
        assert file.tell() == min(size // 2 + 10, size)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.binary(max_size=300))
def test_bytes_are_kept_as_they_are(storage: Storage, data: bytes) -> None:
    storage.write("bytes", data)
    assert storage.read("bytes") == data


@pytest.mark.parametrize("name", NAMES)
def test_names_are_kept_as_they_are(storage: Storage, name: str) -> None:
    storage.write(f"folder/{name}", name.encode())
    assert storage.names("folder") == [name]
    assert storage.read(f"folder/{name}") == name.encode()


def test_names_are_those_of_one_folder_in_order(storage: Storage) -> None:
    """Files and folders, sorted; the root too; none where there is no such folder."""
    for path in ("b", "a/2", "a/10", "a/deep/er", "ab/1"):
        storage.write(path, b"x")
    assert storage.names("") == ["a", "ab", "b"]
    assert storage.names("a") == ["10", "2", "deep"]
    assert storage.names("none") == storage.names("a/none") == []


def test_a_folder_may_hold_thousands(storage: Storage) -> None:
    """More than object storage names in one answer, and more than a batch uploads at once."""
    expected = [f"{number:05d}" for number in range(1100)]
    with storage.batch() as batch:
        for name in reversed(expected):
            batch.write(f"many/{name}", name.encode())
    assert storage.names("many") == expected
    assert [storage.read(f"many/{name}") for name in expected[::500]] == [b"00000", b"00500", b"01000"]


def test_what_is_not_there_says_so(storage: Storage) -> None:
    assert storage.size("folder/none") is None
    storage.remove("folder/none")
    for look in (storage.read, storage.open):
        with pytest.raises(FileNotFoundError) as caught:
            look("folder/none")
        assert str(caught.value.filename).endswith("folder/none")
        assert caught.value.strerror == "No such file or directory"


def test_a_removed_file_is_gone_and_its_neighbours_stay(storage: Storage) -> None:
    storage.write("folder/one", b"1")
    storage.write("folder/two", b"2")
    storage.remove("folder/one")
    assert storage.size("folder/one") is None
    assert storage.names("folder") == ["two"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_block_that_fails_leaves_nothing(storage: Storage, error: type[BaseException]) -> None:
    """Not the new file, nor a part of it; the old one stays."""
    storage.write("folder/old", b"old")
    with pytest.raises(error), storage.create("folder/old") as file:  # noqa: PT012 - what happens in between
        file.write(MEGABYTES)
        raise error
    with pytest.raises(error), storage.batch() as batch:  # noqa: PT012 - what happens in between
        batch.write("folder/old", b"new")
        batch.write("folder/new", b"new")
        raise error
    assert storage.names("folder") == ["old"]
    assert storage.read("folder/old") == b"old"


def test_a_file_is_not_there_before_its_block_ends(storage: Storage) -> None:
    with storage.create("one") as file, storage.batch() as batch:
        file.write(MEGABYTES)
        batch.write("two", b"2")
        assert storage.size("one") is None
        assert storage.size("two") is None
    assert storage.size("one") == len(MEGABYTES)
    assert storage.size("two") == 1


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "a/..", "/etc/x", "", ".", "a//b", "./a", "a/", "..\\x", "C:/x", "c:x", "a\0b"]
)
def test_no_path_leaves_the_dataset(storage: Storage, path: str) -> None:
    """Whatever is done with it, also where a dataset of unknown origin names it."""
    ways: list[Callable[[], object]] = [
        lambda: storage.write(path, b"x"),
        lambda: _create(storage, path, b"x"),
        lambda: _batch(storage, path, b"x"),
        lambda: storage.read(path),
        lambda: storage.open(path),
        lambda: storage.size(path),
        lambda: storage.remove(path),
        *([lambda: storage.names(path)] if path else []),
    ]
    for way in ways:
        with pytest.raises(OSError, match="not a path within a dataset") as caught:
            way()
        assert caught.value.errno == errno.EINVAL


def test_another_process_opens_the_same_storage(storage: Storage) -> None:
    """`location` is enough, and it travels."""
    storage.write("file", b"x")
    assert open_storage(pickle.loads(pickle.dumps(storage.location))).read("file") == b"x"


def test_objects_lie_where_the_address_says(s3: Bucket) -> None:
    """Amazon's client finds the same bytes under the folder of the address, and nothing else in the bucket."""
    RemoteStorage(s3.folder("data/set")).write("images/1.png", b"png")
    RemoteStorage(s3.folder("data/set/")).write("manifest.json", b"{}")
    assert s3.contents() == {"data/set/images/1.png": b"png", "data/set/manifest.json": b"{}"}


def test_a_small_object_is_one_request(s3: Bucket) -> None:
    """An upload in parts, which the tag of an object tells by a dash, takes three at least."""
    RemoteStorage(s3.url).write("small", b"x")
    RemoteStorage(s3.url).write("large", MEGABYTES)
    tags = {name: s3.client().head_object(Bucket=s3.name, Key=name)["ETag"] for name in ("small", "large")}
    assert "-" not in tags["small"]
    assert "-" in tags["large"]


def test_what_cannot_be_read_is_not_uploaded(remote: RemoteStorage) -> None:
    """A source that fails in the middle of an upload leaves no object that lacks its end."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    with pytest.raises(OSError, match="Input/output error"):
        _upload(remote._connection, *remote._named("file"), Failing(MEGABYTES * 2))
    assert remote.size("file") is None


def test_a_full_disk_is_the_one_of_temporary_files(remote: RemoteStorage, tmp_path: Path) -> None:
    """What cannot be kept until it is uploaded is said of the folder that is full."""
    with pytest.raises(OSError, match="No space") as caught, remote.batch():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert Path(caught.value.filename).is_dir()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ftp://host/x", "expected a folder, file://, s3:// or gs://"),
        ("s3://", "expected s3://bucket or s3://bucket/folder"),
        ("s3:///folder", "expected s3://bucket or s3://bucket/folder"),
        ("s3://bucket/a/../b", "expected s3://bucket or s3://bucket/folder"),
        ("s3://bucket/a?endpoint=x", "got the option 'endpoint'; s3:// knows endpoint_override, region, scheme"),
        ("s3://bucket/a?scheme=gopher&endpoint_override=127.0.0.1:1", "scheme"),
    ],
)
def test_a_wrong_address_is_refused_with_what_is_right(address: str, expected: str) -> None:
    with pytest.raises(RemoteError) as caught:
        open_storage(address)
    assert expected in str(caught.value)
    assert address in str(caught.value)


def test_a_password_is_refused_and_not_repeated() -> None:
    """It would end in the list of processes, in logs and in the manifest."""
    with pytest.raises(RemoteError, match="AWS_SECRET_ACCESS_KEY") as caught:
        open_storage("s3://key:s3cret@bucket/folder")
    assert "s3cret" not in str(caught.value)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(RemoteError, match=r"pip install 'glyphmill\[storage\]'"):
        open_storage("s3://bucket-without-pyarrow/x")


def test_a_missing_bucket_is_named(s3: Bucket) -> None:
    storage = open_storage(f"s3://no-such-bucket/x?endpoint_override={s3.endpoint}&scheme=http")
    with pytest.raises(OSError, match="NO_SUCH_BUCKET") as caught:
        storage.write("a/b", b"x")
    assert caught.value.filename == "s3://no-such-bucket/x/a/b"


class _Answers(http.server.BaseHTTPRequestHandler):
    """A server whose every answer is one status; `first_good` of them are good."""

    status, first_good, seen = 500, 0, 0

    def _answer(self) -> None:
        kind = type(self)
        kind.seen += 1
        self.rfile.read(int(self.headers.get("content-length") or 0))
        good = kind.seen <= kind.first_good
        self.send_response(200 if good else kind.status)
        self.send_header("content-length", "0")
        self.send_header("ETag", '"x"')
        self.end_headers()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so named by http.server
        pass


@contextmanager
def _server(status: int, first_good: int) -> Iterator[tuple[str, type[_Answers]]]:
    handler = type("Answers", (_Answers,), {"status": status, "first_good": first_good})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"s3://bucket/x?endpoint_override=127.0.0.1:{server.server_port}&scheme=http&region=us-east-1", handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Storage that is asked again but once."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(connection, "_S3_ATTEMPTS", 2)


OPERATIONS: list[Callable[[Storage], object]] = [
    lambda storage: _write(storage, "a/b", b"x"),
    lambda storage: _create(storage, "a/b", MEGABYTES),
    lambda storage: _batch(storage, "a/b", b"x"),
    lambda storage: storage.read("a/b"),
    lambda storage: storage.open("a/b"),
    lambda storage: storage.size("a/b"),
    lambda storage: storage.names("a"),
    lambda storage: storage.remove("a/b"),
]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_server_that_fails_is_an_error_with_the_address(operation: Callable[[Storage], object]) -> None:
    """Not a hang, not an exception of pyarrow's own."""
    with _server(500, first_good=1) as (url, _):
        storage = open_storage(url)
        with pytest.raises(OSError, match=r"AWS Error") as caught:
            operation(storage)
    assert caught.value.filename.startswith("s3://bucket/x/")
    assert caught.value.strerror


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_gone_is_an_error_with_the_address() -> None:
    with _server(500, first_good=1) as (url, _):
        storage = open_storage(url)
    for operation in OPERATIONS:
        with pytest.raises(OSError, match=r"NETWORK_CONNECTION") as caught:
            operation(storage)
        assert caught.value.filename.startswith("s3://bucket/x/")


@pytest.mark.usefixtures("impatient")
def test_storage_that_cannot_be_reached_is_refused() -> None:
    """When it is opened, before any work; with the address and the cause."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"s3://bucket/x?endpoint_override=127.0.0.1:{unused.getsockname()[1]}&scheme=http&region=us-east-1"
        with pytest.raises(RemoteError) as caught:
            open_storage(url)
    assert url in str(caught.value)
    assert "NETWORK_CONNECTION" in str(caught.value)


@pytest.mark.usefixtures("impatient")
def test_a_server_that_never_answers_is_given_up() -> None:
    """It takes the connection and is silent."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"s3://bucket/x?endpoint_override=127.0.0.1:{silent.getsockname()[1]}&scheme=http&region=us-east-1"
        start = time.monotonic()
        with pytest.raises(RemoteError, match="cannot be reached"):
            open_storage(url)
        assert time.monotonic() - start < 60


@pytest.mark.parametrize("status", [500, 503])
def test_what_passes_goes_unnoticed(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that fails once and is well again, as busy ones are."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)

    with _server(200, first_good=1) as (url, handler):
        storage = open_storage(url)
        handler.status, handler.first_good = 200, 0
        storage.write("a", b"x")
        before = handler.seen

        def fail_once(self: _Answers) -> None:
            kind = type(self)
            kind.status = status if kind.seen == before else 200
            _Answers._answer(self)

        handler.do_PUT = fail_once
        storage.write("b", b"x")
        assert handler.seen == before + 2


def test_storages_are_what_their_address_says(tmp_path: Path, s3: Bucket) -> None:
    assert isinstance(open_storage(str(tmp_path)), LocalStorage)
    assert isinstance(open_storage(tmp_path.as_uri()), LocalStorage)
    assert isinstance(open_storage(s3.url), RemoteStorage)
