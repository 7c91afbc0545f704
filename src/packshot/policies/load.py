"""Finds, reads and joins policy files."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from packshot.core.errors import PolicyError, UnknownName, UsageError
from packshot.plugins import points
from packshot.policies import categories
from packshot.policies.fields import flat_values, name, read_fields, read_toml, unknown
from packshot.policies.parse import TOP_FIELDS, parse_gallery, parse_rule
from packshot.policies.policy import GalleryRules, Policy, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from packshot.policies.categories import Category

GROUP = "packshot.policies"
"""Entry points `acme = "acme_rules"` of this group say: the package acme_rules holds a file acme.toml."""


_LONGEST_CHAIN = 20
MOST_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy as far as it could be read, and every mistake found on the way."""

    policy: Policy
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    stem: str
    text: str
    folder: Path | None
    """Where relative paths in `extends` start; None for a policy that comes with a package."""


def names() -> tuple[str, ...]:
    """The policies that come with packshot and with what is installed beside it, sorted."""
    return tuple(sorted(_packaged()))


def load(id_or_path: str | Path, category_map: Mapping[str, Category] | None = None) -> Policy:
    """The policy of that name, or in that TOML file, joined with those it extends.

    `category_map` says what `@apparel` and the like mean; by default the map that comes with packshot does.
    Raises UnknownName when there is no such policy, UsageError when the file cannot be read, and PolicyError with all
    mistakes when it cannot be understood.
    """
    found = draft(id_or_path, category_map)
    if found.mistakes:
        raise PolicyError(found.policy.id, found.mistakes)
    return found.policy


def draft(id_or_path: str | Path, category_map: Mapping[str, Category] | None = None) -> Draft:
    """Like `load`, but gives the mistakes instead of raising them, so that the caller can add its own."""
    mistakes: list[str] = []
    policy = _read(_find(id_or_path, None), (), mistakes)
    below = categories.shipped() if category_map is None else category_map
    known = categories.settled(categories.laid_over(below, policy.categories))
    mistakes += categories.unknown_names(policy.rules, known)
    policy = replace(policy, categories=known)
    if not mistakes and not policy.rules and not policy.every_check:
        mistakes.append('it has no rules; add [[rules]], every_check = true or extends = "house"')
    return Draft(replace(policy, hash=_hash(policy)), tuple(mistakes))


def extended(id_or_path: str | Path) -> str | None:
    """What a policy says that it extends, as it is written there; None where it stands alone. Raises as `load`."""
    file = _find(id_or_path, None)
    top, mistakes = read_fields(read_toml(file.text, file.stem), TOP_FIELDS, "top level")
    if mistakes:
        raise PolicyError(file.stem, mistakes)
    return str(top["extends"]) if "extends" in top else None


def _packaged() -> dict[str, Traversable]:
    found = {item.name.removesuffix(".toml"): item for item in _own_files()}
    for point in points(GROUP):
        found.setdefault(point.name, resources.files(point.value).joinpath(f"{point.name}.toml"))
    return found


@cache
def _own_files() -> tuple[Traversable, ...]:
    return tuple(item for item in resources.files("packshot.policies").iterdir() if _is_policy(item.name))


def _is_policy(file: str) -> bool:
    return file.endswith(".toml") and file != categories.FILE


def _find(wanted: str | Path, folder: Path | None) -> _File:
    is_path = isinstance(wanted, Path) or wanted.endswith(".toml") or "/" in wanted or "\\" in wanted
    if not is_path:
        packaged = _packaged()
        if str(wanted) not in packaged:
            raise UnknownName("policy", str(wanted), packaged)
        return _File(str(wanted), str(wanted), packaged[str(wanted)].read_text(encoding="utf-8"), None)
    path = (folder or Path()) / Path(wanted).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # a device has no end
        if len(data) > MOST_BYTES:
            raise PolicyError(str(path), [f"it has more than {MOST_BYTES:,} bytes"])
        text = data.decode("utf-8-sig")
    except OSError as error:
        message = f"The policy file {path} cannot be read: {error.strerror}."
        raise UsageError(message, f"Give a TOML file, or one of: {', '.join(names())}.") from error
    except ValueError as error:
        raise PolicyError(str(path), [f"it is not UTF-8 text: {error}"]) from error
    return _File(str(path.resolve()), path.stem, text, path.resolve().parent)


