"""Reads the fields of a policy file one by one, and collects every mistake instead of stopping at the first."""

from __future__ import annotations

import math
import tomllib
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from packshot.core.errors import PolicyError, UnknownName
from packshot.core.listing import Role
from packshot.core.shot import Shot
from packshot.core.verdict import Verdict
from packshot.policies.policy import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

E = TypeVar("E", bound=Enum)
MOST = (1 << 63) - 1
"""No whole number in a policy is greater: columns of tables hold no greater ones."""


class WrongValue(ValueError):
    """A value that its field does not take; the message continues the field's name."""


def read_toml(text: str, name: str) -> dict[str, object]:
    """The tables of a file called `name`. Raises PolicyError for what is no TOML, or too much of it."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # also for numbers of thousands of digits
        raise PolicyError(name, [f"it is not valid TOML: {error}"]) from error
    except RecursionError as error:
        raise PolicyError(name, ["it is nested too deep"]) from error


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """There is no `what` called `name`, with the nearest names, on one line."""
    error = UnknownName(what, name, known)
    return f"{error.message} {error.hint}"


def read_fields(
    table: Mapping[str, object], readers: Mapping[str, Callable[[object], object]], where: str
) -> tuple[dict[str, object], list[str]]:
    """The values of `table` that are in order, and a line for each that is not."""
    values: dict[str, object] = {}
    mistakes: list[str] = []
    for key, value in table.items():
        reader = readers.get(key)
        if reader is None:
            mistakes.append(f"{where}: {unknown('key', key, readers)}")
            continue
        try:
            values[key] = reader(value)
        except WrongValue as wrong:
            mistakes.append(f"{where}: {key} {wrong}")
    return values, mistakes


def text(value: object) -> str:
    """A string that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise WrongValue(f"must be a text, not {shown(value)}")
    return value.strip()


def name(value: object) -> str:
    """A word that can stand in file names, tables and command lines."""
    word = text(value)
    if not all(part.isalnum() for part in word.replace("_", "-").replace(".", "-").split("-")):
        raise WrongValue(f"must be letters, digits, hyphens and underscores, not {shown(value)}")
    return word


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongValue(f"must be true or false, not {shown(value)}")
    return value


def day(value: object) -> date:
    """A date without a time."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise WrongValue(f"must be a date such as 2026-11-22 (no quotes), not {shown(value)}")
    return value


def count(value: object) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
        raise WrongValue(f"must be a whole number from 1, not {shown(value)}")
    return value


def words(value: object) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise WrongValue(f"must be a list of texts, not {shown(value)}")
    return tuple(item.strip() for item in value)


def whole_numbers(value: object) -> tuple[int, ...]:
    """A list of whole numbers from 1."""
    if not isinstance(value, list):
        raise WrongValue(f"must be a list of whole numbers, not {shown(value)}")
    return tuple(count(item) for item in value)


def params(value: object) -> dict[str, object]:
    """A table; the check says later what may be in it."""
    if not isinstance(value, dict):
        raise WrongValue(f"must be a table such as {{ min_sharpness = 0.4 }}, not {shown(value)}")
    if _has_huge(value):
        raise WrongValue(f"must have numbers of at most {MOST:,}")
    return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}


def roles(value: object) -> tuple[Role, ...]:
    """A list of roles."""
    return tuple(_member("role", word, Role) for word in words(value))


def shots(value: object) -> tuple[Shot, ...]:
    """A list of kinds of shots and views."""
    return tuple(_member("shot", word, Shot) for word in words(value))


def evidence(value: object) -> Evidence:
    """One of the four marks."""
    return _member("evidence", text(value), Evidence)


def verdict(value: object) -> Verdict:
    """One of the four verdicts, as a word."""
    word = text(value)
    try:
        return Verdict.of(word)
    except ValueError:
        raise WrongValue(f"is wrong. {unknown('verdict', word, [v.word for v in Verdict])}") from None


def shown(value: object) -> str:
    """A value as it might stand in the file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if _has_huge(value):
        return "a number of so many digits"
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}…"  # noqa: PLR2004 - what fits on a line


def _has_huge(value: object) -> bool:
    """Whether there is a whole number that nobody can store; some are even too long to be written."""
    if isinstance(value, dict | list | tuple):
        return any(_has_huge(one) for one in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, int) and abs(value) > MOST


def _member(what: str, word: str, kind: type[E]) -> E:
    try:
        return kind(word)
    except ValueError:
        raise WrongValue(f"is wrong. {unknown(what, word, [str(member.value) for member in kind])}") from None


def flat_values(one: Any) -> dict[str, Any]:
    """The fields of a flat dataclass; `asdict` would copy them all, at twenty times the price."""
    return {field.name: getattr(one, field.name) for field in fields(one)}
