"""The text of a workspace file that was begun by looking at feeds."""

from __future__ import annotations

import json
import os
import re
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.app.beginning import flag
from packshot.collect.columns import PICTURES
from packshot.collect.web.settings import WebSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from packshot.app.beginning import Looked
    from packshot.collect.column_guess import Guess, Question

SURE = 0.9
"""What is less sure has a word on it beside it."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
HEAD = """\
# The workspace of this catalogue: `packshot run` here, or in a folder below, does what stands in this file.
# What may stand in it: packshot settings schema, or docs/how-to/workspace-file.md of packshot.
# Check it: packshot settings show
# For editors that complete and check: packshot settings schema > packshot.schema.json, and as the first line
# #:schema ./packshot.schema.json

# Measurements, verdicts and galleries: a folder beside this file, or s3://bucket/prefix.
workspace = {workspace}

# What to judge by: house, amazon, google, …, or the path of your own TOML file. The first one comes first.
policies = {policies}
"""
TAIL = """
# [limits]
# file_timeout_seconds = 60
# max_trouble_share = 0.5      # `packshot run` ends with 3 when more has trouble
# fail_on = "block"            # … and with 1 when a verdict is that or worse

# [outputs]
# report = true
# tables = { galleries = "galleries.csv", verdicts = "verdicts.parquet" }
"""


def written(
    found: Sequence[Looked], folder: Path, workspace: str, policies: Iterable[str], web: WebSettings | None = None
) -> str:
    """The file's text, to lie in `folder`; paths are relative to it, secrets are named and left out."""
    head = HEAD.format(workspace=_toml(workspace), policies=_list(policies))
    variables = variables_of(found)
    return head + "".join(_source(one, folder, variables.get(one.at)) for one in found) + _web(web) + TAIL


def added(before: str, found: Sequence[Looked], folder: Path) -> str:
    """The text of a file with more sources at its end."""
    variables = variables_of(found, before)
    return before.rstrip() + "\n" + "".join(_source(one, folder, variables.get(one.at)) for one in found)


def _web(web: WebSettings | None) -> str:
    """How the web was asked for the feed, as it will be for its pictures."""
    said = web.differing() if web else {}
    if not said:
        return ""
    usual = WebSettings().ports
    said = {"allow_ports" if name == "ports" else name: value for name, value in said.items()}
    if "allow_ports" in said:
        said["allow_ports"] = [port for port in web.ports if port not in usual] if web else []
    return "\n[web]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in said.items())


def variables_of(found: Sequence[Looked], before: str = "") -> dict[str, str]:
    """For addresses with secrets: the environment variable that stands for each, none of those in the text `before`."""
    names = (f"PACKSHOT_FEED{'' if number == 1 else f'_{number}'}" for number in count(1))
    free = (name for name in names if f"${{{name}}}" not in before)
    return {one.at: next(free) for one in found if one.secret}


def _source(one: Looked, folder: Path, variable: str | None) -> str:
    lines = ["", "[[sources]]"]
    if variable:
        lines += [f"# {one.at}, whose secrets stand in no file: export {variable}='…'", f'at = "${{{variable}}}"']
    else:
        lines.append(f"at = {_toml(relative(one.at, folder))}")
    lines.append(f"kind = {_toml(one.kind)}")
    for name, value in one.form.said().items():
        lines.append(f"{name} = {_toml(value)}")
    if one.group_by:
        lines.append(f"group_by = {_toml(one.group_by)}")
    loose = [question for question in one.questions if question.field in {"encoding", "group_by", "picture_separator"}]
    lines += [line for question in loose for line in _asked(question)]
    lines += [f"# note: {_line(note)}" for note in one.notes]
    asked = [question for question in one.questions if question not in loose]
    if one.guesses or asked:
        lines += ["", "[sources.map]  # field → column"]
        lines += [_mapped(guess) for guess in one.guesses]
        lines += [line for question in asked for line in _asked(question)]
    if one.aside:
        lines += list(_wrapped("left as attributes: " + ", ".join(map(_line, one.aside))))
    return "\n".join(lines) + "\n"


def _mapped(guess: Guess) -> str:
    several = guess.field in PICTURES and "," in guess.column
    column = _list(guess.column.split(",")) if several else _toml(guess.column)
    told = f"  # {guess.sure:.2f} sure, {_line(guess.why)}" if guess.sure < SURE else ""
    return f"{guess.field} = {column}{told}"


def _asked(question: Question) -> Iterator[str]:
    """A question as a comment, with what would answer it."""
    yield f"# QUESTION: {_line(question.asks)} ({flag(question)})"
    for choice in question.choices or ("…",):
        yield f"# {question.field} = {_toml(choice)}"


def relative(at: str, folder: Path) -> str:
    """A path as it stands in a file in `folder`; a URL as it is."""
    if "://" in at:
        return at
    path = Path(os.path.abspath(at))  # noqa: PTH100 - `..` goes, links stay
    if Path(at).is_absolute() and not path.is_relative_to(folder.absolute()):
        return str(path)  # it has nothing to do with where the file lies
    return Path(os.path.relpath(path, folder.absolute())).as_posix()


def _wrapped(text: str, width: int = 110) -> Iterator[str]:
    line = "#"
    for word in text.split(" "):
        if len(line) + len(word) > width and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _line(text: str) -> str:
    """A text from a feed on one line of a comment."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_toml, texts))}]"


def _toml(value: object) -> str:
    """A value as TOML: what JSON writes of texts and numbers is TOML, but for DEL, and names of keys need no more."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
