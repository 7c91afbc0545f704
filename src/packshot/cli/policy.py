"""`packshot policy`: policies listed, shown whole, checked, compared and begun."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packshot.cli.completing import complete_policies
from packshot.cli.options import as_of_option, categories_option, day, json_option, today
from packshot.cli.show import COLOURS, as_json, clean, printed_table, say
from packshot.core.plural import plural

if TYPE_CHECKING:
    from packshot.app.policy_files import Linted
    from packshot.app.policy_list import Listed

MISTAKES = 1
STDOUT = "-"
WORDS_ABOUT = ("says", "source", "read_on", "question")
"""What is left out where people read; it is in the JSON."""


@click.group()
def policy() -> None:
    """List, show, check, compare and begin policies: what a channel asks of product pictures."""


@policy.command("list")
@as_of_option
@json_option
def list_(rules_as_of: str | None, *, as_json_: bool) -> None:
    """List the policies that come installed, and those of your own that packshot.toml names.

    The counts are of rules, inherited ones among them, by how sure it is that the channel asks them: `verified` on its
    own page, `corroborated` by three or more independent pages, `secondary` or `unverified`.
    `mine → amazon` extends amazon.
    """
    from dataclasses import asdict

    from packshot.app.policy_list import listed
    from packshot.cli.settings_file import settings_here

    file = settings_here()
    own = [file.policy(name) for name in file.policies if name.endswith(".toml")] if file else []
    found = listed(day(rules_as_of) or today(), own)
    say(as_json([asdict(one) for one in found])) if as_json_ else _show_list(found)


@policy.command()
@click.argument("name", metavar="POLICY", shell_complete=complete_policies)
@as_of_option
@categories_option
@click.option("--toml", is_flag=True, help="As one file that extends nothing, with every parameter spelt out.")
@json_option
def show(name: str, rules_as_of: str | None, categories: Path | None, *, toml: bool, as_json_: bool) -> None:
    """Show POLICY whole, with all that it extends: a name, or the path of a TOML file."""
    from packshot.app.policies import bound_policy
    from packshot.app.policy_files import shown

    bound = bound_policy(name, categories)
    if toml:
        from packshot.pipeline.kept_policy import kept_text

        say(kept_text(bound).rstrip())
        return
    found = shown(bound, day(rules_as_of) or today())
    say(as_json(found)) if as_json_ else _show(found)


@policy.command()
@click.argument("names", metavar="POLICY...", nargs=-1, required=True, shell_complete=complete_policies)
@as_of_option
@categories_option
@json_option
def lint(names: tuple[str, ...], rules_as_of: str | None, categories: Path | None, *, as_json_: bool) -> None:
    """Tell all mistakes of policies at once, with the nearest valid names; notes are no mistakes.

    The exit code is 0 when there are none, 1 when there are some, and 2 when there is no such policy.
    """
    from dataclasses import asdict

    from packshot.app.policy_files import lint as linted

    found = [linted(name, day(rules_as_of) or today(), categories) for name in names]
    if as_json_:
        say(as_json([asdict(one) for one in found]))
    else:
        for one in found:
            _show_linted(one)
    raise click.exceptions.Exit(MISTAKES if any(one.mistakes for one in found) else 0)


@policy.command()
@click.argument("before", metavar="A", shell_complete=complete_policies)
@click.argument("after", metavar="B", shell_complete=complete_policies)
@click.option("--rules-as-of", metavar="YYYY-MM-DD", help="Compare the rules of that day; all rules by default.")
@categories_option
@json_option
def diff(before: str, after: str, rules_as_of: str | None, categories: Path | None, *, as_json_: bool) -> None:
    """Show which rules B adds to A, which it lacks, and which it asks otherwise."""
    from packshot.app.policy_files import difference

    found = difference(before, after, day(rules_as_of), categories)
    say(as_json(found)) if as_json_ else _show_difference(found)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--extends", default="house", show_default=True, help="What it builds on: a policy's name, or a TOML file."
)
@json_option
def new(file: Path, extends: str, *, as_json_: bool) -> None:
    """Write a commented policy of your own into FILE, to go on from; `-` writes it to stdout."""
    from packshot.app.policy_files import begin, starter

    if str(file) == STDOUT:
        say(starter(extends, Path()).rstrip())
        return
    made = begin(file, extends)
    say(as_json({"policy": str(made)}) if as_json_ else f"Written: {made}. Check it: packshot policy lint {made}")


@policy.command()
def schema() -> None:
    """Print a JSON Schema of policy files, by which editors complete and check them."""
    from packshot.app.policy_files import schema as made

    say(as_json(made()))


def _show_list(found: list[Listed]) -> None:
    evidence = list(found[0].evidence)
    rows = [
        (
            one.id + (f" → {one.extends}" if one.extends else ""),
            one.title,
            one.rules,
            *(one.evidence[name] or "" for name in evidence),
        )
        for one in found
        if not one.fault
    ]
    printed_table("", ("policy", "channel", "rules", *evidence), rows, whole=("policy", *evidence))
    for one in found:
        if one.fault:
            say(f"{clean(one.id)}: {clean(one.fault)}", colour="red")
    say("What one asks: packshot policy show POLICY. Judge by it: packshot run SOURCE --policy POLICY")


def _show(found: dict[str, Any]) -> None:
    say(f"{found['id']}: {clean(found['title'])}")
    say(clean(found["says"]))
    say(f"\nRules of {found['rules_as_of']}:")
    for rule in found["rules"]:
        if rule["in_force"]:
            roles = ", ".join(rule["roles"]) or "all pictures"
            say(f"\n{rule['id']} [{rule['on_fail']}], {roles}", colour=COLOURS.get(rule["on_fail"]))
            for line in (rule["says"], _asks(rule), f"{rule['evidence']}: {rule['source']}"):
                say(f"  {clean(line)}")
    say()
    others = [rule for rule in found["rules"] if not rule["in_force"]]
    for rule in others:
        dates = [f"from {rule['effective_from']}"] if rule["effective_from"] else []
        dates += [f"until {rule['until']}"] if rule["until"] else []
        say(f"not in force: {rule['id']} ({', '.join(dates)})", colour="yellow")
    gallery = {name: value for name, value in found["gallery"].items() if value}
    say("Gallery: " + ", ".join(f"{name} {_words(value)}" for name, value in gallery.items()))


def _asks(rule: dict[str, Any]) -> str:
    kinds = (("categories", "of"), ("also_categories", "and of"), ("except_categories", "not of"))
    speaks = [f"{word} {_words(rule[name])}" for name, word in kinds if rule[name]]
    params = [f"{name} = {_words(value)}" for name, value in rule["params"].items()]
    return "; ".join([rule["check"] or f"a person: {rule['question']}", *params, *speaks])


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _show_linted(one: Linted) -> None:
    verdict = plural(len(one.mistakes), "mistake") if one.mistakes else "no mistakes"
    say(f"{clean(one.policy)}: {verdict}", colour="red" if one.mistakes else "green")
    for line in one.mistakes:
        say(f"  {clean(line)}")
    for line in one.notes:
        say(f"  note: {clean(line)}", colour="yellow")


def _show_difference(found: dict[str, Any]) -> None:
    say(f"{found['before']} → {found['after']}")
    for sign, name in (("+", "added"), ("-", "removed")):
        for rule in found[name]:
            say(f"{sign} {rule['rule']} [{rule['on_fail']}]: {clean(rule['says'])}", colour=_SIGNS[sign])
    for change in found["changed"]:
        say(f"~ {change['rule']}", colour=_SIGNS["~"])
        asked = {name: sides for name, sides in change["fields"].items() if name not in WORDS_ABOUT}
        if not asked:
            say("    only the words about it")
        for field, sides in asked.items():
            say(f"    {field}: {clean(sides['before'])} → {clean(sides['after'])}")
    for field, sides in found["gallery"].items():
        say(f"~ gallery {field}: {clean(sides['before'])} → {clean(sides['after'])}", colour=_SIGNS["~"])
    if not any(found[name] for name in ("added", "removed", "changed", "gallery")):
        say("They ask the same.")


_SIGNS = {"+": COLOURS["show"], "-": COLOURS["fail"], "~": COLOURS["warn"]}
