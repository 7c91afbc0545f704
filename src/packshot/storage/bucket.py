"""A place in an S3-compatible object store."""

from __future__ import annotations

import contextlib
import io
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from packshot.core.errors import MissingExtra, WorkspaceError
from packshot.storage.faults import fault
from packshot.storage.place import File, redacted

try:
    import botocore.exceptions
    import s3fs
except ImportError as error:
    raise MissingExtra("A workspace on S3", "s3") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
_DELETED_AT_ONCE = 1000
"""Keys in one request; S3 takes no more."""
_THERE_ALREADY = frozenset({"PreconditionFailed", "412"})


class Bucket:
    """The `Place` contract below a prefix of a bucket, which must be there.

    A put is atomic and is kept when it is answered: there is nothing to sync and nothing unfinished to sweep. Endpoint,
    region and credentials come from the environment (`AWS_…`) of whichever process uses it.
    """

    def __init__(self, bucket: str, prefix: str) -> None:
        """Use the keys of `bucket` that begin with `prefix/`."""
        self._bucket = bucket
        self._prefix = prefix

    def __str__(self) -> str:
        """Give its location."""
        return self.location

    def __reduce__(self) -> tuple[object, ...]:
        """Come through a pickle without the connection."""
        return Bucket, (self._bucket, self._prefix)

    @property
    def location(self) -> str:
        """See `Place.location`."""
        return f"s3://{self._path('')}".rstrip("/")

    @property
    def folder(self) -> None:
        """See `Place.folder`."""
        return

    def below(self, name: str) -> Bucket:
        """See `Place.below`."""
        return Bucket(self._bucket, f"{self._prefix}/{name}".lstrip("/"))

    def size(self, key: str) -> int | None:
        """See `Place.size`."""
        try:
            with _as_os_errors():
                answer = self._client.call_s3("head_object", Bucket=self._bucket, Key=self._key(key))
        except FileNotFoundError:
            return None
        return int(answer["ContentLength"])

    def open(self, key: str) -> BinaryIO:
        """See `Place.open`; all of it is read at once."""
        with _as_os_errors():
            return io.BytesIO(self._client.cat_file(self._path(key)))

    def write(self, key: str, data: bytes, *, sync: bool = True) -> None:  # noqa: ARG002 - it is synced anyway
        """See `Place.write`."""
        fault("blob:before-put")
        with _as_os_errors():
            self._client.pipe_file(self._path(key), data)
        fault("blob:put")

    def write_new(self, key: str, data: bytes) -> bool:
        """See `Place.write_new`."""
        name = self._key(key)
        try:
            with _as_os_errors():
                self._client.call_s3("put_object", Bucket=self._bucket, Key=name, Body=data, IfNoneMatch="*")
        except OSError as error:
            if _code(error) in _THERE_ALREADY:
                return False
            raise
        return True

    def sync(self, keys: Iterable[str]) -> None:
        """See `Place.sync`: nothing to do."""

    def delete(self, keys: Iterable[str]) -> None:
        """See `Place.delete`."""
        names = [{"Key": self._key(key)} for key in keys]
        for start in range(0, len(names), _DELETED_AT_ONCE):
            some = {"Objects": names[start : start + _DELETED_AT_ONCE], "Quiet": True}
            with _as_os_errors():
                answer = self._client.call_s3("delete_objects", Bucket=self._bucket, Delete=some)
            refused = answer.get("Errors", ())
            if refused:
                raise PermissionError(f"{len(refused)} files were not deleted: {refused[0].get('Code')}")

    def files(self) -> Iterator[File]:
        """See `Place.files`."""
        prefix = self._key("")
        token: dict[str, str] = {}
        while True:
            with _as_os_errors():
                answer = self._client.call_s3("list_objects_v2", Bucket=self._bucket, Prefix=prefix, **token)
            for found in answer.get("Contents", ()):
                yield File(found["Key"].removeprefix(prefix), int(found["Size"]), found["LastModified"].timestamp())
            if not answer.get("IsTruncated"):
                return
            token = {"ContinuationToken": answer["NextContinuationToken"]}

    def sweep(self, older_than_s: float) -> int:  # noqa: ARG002 - the contract's
        """See `Place.sweep`: a put that was cut off leaves nothing."""
        return 0

    @contextlib.contextmanager
    def explained(self, doing: str) -> Iterator[None]:
        """See `Place.explained`."""
        try:
            yield
        except OSError as error:
            raise self.refusal(doing, error) from error

    def refusal(self, doing: str, error: Exception, said: str | None = None) -> WorkspaceError:
        """The error to raise when the store, or the client of it, refused with `error` while `doing` something.

        `said` is what the client says, where that is not the text of the error.
        """
        if isinstance(error, FileNotFoundError):
            message = f"There is no bucket {self._bucket}, or not that file in it: {doing} failed."
            return WorkspaceError(message, "Make the bucket, or check AWS_ENDPOINT_URL and the name.")
        if isinstance(error, PermissionError):
            message = f"{self.location} may not be written or read: {doing} failed."
            hint = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of one who may list, get, put and delete."
            return WorkspaceError(message, hint)
        return WorkspaceError(
            f"{doing[:1].upper()}{doing[1:]} at {self.location} failed: {redacted(said or str(error))[:500]}",
            "Check the network, AWS_ENDPOINT_URL and AWS_REGION; the same command goes on from what was committed.",
        )

    def lance_options(self) -> dict[str, str]:
        """What Lance's own client must be told; credentials it finds in the environment itself."""
        endpoint, region = _first(_ENDPOINT), _first(_REGION)
        options = {"aws_region": region} if region else {}
        if endpoint:
            options |= {"aws_endpoint": endpoint, "allow_http": str(endpoint.startswith("http://")).lower()}
        return options

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _path(self, key: str) -> str:
        return f"{self._bucket}/{self._key(key)}"

    @cached_property
    def _client(self) -> Any:
        region = _first(_REGION)
        return s3fs.S3FileSystem(
            endpoint_url=_first(_ENDPOINT),
            client_kwargs={"region_name": region} if region else {},
            use_listings_cache=False,
        )


def _code(error: OSError) -> str | None:
    """The error code of S3 behind an error of its client."""
    answer = error.__cause__
    return answer.response["Error"].get("Code") if isinstance(answer, botocore.exceptions.ClientError) else None


def _first(names: tuple[str, ...]) -> str | None:
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    """Let nothing but OSErrors out: botocore has a tree of its own for what happens before there is an answer."""
    try:
        yield
    except (botocore.exceptions.NoCredentialsError, botocore.exceptions.PartialCredentialsError) as error:
        raise PermissionError(str(error)) from error
    except botocore.exceptions.BotoCoreError as error:
        raise ConnectionError(str(error)) from error
