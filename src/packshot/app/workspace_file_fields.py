"""Reads the fields of a workspace file one by one; a WrongValue continues the field's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from packshot.app.table_names import FORMATS
from packshot.collect.source import GroupBy
from packshot.collect.uris import redact
from packshot.policies import fields
from packshot.policies.fields import WrongValue, shown

if TYPE_CHECKING:
    from collections.abc import Callable

DAY_SECONDS = 24 * 3600
MOST_PORT = 65_535


def address(value: object) -> str:
    """A path or URL without secrets: those are named as environment variables."""
    text = fields.text(value)
    if redact(text) != text:
        raise WrongValue("holds a password, token or signature; put the address into an environment variable: ${NAME}")
    return text


def raw(value: object) -> str:
    """A text whose blanks count."""
    if not isinstance(value, str) or not value:
        raise WrongValue(f"must be a text that is not empty, not {shown(value)}")
    return value


def group_by(value: object) -> str:
    """What makes a listing of a folder."""
    word = fields.text(value)
    if word not in set(GroupBy):
        raise WrongValue(f"is wrong. {fields.unknown('way to group a folder', word, [one.value for one in GroupBy])}")
    return word


def columns(value: object) -> str:
    """A column, or a list of them, as one mapping."""
    if isinstance(value, list) and value:
        listed = fields.words(value)
        if any("," in name for name in listed):
            raise WrongValue("has a comma in a name, which parts columns; write * in its place")
        return ",".join(listed)
    if isinstance(value, str) and value.strip():
        return value
    raise WrongValue(f"must be a column's name or a list of them, not {shown(value)}")


def table(value: object) -> dict[str, object]:
    """A table."""
    if not isinstance(value, dict):
        raise WrongValue(f"must be a table, not {shown(value)}")
    return value


def tables(value: object) -> list[dict[str, object]]:
    """Tables, one below the other."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise WrongValue("must be written as [[sources]] tables")
    return value


def seconds(value: object) -> float:
    """A time above 0, of a day at most."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= DAY_SECONDS:
        raise WrongValue(f"must be seconds above 0, not {shown(value)}")
    return float(value)


def seconds_or_none(value: object) -> float:
    """A time from 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise WrongValue(f"must be seconds from 0 up, not {shown(value)}")
    return float(value)


def share(value: object) -> float:
    """A number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise WrongValue(f"must be a share from 0 to 1, not {shown(value)}")
    return float(value)


def ports(value: object) -> tuple[int, ...]:
    """A list of ports."""
    numbers = fields.whole_numbers(value)
    if any(number > MOST_PORT for number in numbers):
        raise WrongValue(f"must be ports from 1 to {MOST_PORT}, not {shown(value)}")
    return numbers


def verdict(value: object) -> str:
    """One of the four verdicts, as a word."""
    return fields.verdict(value).word


def table_files(value: object) -> dict[str, str]:
    """Table → file, whose ending says the format."""
    files = {name: fields.text(path) for name, path in table(value).items()}
    wrong = [path for path in files.values() if path.rpartition(".")[2].lower() not in FORMATS]
    if wrong:
        raise WrongValue(f"must be files that end in {', '.join('.' + one for one in FORMATS)}, not {shown(wrong[0])}")
    return files


Readers = dict[str, "Callable[[object], Any]"]

TOP: Readers = {
    "workspace": address,
    "catalog": address,
    "policies": fields.words,
    "categories": fields.text,
    "sources": tables,
    "run": table,
    "limits": table,
    "web": table,
    "outputs": table,
}
SOURCE: Readers = {
    "at": address,
    "name": fields.name,
    "kind": fields.name,
    "encoding": fields.text,
    "delimiter": raw,
    "header_line": fields.count,
    "picture_separator": raw,
    "group_by": group_by,
    "allow_prefixes": fields.words,
    "map": table,
}
TABLES: dict[str, Readers] = {
    "run": {
        "workers": fields.count,
        "engine": fields.name,
        "ray_address": address,
        "thorough": fields.flag,
    },
    "limits": {
        "file_timeout_seconds": seconds,
        "worker_memory_mb": fields.count,
        "max_trouble_share": share,
        "fail_on": verdict,
    },
    "web": {
        "allow_networks": fields.words,
        "allow_ports": ports,
        "host_connections": fields.count,
        "host_gap_seconds": seconds_or_none,
        "total_seconds": seconds,
        "refresh_seconds": seconds_or_none,
        "respect_robots": fields.flag,
        "contact": fields.text,
        "use_proxy": fields.flag,
    },
    "outputs": {
        "report": fields.flag,
        "copy": fields.flag,
        "tables": table_files,
    },
}