def _read(file: _File, chain: tuple[str, ...], mistakes: list[str]) -> Policy:
    where = f"{file.stem}: " if chain else ""
    top, wrong = read_fields(read_toml(file.text, file.stem), TOP_FIELDS, f"{where}top level")
    mistakes += wrong
    parent = _parent(top, file, chain, mistakes)
    rules = _rules(top, where, mistakes)
    removed = _removed(top, rules, parent, where, mistakes)
    gallery, wrong = parse_gallery(_as_dict(top.get("gallery")), where)
    mistakes += wrong
    own, wrong = categories.parse(_as_dict(top.get("categories")), where)
    mistakes += wrong
    return Policy(
        id=_id(top, file, where, mistakes),
        title=str(top.get("title", parent.title if parent else file.stem)),
        rules=_joined(parent.rules if parent else (), rules, removed),
        gallery=replace(parent.gallery if parent else GalleryRules(), **gallery),
        says=str(top.get("says", parent.says if parent else "")),
        every_check=bool(top.get("every_check", parent.every_check if parent else False)),
        removed=_left_out(removed, parent),
        categories=categories.laid_over(parent.categories if parent else {}, own),
        toml=file.text + (f"\n# --- extends {parent.id} ---\n{parent.toml}" if parent else ""),
    )


def _id(top: dict[str, object], file: _File, where: str, mistakes: list[str]) -> str:
    if "id" in top:
        return str(top["id"])
    try:
        return name(file.stem)
    except ValueError:
        mistakes.append(f'{where}top level: the file name {file.stem!r} is no fit id; add id = "my-policy"')
        return file.stem


def _parent(top: dict[str, object], file: _File, chain: tuple[str, ...], mistakes: list[str]) -> Policy | None:
    wanted = top.get("extends")
    if wanted is None:
        return None
    try:
        parent = _find(str(wanted), file.folder)
    except UsageError as error:
        mistakes.append(f"extends: {error.message} {error.hint}")
        return None
    seen = (*chain, file.key)
    if len(seen) > _LONGEST_CHAIN:
        mistakes.append(f"extends goes on through more than {_LONGEST_CHAIN} policies")
        return None
    if parent.key in seen:
        mistakes.append(f"extends goes in a circle: {' → '.join(Path(key).name for key in (*seen, parent.key))}")
        return None
    return _read(parent, seen, mistakes)


def _rules(top: dict[str, object], where: str, mistakes: list[str]) -> list[Rule]:
    rules: list[Rule] = []
    tables: Any = top.get("rules", [])
    for number, table in enumerate(tables, start=1):
        rule, wrong = parse_rule(table, number, where)
        mistakes += wrong
        if rule is None:
            continue
        if rule.id in {other.id for other in rules}:
            mistakes.append(f"{where}rule {number} ({rule.id}): an earlier rule has this id; give it its own")
            continue
        rules.append(rule)
    return rules


def _removed(
    top: dict[str, object], rules: list[Rule], parent: Policy | None, where: str, mistakes: list[str]
) -> tuple[str, ...]:
    wanted: Any = top.get("remove", ())
    inherited = {rule.id for rule in parent.rules} if parent else set()
    joins = bool(top.get("every_check", parent.every_check if parent else False))
    for rule_id in wanted:
        if rule_id in {rule.id for rule in rules}:
            mistakes.append(f"{where}remove: this file itself has a rule {rule_id!r}")
        elif rule_id not in inherited and not joins:
            mistakes.append(f"{where}remove: {unknown('inherited rule', rule_id, inherited)}")
    return tuple(wanted)


def _left_out(removed: tuple[str, ...], parent: Policy | None) -> tuple[str, ...]:
    """The checks that must not join by themselves: those of removed rules, and removed names that are no rule's."""
    checks = {rule.id: rule.check for rule in parent.rules} if parent else {}
    names = {checks.get(name, name) for name in removed} | set(parent.removed if parent else ())
    return tuple(sorted(name for name in names if name is not None))


def _joined(inherited: tuple[Rule, ...], own: list[Rule], removed: tuple[str, ...]) -> tuple[Rule, ...]:
    """The inherited rules, each in its place unless removed or replaced by one of the same id, then the new ones."""
    mine = {rule.id: rule for rule in own}
    kept = [mine.pop(rule.id, rule) for rule in inherited if rule.id not in removed]
    return (*kept, *mine.values())


def _as_dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _hash(policy: Policy) -> str:
    rules = [flat_values(rule) | {"on_fail": rule.on_fail.word} for rule in policy.rules]
    asked = flat_values(policy) | {"toml": "", "hash": "", "gallery": flat_values(policy.gallery), "rules": rules}
    meant = categories.used(policy.rules, policy.categories)
    asked["categories"] = {name: flat_values(one) for name, one in meant.items()}
    written = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return blake3(written.encode()).hexdigest()
