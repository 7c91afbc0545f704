"""Collects every text that people read in their own language, and holds the maps of languages against them."""

from __future__ import annotations

import ast
import json
import string
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click
from jinja2 import nodes

import packshot
from packshot.evaluate.check import Check
from packshot.plugins import discover
from packshot.present import supplier_site
from packshot.present.report_evidence import KEY
from packshot.present.report_site import VERDICTS
from packshot.present.supplier_data import SEVERITIES, SUPPLIER_TROUBLES
from packshot.texts.language import ENGLISH, SIGNS, languages, read_map

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(packshot.__file__).parent
FOLDER = ROOT / "texts"
_SAYING = {"phrase": 1, "counted": 2, "t": 1}
"""Function → how many of its first texts it says; `counted` has the number before them."""


def texts() -> dict[str, list[str]]:
    """Every English text by the section of the maps where it stands: that of the first place that says it."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for section, said in (*_of_checks(), *_of_files(), *_of_templates(), *_of_tables()):
        for text in said:
            if text and text not in seen:
                seen.add(text)
                found.setdefault(section, []).append(text)
    return found


def placeholders(text: str) -> list[str]:
    """The names in braces, sorted."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def mistakes(code: str) -> list[str]:
    """What is wrong with the map of a language, in words; empty when it is whole."""
    wanted = {text for said in texts().values() for text in said}
    there = {text: told for name, part in read_map(code).items() if name != SIGNS for text, told in part.items()}
    lacking = [f"lacks {text!r}" for text in sorted(wanted - set(there))]
    unused = [f"has {text!r}, which nothing says any more" for text in sorted(set(there) - wanted)]
    empty = [f"says nothing for {text!r}" for text, told in there.items() if not told.strip()]
    other = [
        f"has other placeholders for {text!r}: {told!r}"
        for text, told in there.items()
        if placeholders(text) != placeholders(told)
    ]
    return lacking + unused + empty + other


def written(translated: dict[str, str] | None = None, signs: str = "") -> str:
    """A map in its file's form, in the order of the code; without translations the English one."""
    lines = [f"# {packshot.__name__}: English → what is said. `python -m packshot.testing.text_map` keeps it in order."]
    if signs:
        lines += ["", f"[{SIGNS}]", f'decimal = "{signs}"']
    for section, said in texts().items():
        lines += ["", f"[{json.dumps(section)}]"]
        for text in said:
            told = text if translated is None else translated.get(text, "")
            lines.append(f"{_quoted(text)} = {_quoted(told)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _of_checks() -> Iterator[tuple[str, list[str]]]:
    for name, check in discover("checks", Check).items():
        if check.__module__.startswith("packshot."):
            file = ROOT / "evaluate" / "checks" / f"{name}.py"
            yield name, [check.title(), check.how_to_fix(), *_said_in(file)]


def _of_files() -> Iterator[tuple[str, list[str]]]:
    for file in sorted((ROOT / "evaluate").glob("*.py")) + sorted((ROOT / "app").glob("*.py")):
        yield file.stem, _said_in(file)
    for file in sorted((ROOT / "cli").glob("*.py")):
        yield f"packshot {file.stem}", _said_in(file)


def _said_in(file: Path) -> list[str]:
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING:
            found += [(node.lineno, text) for text in _constants(node.args, _SAYING[node.func.id])]
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]


def _constants(arguments: list[ast.expr], most: int) -> list[str]:
    said = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return said[:most]


def _of_templates() -> Iterator[tuple[str, list[str]]]:
    environment = supplier_site.templates()
    for file in sorted((resources.files("packshot.present") / "templates").iterdir(), key=lambda one: one.name):
        if file.name.startswith("supplier"):
            tree = environment.parse(file.read_text(encoding="utf-8"))
            calls = [one for one in tree.find_all(nodes.Call) if isinstance(one.node, nodes.Name)]
            said = [text for call in calls for text in _template_constants(call)]
            yield file.name.removesuffix(".html") + " page", said


def _template_constants(call: nodes.Call) -> list[str]:
    most = _SAYING.get(call.node.name, 0) if isinstance(call.node, nodes.Name) else 0
    return [one.value for one in call.args if isinstance(one, nodes.Const) and isinstance(one.value, str)][:most]


def _of_tables() -> Iterator[tuple[str, list[str]]]:
    yield "verdicts", [*VERDICTS.values(), *SEVERITIES.values()]
    yield "evidence", list(KEY.values())
    yield "troubles", [text for pair in SUPPLIER_TROUBLES.values() for text in pair]


@click.command()
def main() -> None:
    """Put the maps of texts in order: English is written anew, every other one keeps what it says."""
    (FOLDER / f"{ENGLISH}.toml").write_text(written(), encoding="utf-8")
    for code in languages():
        if code == ENGLISH:
            continue
        sections = read_map(code)
        signs = sections.pop(SIGNS, {}).get("decimal", "")
        there = {text: told for part in sections.values() for text, told in part.items()}
        (FOLDER / f"{code}.toml").write_text(written(there, signs), encoding="utf-8")
        for mistake in mistakes(code):
            click.echo(f"{code}.toml {mistake}")


if __name__ == "__main__":
    main()
