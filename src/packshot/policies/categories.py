"""packshot's own few categories: which words and which of Google's ids a feed's category has them by."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packshot.core.errors import PolicyError, UsageError
from packshot.policies import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from packshot.policies.policy import Rule

FILE = "categories.toml"
"""The map that comes with packshot; it lies beside the policies and is none."""
MARK = "@"
"""What a rule's category begins with where it means one of these, and not a word of the feed."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of packshot's categories."""

    name: str
    words: tuple[str, ...] = ()
    """Words, phrases and pieces of paths (`women > tops`), as in `Rule.categories`: any of them makes it this one."""
    google: tuple[int, ...] = ()
    """Ids of Google's product taxonomy that belong to it: those below them are listed, too."""
    replace: bool = False
    """Where a map is laid over another: instead of what that says of this category, and not beside it."""


FIELDS: dict[str, Callable[[object], object]] = {
    "words": fields.words,
    "google": fields.whole_numbers,
    "replace": fields.flag,
}


@cache
def shipped() -> dict[str, Category]:
    """The map that comes with packshot, by name."""
    text = resources.files("packshot.policies").joinpath(FILE).read_text(encoding="utf-8")
    found, mistakes = parse(tomllib.loads(text), "")
    assert not mistakes, mistakes  # noqa: S101 - it comes with packshot; a test reads it
    return found


def load_map(path: str | Path) -> dict[str, Category]:
    """The map in a TOML file, laid over the one that comes with packshot.

    Raises UsageError when the file cannot be read and PolicyError, with all mistakes, when it cannot be understood.
    """
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        hint = "Give a TOML file of tables such as [apparel], with words = [...] or google = [...]."
        raise UsageError(f"The category map {path} cannot be read: {error.strerror}.", hint) from error
    except ValueError as error:
        raise PolicyError(str(path), [f"it is not UTF-8 text: {error}"]) from error
    found, mistakes = parse(fields.read_toml(text, str(path)), "")
    if mistakes:
        raise PolicyError(str(path), mistakes)
    return laid_over(shipped(), found)


def parse(table: Mapping[str, object], where: str) -> tuple[dict[str, Category], list[str]]:
    """The categories of a table by name, and a line for every mistake."""
    found: dict[str, Category] = {}
    mistakes: list[str] = []
    for name, value in table.items():
        at = f"{where}category {name}"
        try:
            fields.name(name)
        except fields.WrongValue as wrong:
            mistakes.append(f"{at}: its name {wrong}")
            continue
        if not isinstance(value, dict):
            mistakes.append(f"{at}: must be a table with words = [...] or google = [...], not {fields.shown(value)}")
            continue
        values, wrong_fields = fields.read_fields(value, FIELDS, at)
        mistakes += wrong_fields
        known: dict[str, Any] = values
        found[name] = Category(name, **known)
    return found, mistakes


def laid_over(below: Mapping[str, Category], above: Mapping[str, Category]) -> dict[str, Category]:
    """Both maps together: a category of both has the words and ids of both, unless the upper one replaces it."""
    joined = dict(below)
    for name, own in above.items():
        other = below.get(name)
        if other is None or own.replace:
            joined[name] = own
        else:
            words = tuple(dict.fromkeys((*other.words, *own.words)))
            ids = tuple(dict.fromkeys((*other.google, *own.google)))
            joined[name] = Category(name, words, ids, replace=other.replace)
    return joined


def settled(known: Mapping[str, Category]) -> dict[str, Category]:
    """The map as it is used: nothing is laid over it any more."""
    return {name: replace(one, replace=False) for name, one in known.items()}


def meant(rule: Rule) -> tuple[str, ...]:
    """The categories that a rule names with `@`, without it, sorted."""
    asked = (*rule.categories, *rule.also_categories, *rule.except_categories)
    return tuple(sorted({word.removeprefix(MARK) for word in asked if word.startswith(MARK)}))


def unknown_names(rules: Iterable[Rule], known: Mapping[str, Category]) -> list[str]:
    """A line for each `@name` of a rule that the map does not have."""
    return [
        f"rule {rule.id}: {fields.unknown('category', name, known)}"
        for rule in rules
        for name in meant(rule)
        if name not in known
    ]


def used(rules: Iterable[Rule], known: Mapping[str, Category]) -> dict[str, Category]:
    """Those of the map that the rules name."""
    names = {name for rule in rules for name in meant(rule)}
    return {name: known[name] for name in sorted(names) if name in known}
