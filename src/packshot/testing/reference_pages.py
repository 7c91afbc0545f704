"""Writes docs/reference/ from the code: `python -m packshot.testing.reference_pages docs/reference [--check]`."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from packshot.app.policies import bound_policy
from packshot.app.workspace_file_schema import schema
from packshot.cli import app
from packshot.collect.columns import CONVENTIONS
from packshot.collect.source import Source
from packshot.evaluate.check import Check, words
from packshot.evaluate.context import CONTEXT
from packshot.evaluate.explain import explain_check, explain_measure, explain_rule
from packshot.evaluate.measure import Measure
from packshot.evaluate.related import RELATED
from packshot.plugins import discover
from packshot.policies.load import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from packshot.evaluate.bind import BoundPolicy, BoundRule

T = TypeVar("T")
MADE = "<!-- Made by `make docs` from the code: change it there. -->\n\n"
LISTED = ("Parameters", "Reads", "Examples")
ABOUT_MEASURES = (
    "What is recorded of every picture, from one decode that shows it as a shopper sees it: orientation applied, "
    "colours in sRGB, transparency on white. `null` means: measured, and there is no answer."
)
ABOUT_RELATIONS = (
    "Columns that compare a picture with the words of the listing it is placed on; each pair is compared once."
)
ABOUT_CONTEXT = (
    "Columns that say where a picture is placed, not what is in it. Checks may read them as they read measured ones."
)
ABOUT_EVIDENCE = (
    "Evidence is `verified` (the owner's own page), `corroborated` (three or more independent pages agree), "
    "`secondary` or `unverified`. How rules add up to a verdict: [concepts](../../concepts.md#verdicts)."
)
ABOUT_SOURCES = (
    "Where listings and their pictures come from. Which source reads a file is told by its content. How to bring a "
    "feed: [feeds](../how-to/feeds.md)."
)
ABOUT_COLUMNS = (
    "The first name that is present wins. Case, spaces, dashes and a `g:` in front do not matter. Every other column "
    "stays with the listing as an attribute. `--map FIELD=COLUMN` overrides."
)
ABOUT_COMMANDS = (
    "Data goes to stdout, progress and errors to stderr. Exit codes: 0 done; 1 a failed finding (`check`), a verdict "
    "at or above `--fail-on` (`run`), something wrong (`doctor`), or an error; 2 wrong usage; 3 more trouble than "
    "`--max-trouble-share` (`run`); 130 stopped by Ctrl-C."
)
ABOUT_SETTINGS = (
    "`packshot.toml`, which `packshot init` begins and `packshot run` finds in the current folder or above. What it is "
    "for and how it is written: [the workspace file](../how-to/workspace-file.md). Every key may be left out, but for "
    "`at` of a source. Editors complete and check by `packshot settings schema`."
)
_URL = re.compile(r"https?://\S*[^\s.,;()]")


def pages() -> dict[str, str]:
    """Every page of the reference: path below docs/reference → text. The same code gives the same text."""
    checks, measures = _own(discover("checks", Check)), _own(discover("measures", Measure))
    shipped = {path.name.removesuffix(".toml") for path in resources.files("packshot.policies").iterdir()}
    policies = {name: bound_policy(name) for name in names() if name in shipped}
    homes = _homes(measures)
    return {
        "checks.md": _checks(checks),
        **{f"checks/{name}.md": _check(name, check, homes, policies) for name, check in checks.items()},
        "measures.md": _measures(measures),
        **{f"policies/{name}.md": _policy(bound) for name, bound in policies.items()},
        "sources.md": _sources(),
        "cli.md": _cli(),
        "workspace-file.md": _workspace_file(),
    }


def stale(folder: Path) -> list[str]:
    """What `folder` holds otherwise than `pages` gives: missing, changed and left-over pages, sorted by path."""
    wanted = pages()
    there = {str(path.relative_to(folder)): path for path in folder.rglob("*.md")}
    found = [f"{name}: missing" for name in wanted if name not in there]
    found += [f"{name}: nothing gives this page any more" for name in there if name not in wanted]
    found += [
        f"{name}: differs"
        for name in wanted
        if name in there and there[name].read_text(encoding="utf-8") != wanted[name]
    ]
    return sorted(found)


def write(folder: Path) -> int:
    """Make `folder` hold exactly the pages (its other .md files go) and give their number."""
    wanted = pages()
    for path in folder.rglob("*.md"):
        if str(path.relative_to(folder)) not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(wanted)


def _checks(checks: Mapping[str, type[Check[Any]]]) -> str:
    rows = [
        (f"[`{name}`](checks/{name}.md)", check.title(), check.scope.value, check.on_fail.word, _roles(check.roles))
        for name, check in checks.items()
    ]
    return _page(
        "Checks",
        "One fault, one check, one page. The last two columns hold where a policy takes the check as it comes, as "
        "`house` does with those that none of its rules names.",
        _table(("check", "fault", "speaks of a", "failing means", "roles"), rows),
    )


def _check(name: str, check: type[Check[Any]], homes: Mapping[str, str], policies: Mapping[str, BoundPolicy]) -> str:
    told = explain_check(name, check)
    sections = dict(told.sections)
    sections["Reads"] = tuple(f"`{column}`: {homes[column]}" for column in check.needs)
    sections["Parameters"] = tuple(_parameter(line) for line in sections.get("Parameters", ()))
    asked = [
        f"[{policy}/{one.rule.id}](../policies/{policy}.md#{one.rule.id}): {one.rule.on_fail.word}"
        for policy, bound in policies.items()
        for one in bound.rules
        if one.rule.check == name
    ]
    return _page(name, told.title, *_told(sections), _section("Asked by", asked or ["no policy of this install"]))


def _measures(measures: Mapping[str, type[Measure]]) -> str:
    parts = [
        ABOUT_MEASURES,
        _table(
            ("measure", "columns"), [(f"[{n}](#{n})", _codes(o.name for o in m.outputs)) for n, m in measures.items()]
        ),
    ]
    for name, measure in measures.items():
        told = explain_measure(name, measure)
        texts = [
            f"**{heading}.** {_sentence(lines[0])}"
            for heading, lines in told.sections
            if heading not in {"Columns", "Version"}
        ]
        columns = _table(("column", "kind", "says"), [(f"`{o.name}`", o.kind.value, o.doc) for o in measure.outputs])
        parts += [f"## {name}", told.title, *texts, columns, f"Version {measure.version}."]
    context = [(f"`{name}`", output.kind.value, output.doc) for name, output in CONTEXT.items()]
    parts += [
        "## context",
        ABOUT_CONTEXT,
        _table(("column", "kind", "says"), context),
        "## relations",
        ABOUT_RELATIONS,
        _table(("column", "kind", "says"), [(f"`{o.name}`", o.kind.value, o.doc) for o in RELATED.values()]),
    ]
    return _page("Measures", *parts)


def _policy(bound: BoundPolicy) -> str:
    policy = bound.policy
    gallery = [f"`{name}` = {words(value)}" for name, value in asdict(policy.gallery).items() if value]
    rows = [
        (f"[{one.rule.id}](#{one.rule.id})", one.rule.on_fail.word, one.rule.evidence.value, _roles(one.rule.roles))
        for one in bound.rules
    ]
    return _page(
        f"The policy {policy.id}: {policy.title}",
        *(" ".join(part.split()) for part in policy.says.split("\n\n")),
        ABOUT_EVIDENCE,
        _section("Gallery", gallery),
        "## Rules\n\n" + _table(("rule", "failing means", "evidence", "roles"), rows),
        *(_rule(bound, one) for one in bound.rules),
    )


def _rule(bound: BoundPolicy, one: BoundRule) -> str:
    told = explain_rule(bound, one.rule.id)
    sections = dict(told.sections)
    for heading in ("How to fix", "Expected"):
        sections.pop(heading, None)
    sections["Check"] = (f"[{one.rule.check}](../checks/{one.rule.check}.md)",) if one.rule.check else sections["Check"]
    if one.rule.question:
        sections["Question"] = (one.rule.question,)
    if not one.rule.roles and one.check and one.check.scope.value == "placement":
        sections["Roles"] = ("all",)
    lines = [f"- {heading}: {_linked('; '.join(texts))}" for heading, texts in sections.items()]
    return "\n".join([f"### {one.rule.id}\n", told.title + "\n", *lines])


def _sources() -> str:
    rows = [(f"`{field}`", _codes(columns)) for field, columns in CONVENTIONS.items()]
    parts = [ABOUT_SOURCES]
    for name, source in _own(discover("sources", Source)).items():
        says = [" ".join(part.split()) for part in (inspect.getdoc(source) or "").split("\n\n")]
        examples = [one.why + (" (refused as a whole)" if one.refused else "") for one in source.examples]
        parts += [f"## {name}", *says, "Examples, each of them a test:", "\n".join(f"- {why}" for why in examples)]
    parts += [
        "## Columns of a feed",
        ABOUT_COLUMNS,
        _table(("field", "column names"), rows),
    ]
    return _page("Sources", *parts)


def _cli() -> str:
    parts = [
        " ".join((app.help or "").split()),
        ABOUT_COMMANDS,
    ]
    for name, command in _commands(app):
        arguments = [one for one in command.params if isinstance(one, click.Argument)]
        options = [one for one in command.params if isinstance(one, click.Option)]
        usage = " ".join(
            ["packshot", name, "[OPTIONS]", *(one.metavar or (one.name or "").upper() for one in arguments)]
        )
        says = [" ".join(part.split()) for part in inspect.cleandoc(command.help or "").split("\n\n")]
        rows = [(_option(one), _default(one), one.help or "") for one in options]
        parts += [f"## packshot {name}", f"```\n{usage}\n```", *says, _table(("option", "default", "says"), rows)]
    return _page("Commands", *parts)


def _workspace_file() -> str:
    top = schema()["properties"]
    source = top["sources"]["items"]["properties"]
    source["kind"] = source["kind"] | {"enum": list(_own(discover("sources", Source)))}
    tables = [name for name, shape in top.items() if "properties" in shape]
    parts = [ABOUT_SETTINGS, _keys({name: top[name] for name in top if name not in {*tables, "sources"}})]
    parts += ["## [[sources]]", top["sources"]["description"], _keys(source)]
    for name in tables:
        parts += [f"## [{name}]", top[name]["description"], _keys(top[name]["properties"])]
    return _page("packshot.toml", *parts)


def _keys(properties: Mapping[str, Any]) -> str:
    rows = [(f"`{name}`", _takes(shape), shape.get("description", "")) for name, shape in properties.items()]
    return _table(("key", "takes", "says"), rows)


def _takes(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return _codes(shape["enum"])
    if shape["type"] == "array":
        return f"list of {_takes(shape['items'])}"
    words = {"string": "text", "boolean": "true or false", "integer": "whole number", "object": "table"}
    lowest = shape.get("minimum", shape.get("exclusiveMinimum"))
    bounds = {(0, 1): " from 0 to 1", (1, None): " from 1"}.get((lowest, shape.get("maximum")), "")
    return f"{words.get(shape['type'], shape['type'])}{bounds}"


def _commands(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Each command by what one types for it; those of a group one by one."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in _commands(command))
        else:
            yield name, command


def _option(option: click.Option) -> str:
    spellings = [*option.opts, *option.secondary_opts]
    if option.is_flag:
        return _codes(spellings)
    takes = option.metavar or (
        "|".join(map(str, option.type.choices))
        if isinstance(option.type, click.Choice)
        else option.type.name.split()[0].upper()
    )
    return f"{_codes(spellings)} {takes}"


def _default(option: click.Option) -> str:
    if option.required:
        return "required"
    if option.name == "workspace" and option.callback is not None:
        return "of packshot.toml"
    if option.is_flag:
        return option.opts[-1].removeprefix("--") if option.secondary_opts and option.default else ""
    return str(option.default) if isinstance(option.default, str | int | float) else ""


def _own(found: Mapping[str, type[T]]) -> dict[str, type[T]]:
    """Without the plug-ins of other packages, which happen to be installed here."""
    return {name: kind for name, kind in found.items() if kind.__module__.startswith("packshot.")}


def _homes(measures: Mapping[str, type[Measure]]) -> dict[str, str]:
    """A link for each column that a check may read."""
    measured = {
        output.name: f"[{name}](../measures.md#{name})" for name, one in measures.items() for output in one.outputs
    }
    context = dict.fromkeys(CONTEXT, "[context](../measures.md#context)")
    return measured | context | dict.fromkeys(RELATED, "[relations](../measures.md#relations)")


def _told(sections: Mapping[str, Sequence[str]]) -> list[str]:
    """Short sections as paragraphs, then the long ones as lists."""
    return [
        f"**{heading}.** {_sentence(', '.join(lines))}" for heading, lines in sections.items() if heading not in LISTED
    ] + [_section(heading, sections[heading]) for heading in LISTED if sections.get(heading)]


def _sentence(text: str) -> str:
    """With a capital at its head; single words are names and stay."""
    return text[:1].upper() + text[1:] if text.count(" ") > 1 and not text.startswith("`") else text


def _parameter(line: str) -> str:
    setting, _, says = line.partition(": ")
    return f"`{setting}`: {says}"


def _section(heading: str, lines: Iterable[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(f"- {line}" for line in lines)


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([MADE + f"# {title}", *parts]) + "\n"


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _roles(roles: Iterable[object]) -> str:
    return ", ".join(str(role) for role in roles) or "all"


def _linked(text: str) -> str:
    return _URL.sub(lambda found: f"<{found[0]}>", text)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a page is not what the code gives.")
def main(folder: Path, *, check: bool) -> None:
    """Write the reference into FOLDER."""
    if not check:
        click.echo(f"{folder}: {write(folder)} pages")
        return
    found = stale(folder)
    for line in found:
        click.echo(f"{folder / line}", err=True)
    if found:
        click.echo("Run: make docs", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
