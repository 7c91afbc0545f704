"""Takes a user's own ONNX model into the cache, and out of it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.core.errors import MissingExtra, UnknownName, UsageError
from packshot.models.added import FACTS, RECORD, SLOTS, added_models, is_added, record_of
from packshot.models.cache import MODEL, place_of, sha256_of
from packshot.models.clip import TEXT, TOKENIZER, written
from packshot.models.clip_check import OTHER, half_of, hold_same_width
from packshot.models.folder import cache_folder, locked, store, writing
from packshot.models.sessions import failures
from packshot.models.sources import Source, SourceFile, all_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def add_model(name: str, file: Path, *, task: str | None = None, companions: Sequence[Path] = ()) -> Source:
    """Copy the ONNX model `file`, and the files that go with it, into the cache as `name`; give what was kept.

    The name of a model that packshot knows where to get is refused; a model added before under the name is replaced.
    A half of a CLIP is tried out; that for texts needs its tokenizer, which may lie beside `file`. A half that takes
    the place of another takes the other half of the old CLIP out, too: two halves of two models never meet.
    UsageError where a file cannot be read or is no ONNX model with its weights inside, or no half of a CLIP;
    MissingExtra when there is no onnxruntime to read it.
    """
    companions = _with_tokenizer(name, file, companions)
    _hold_name(name, companions)
    root = cache_folder()
    with locked(root), writing(root), tempfile.TemporaryDirectory(prefix=".fetch-add-", dir=root) as work:
        # The copy is what is tried: weights that lie beside the original, and would be missing here, are noticed.
        model = _copied(file, Path(work) / MODEL)
        session = _read_by_onnxruntime(model, file)
        copies = [model, *(_copied(one, Path(work) / one.name) for one in companions)]
        if name in SLOTS:
            copies.append(_tried_half(name, session, file, copies))
        source = Source(
            id=name,
            task=task or SLOTS.get(name, "a model of your own"),
            licence="yours",
            upstream="",
            copyright="",
            inputs=_told(session.get_inputs()),
            outputs=_told(session.get_outputs()),
            files=tuple(_described(one) for one in copies),
        )
        for described, copy in zip(source.files, copies, strict=True):
            store(place_of(source, described), copy.read_bytes())
        if name in SLOTS and _is_replaced(name, source.files[0].sha256):
            _taken_out(root / OTHER[name])
        # From here on it counts.
        store(root / name / RECORD, json.dumps(record_of(source), indent=2).encode())
        for old in (root / name).iterdir():
            if old.is_dir() and old.name != source.version:
                shutil.rmtree(old, ignore_errors=True)
    return source


def remove_model(name: str) -> None:
    """Delete a model that was added from the cache. Raises UnknownName where none of that name was."""
    if not _NAME.fullmatch(name) or not is_added(name):
        raise UnknownName("model of your own", name, added_models())
    root = cache_folder()
    with locked(root), writing(root):
        _taken_out(root / name)


def _taken_out(folder: Path) -> None:
    (folder / RECORD).unlink(missing_ok=True)
    # From here on it is gone.
    shutil.rmtree(folder, ignore_errors=True)


def _tried_half(name: str, session: Any, file: Path, copies: Sequence[Path]) -> Path:
    """A file that says how this half of a CLIP is run, beside the copies of its files."""
    half = half_of(name, session, file, next((one for one in copies if one.name == TOKENIZER), None))
    facts = copies[0].with_name(FACTS)
    facts.write_bytes(written(half))
    if not _is_replaced(name, sha256_of(copies[0])):
        hold_same_width(name, half, file)
    return facts


def _is_replaced(name: str, sha256: str) -> bool:
    """Whether another model than that of the checksum is in the slot now."""
    if not is_added(name):
        return False
    found = added_models().get(name)
    return found is None or found.file(MODEL).sha256 != sha256


def _with_tokenizer(name: str, file: Path, companions: Sequence[Path]) -> Sequence[Path]:
    beside = file.parent / TOKENIZER
    given = TOKENIZER in {one.name for one in companions}
    return companions if name != TEXT or given or not beside.is_file() else [*companions, beside]


def _hold_name(name: str, companions: Sequence[Path]) -> None:
    if name in all_sources():
        raise UsageError(f"{name} is a model that packshot fetches itself.", "Give yours another name.")
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a model.", "Use small letters, digits and dashes: my-model-2")
    names = [one.name for one in companions]
    if bad := [one for one in names if not _FILE_NAME.fullmatch(one) or one in {MODEL, FACTS} or names.count(one) > 1]:
        raise UsageError(f"{bad[0]!r} cannot go with a model.", "Give it another name: letters, digits, dots, dashes.")


def _copied(file: Path, target: Path) -> Path:
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is no regular file.", "Name a file that this user may read.")
    try:
        with file.open("rb") as source:
            opened = source.read
            with target.open("xb") as copy:
                while piece := opened(1 << 20):
                    copy.write(piece)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        if error.filename == str(target):
            raise
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Name a file that this user may read.") from error
    return target


def _described(path: Path) -> SourceFile:
    digits, size = sha256_of(path), path.stat().st_size
    return SourceFile(path.name, "", "own", "", "", digits, size, "yours", digits, size)


def _read_by_onnxruntime(copy: Path, original: Path) -> Any:
    """A session that runs it."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra("Adding a model", "models") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return onnxruntime.InferenceSession(copy, options, providers=["CPUExecutionProvider"])
    except failures() as error:
        raise UsageError(
            f"{original} cannot be read as an ONNX model: {str(error).replace(str(copy), original.name)}",
            "It must be one file with its weights inside, of operators that the installed onnxruntime knows.",
        ) from error


def _told(values: Sequence[Any]) -> str:
    return "; ".join(f"{one.name}: {one.type} ({', '.join(str(size) for size in one.shape)})" for one in values)
