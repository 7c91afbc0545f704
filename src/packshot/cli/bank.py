"""`packshot bank`: pictures that are known to be bad, which no run shows again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from packshot.cli.options import PATH, catalog_option, json_option, workspace_option
from packshot.cli.show import as_json, clean, printed_table, say

if TYPE_CHECKING:
    from pathlib import Path

    from packshot.pipeline.stores import Stores

dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")


@click.group()
def bank() -> None:
    """Keep banks of pictures that are known to be bad: `run` finds them and their copies, and blocks them."""


@bank.command("add")
@click.argument("name", metavar="BANK")
@click.argument("pictures", nargs=-1, required=True, type=PATH, metavar="PICTURE...")
@workspace_option
@catalog_option
@click.option("--note", help="Why they are bad; shown wherever one is found.")
@dry_run_option
@json_option
def add_(
    name: str,
    pictures: tuple[Path, ...],
    workspace: Any,
    catalog: Any,
    note: str | None,
    *,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Put pictures into BANK: what they look like is kept, not the files. Adding one again changes nothing."""
    from packshot.app.banks import add_pictures

    with _stores(workspace, catalog, create=True) as stores:
        _say(add_pictures(stores, name, pictures, note=note, dry_run=dry_run), as_json_=as_json_)


@bank.command("import")
@click.argument("name", metavar="BANK")
@click.argument("file", type=PATH)
@workspace_option
@catalog_option
@click.option(
    "--max-distance",
    type=int,
    metavar="BITS",
    help="Bits of 256 in which a picture may differ; 31 by default and at most.",
)
@click.option("--note", help="Said of all of them, in place of what the list says.")
@dry_run_option
@json_option
def import_(
    name: str,
    file: Path,
    workspace: Any,
    catalog: Any,
    max_distance: int | None,
    note: str | None,
    *,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Put a list of PDQ hashes into BANK: a text file or CSV, one hash of 64 hexadecimal digits a line."""
    from packshot.app.banks import import_list

    with _stores(workspace, catalog, create=True) as stores:
        told = import_list(stores, name, file, max_distance=max_distance, note=note, dry_run=dry_run)
        _say(told, as_json_=as_json_)


@bank.command("list")
@click.argument("name", metavar="[BANK]", required=False)
@workspace_option
@catalog_option
@json_option
def list_(name: str | None, workspace: Any, catalog: Any, *, as_json_: bool) -> None:
    """Show the banks of the workspace, or the entries of one."""
    from packshot.app.banks import banks, entries

    with _stores(workspace, catalog, create=False) as stores:
        rows = entries(stores, name) if name else banks(stores)
    if as_json_:
        say(as_json(rows))
        return
    if not rows:
        say("There is no bank here yet. Make one: packshot bank add BANK PICTURE... -w WORKSPACE")
        return
    names = ("entry_id", "kind", "note", "source") if name else ("bank", "entries", "pictures", "hashes")
    printed_table("", names, [tuple(clean(str(row[n] or "")) for n in names) for row in rows], whole=names[:1])


@bank.command("remove")
@click.argument("name", metavar="BANK")
@click.argument("entries", nargs=-1, metavar="[ENTRY]...")
@workspace_option
@catalog_option
@click.option("--all", "everything", is_flag=True, help="Take out all entries of the bank.")
@dry_run_option
@json_option
def remove_(
    name: str,
    entries: tuple[str, ...],
    workspace: Any,
    catalog: Any,
    *,
    everything: bool,
    dry_run: bool,
    as_json_: bool,
) -> None:
    """Take entries out of BANK, by their ids; the next run shows what they kept back. Add them again to undo it."""
    from packshot.app.banks import remove
    from packshot.core.errors import UsageError

    if everything == bool(entries):
        raise UsageError(
            "Say which entries of the bank go.", "Name their ids (packshot bank list BANK), or give --all."
        )
    with _stores(workspace, catalog, create=False) as stores:
        told = remove(stores, name, entries, dry_run=dry_run)
    if as_json_:
        say(as_json(told))
        return
    say(clean(f"{'would remove' if dry_run else 'removed'} {told['removed']:,} of the bank {name}"))


class _stores:  # noqa: N801 - used as a function
    """The stores of a workspace, closed at the end."""

    def __init__(self, workspace: Any, catalog: Any, *, create: bool) -> None:
        from packshot.pipeline.stores import Stores

        self._stores = Stores.open(workspace, create=create, catalog=catalog)

    def __enter__(self) -> Stores:
        return self._stores

    def __exit__(self, *_: object) -> None:
        self._stores.close()


def _say(told: dict[str, Any], *, as_json_: bool) -> None:
    if as_json_:
        say(as_json(told))
        return
    line = f"{'would add' if told['dry_run'] else 'added'} {told['added']:,} to the bank {told['bank']}"
    notes = {"known": "there already", "doubled": "named twice", "too_plain": "too plain to tell anything"}
    more = [f"{told[name]:,} {words}" for name, words in notes.items() if told.get(name)]
    say(clean("; ".join([line, *more])))
    if told["added"] and not told["dry_run"]:
        say("The next `packshot run` finds them.")
