"""What is held before a workspace file is written: what its own loader would refuse is never written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from packshot.app.workspace_file import VARIABLE, understood
from packshot.app.workspace_file_text import relative
from packshot.core.errors import UnknownName, UsageError
from packshot.policies.load import names as policy_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packshot.app.beginning import Looked


def hold_policies(named: Iterable[str], folder: Path) -> None:
    """Raise UnknownName for a policy that is none, UsageError for a file that is not there, beside `folder`'s file."""
    for policy in named:
        if policy.endswith(".toml"):
            if not (folder / policy).is_file():
                message = f"There is no file {policy} beside the file to be written."
                raise UsageError(message, "Name it as it lies from there.")
        elif policy not in (known := policy_names()):
            raise UnknownName("policy", policy, known)


def _hold_something(found: Looked) -> None:
    """Raise UsageError where a folder holds neither a feed nor a picture."""
    if found.kind != "folder" or found.listings or found.questions:
        return
    where = "here" if Path(found.at) == Path() else f"in {found.at}"
    raise UsageError(f"There is no feed and no picture {where}. Nothing was written.", "Name one: packshot init FEED.")


def _hold_name(found: Looked, output: Path) -> None:
    """Raise UsageError where the file would lie on the feed, or would take a part of its name for a variable."""
    if VARIABLE.search(found.at):
        message = f"The name {found.at} holds ${{…}}, which in a packshot.toml stands for an environment variable."
        raise UsageError(message, "Rename the file or the folder. Nothing was written.")
    if "://" not in found.at and output.exists() and Path(found.at).exists() and output.samefile(found.at):
        raise UsageError(f"{output} is the feed itself.", "Name another file with -o; a feed is never replaced.")


def hold_found(found: Sequence[Looked], named: Sequence[str], output: Path, before: str) -> None:
    """Raise UsageError for a folder that holds nothing, and a feed that may not stand in the file at `output`.

    It stands in the text `before` already, is named twice, would be written over, or has a name that means another.
    """
    for one in found:
        _hold_something(one)
        _hold_name(one, output)
    old = understood(before, output.absolute()) if before else None
    asked = named or [one.at for one in found]
    places = [one.at if "://" in one.at else relative(one.at, output.parent) for one in found]
    for number, (one, name) in enumerate(zip(found, asked, strict=True)):
        if old is not None and any(old.source_at(at) for at in (one.at, name)):
            message = f"{one.at} is in {output.name} already. Nothing was written."
            raise UsageError(message, "Change it there, or begin anew with --force.")
        if name in asked[:number] or (places[number] in places[:number] and not one.secret):
            raise UsageError(f"{one.at} is named twice. Nothing was written.", "Name each feed once.")


def readable(text: str, output: Path) -> bytes:
    """The bytes of a file at `output`. Raises SettingsError with every mistake that its loader finds in it."""
    understood(text, output.absolute())
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        message = "A name of the feed holds bytes that are no text, which no packshot.toml can hold."
        raise UsageError(message, "Rename the file or the column.") from error
