"""`packshot mask`: the product of one picture, cut from its background."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from packshot.cli.options import json_option
from packshot.cli.show import as_json, say
from packshot.core.errors import UsageError


@click.command()
@click.argument("file", metavar="FILE")
@click.option("-o", "--out", metavar="PNG", help="Where to write the picture; - is stdout.")
@click.option("--cutout", "form", flag_value="cutout", help="Write the picture with the mask for its transparency.")
@click.option("--outline", "form", flag_value="drawn", help="Write the picture with the outline drawn on it.")
@json_option
def mask(file: str, out: str | None, form: str | None, *, as_json_: bool) -> None:
    """Tell the product from its background, and write its mask: 8 bits, as large as the picture.

    Transparency of the picture's own and plain backgrounds need no model; elsewhere a model looks (`packshot models
    fetch efficientnet-lite0-maps`). `-` reads the picture from stdin. --json says box, fill, outline and confidence.
    """
    from packshot.app.given_files import misnamed
    from packshot.app.mask import ProductMask

    if out is None and not as_json_:
        raise UsageError("There is nowhere to write to.", "Add -o OUT.png, -o - for stdout, or --json.")
    if out == "-" and as_json_:
        raise UsageError("A picture and JSON cannot both go to stdout.", "Name a file with -o.")
    if out == "":
        raise UsageError("-o names no file.", "Add -o OUT.png, or -o - for stdout.")
    if out not in {None, "-"} and file != "-" and Path(str(out)).resolve() == Path(file).resolve():
        raise UsageError(f"{out} is the picture itself.", "Name another file with -o; an original is never replaced.")
    if file != "-" and (wrong := misnamed(file)) is not None:
        raise wrong
    found = ProductMask(sys.stdin.buffer.read() if file == "-" else Path(file), name=file)
    if out is not None:
        data = {"cutout": found.cutout, "drawn": found.drawn}.get(form or "", found.mask)()
        _write(out, data)
    if as_json_:
        say(as_json(found.found().as_dict()))


def _write(out: str, data: bytes) -> None:
    if out == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from packshot.app.whole_file import write_file

    write_file(Path(out), lambda to: to.write(data))
