"""S3 and what speaks its protocol: one request for each picture, listings page by page, its own error codes."""

from __future__ import annotations

import importlib
import os
import re
from typing import TYPE_CHECKING, Any

from packshot.collect.objects import Entry, ObjectStore, filesystem, stamp_of_info
from packshot.collect.patience import Passing
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from packshot.collect.places import ObjectUri
    from packshot.collect.stamp import Stamp
    from packshot.media.limits import Limits

LONGEST_SECONDS = 50
"""For one object; a server that sends a byte now and then would hold a worker for ever."""
_CODE = re.compile(r"\w{1,60}", re.ASCII)
_BUSY = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Throttling", "503", "500"})


class S3Store(ObjectStore):
    """S3 through s3fs, whose retries and those of botocore are switched off: `patience` has them."""

    def __init__(self) -> None:
        """Open it with credentials and endpoint from the environment or the AWS configuration."""
        super().__init__("s3")
        self._faults: Any = importlib.import_module("botocore.exceptions")
        self.errors = (*self.errors, self._faults.BotoCoreError, self._faults.ClientError)

    def _opened(self) -> Any:
        config: dict[str, object] = {"retries": {"total_max_attempts": 1, "mode": "standard"}}
        if region := os.environ.get("AWS_REGION"):
            config["region_name"] = region  # other tools of AWS know this name, botocore does not
        fs = filesystem("s3", config)
        fs.retries = 1
        return fs

    def get(self, uri: ObjectUri, limits: Limits, *, at_most: int | None = None) -> tuple[bytes, Stamp] | None:
        """As the contract says, in one request: what one GET gives is one version of the object."""

        def get() -> tuple[bytes, Stamp] | None:
            answer = self.fs.call_s3("get_object", Bucket=uri.bucket, Key=uri.key, **self.fs.req_kw)
            body, size = answer["Body"], int(answer["ContentLength"])
            try:
                limits.check_bytes(size)
                if at_most is not None and size > at_most:
                    return None
                data: bytes = importlib.import_module("fsspec.asyn").sync(
                    self.fs.loop, body.read, timeout=LONGEST_SECONDS
                )
            finally:
                body.close()
            if len(data) != size:
                raise Passing(TroubleKind.UNREACHABLE, "the object store broke off")
            return data, stamp_of_info({**answer, "size": size})

        return self._asked(get)

    def _stamp(self, uri: ObjectUri) -> Stamp:
        answer = self.fs.call_s3("head_object", Bucket=uri.bucket, Key=uri.key, **self.fs.req_kw)
        return stamp_of_info({**answer, "size": answer["ContentLength"]})

    def entries(self, prefix: ObjectUri, *, deep: bool) -> Iterator[Entry]:
        """As the contract says, with one request for each 1,000 and no more than a page in memory."""
        asked: dict[str, Any] = {"Bucket": prefix.bucket, "Prefix": prefix.key} | ({} if deep else {"Delimiter": "/"})
        while True:
            page = self._asked(lambda: self.fs.call_s3("list_objects_v2", **asked, **self.fs.req_kw))
            for below in page.get("CommonPrefixes", ()):
                yield Entry(below["Prefix"], None)
            for info in page.get("Contents", ()):
                if info["Key"] != prefix.key:
                    yield Entry(info["Key"], stamp_of_info(info))
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def trouble_of(self, error: Exception) -> MediaError:
        """By the code of S3 where there is one."""
        faults = self._faults
        if isinstance(error, faults.NoCredentialsError | faults.PartialCredentialsError):
            return MediaError(TroubleKind.UNREACHABLE, "there are no credentials for the object store")
        if isinstance(error, faults.ParamValidationError):
            return MediaError(TroubleKind.REFUSED, "the address is none that S3 can have")
        cause = error if isinstance(error, faults.ClientError) else error.__cause__
        found = super().trouble_of(error)
        return _by_code(cause.response, found) if isinstance(cause, faults.ClientError) else found


def _by_code(answer: Mapping[str, Any], found: MediaError) -> MediaError:
    code = str(answer.get("Error", {}).get("Code", ""))
    if code == "NoSuchBucket":
        return MediaError(TroubleKind.NOT_FOUND, "there is no such bucket")
    if code in {"PreconditionFailed", "412"}:
        return MediaError(TroubleKind.CHANGED, "the object changed while it was being read")
    shown = code if _CODE.fullmatch(code) else "an unknown code"
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _BUSY or status >= 500 or status == 429:  # noqa: PLR2004 - codes of HTTP
        return Passing(TroubleKind.UNREACHABLE, f"the object store is busy or broken ({shown})")
    if found.kind is TroubleKind.UNREACHABLE:
        return MediaError(found.kind, f"the object store refuses the request ({shown})")
    return found
