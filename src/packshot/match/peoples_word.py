"""What people said of two pictures, laid over what was found of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from packshot.core.match import MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PAIRS = 64
"""Up to so many confirmed pictures of one group are all paired with each other; a larger group with its first."""
DENIED = (MatchKind.SAME.value, MatchKind.COPY.value)
"""The kinds of match that a split takes away."""
_PAIR = ("asset_a", "asset_b")


class Settled:
    """Groups of confirmed pictures, and which groups are kept apart, without contradiction: the later word wins.

    What is confirmed carries on: where a is b and b is c, a is c; and where c is not d, neither is a.
    """

    def __init__(self, said: Iterable[tuple[str, str, bool]]) -> None:
        """Take `said`, rows of two assets and whether they are the same, the latest first.

        What contradicts a later word is passed over, and told in `contradicted`.
        """
        self._parent: dict[str, str] = {}
        self._enemies: dict[str, set[str]] = {}
        self.contradicted: list[tuple[str, str, bool]] = []
        for one, other, same in said:
            if not self.take(one, other, same=same):
                self.contradicted.append((one, other, same))

    def take(self, one: str, other: str, *, same: bool) -> bool:
        """Take one more word that is earlier than all before; False, and nothing changed, where it contradicts them."""
        a, b = self.group(one), self.group(other)
        if same:
            if b in self._apart(a):
                return False
            self._join(a, b)
        elif a == b:
            return False
        else:
            self._apart(a).add(b)
            self._apart(b).add(a)
        return True

    def group(self, asset: str) -> str:
        """The asset by which its group of confirmed pictures is known: itself, where nobody confirmed it."""
        parent = self._parent.setdefault(asset, asset)
        while parent != self._parent[parent]:
            parent = self._parent[asset] = self._parent[parent]
        return parent

    def groups(self) -> pl.DataFrame:
        """`asset_id group` of all that somebody spoke of; a group is known by its least asset."""
        rows = [(asset, self.group(asset)) for asset in self._parent]
        return pl.DataFrame(rows, schema={"asset_id": pl.String, "group": pl.String}, orient="row")

    def apart(self) -> pl.DataFrame:
        """`group_a group_b` of the groups that are kept apart, in both orders."""
        rows = [(one, other) for one, others in self._enemies.items() for other in others]
        return pl.DataFrame(rows, schema={"group_a": pl.String, "group_b": pl.String}, orient="row")

    def split(self) -> pl.DataFrame:
        """`asset_a asset_b` of all pairs of assets that are kept apart, in both orders."""
        groups = self.groups()
        first = groups.select(asset_a="asset_id", group_a="group")
        second = groups.select(asset_b="asset_id", group_b="group")
        pairs = self.apart().join(first, on="group_a", how="inner").join(second, on="group_b", how="inner")
        return pairs.select(*_PAIR).sort(_PAIR)

    def confirmed(self) -> pl.DataFrame:
        """`asset_a asset_b` of the pairs that belong together, the lesser first."""
        members: dict[str, list[str]] = {}
        for asset in sorted(self._parent):
            members.setdefault(self.group(asset), []).append(asset)
        rows = [pair for group in members.values() for pair in _paired(group)]
        return pl.DataFrame(rows, schema=dict.fromkeys(_PAIR, pl.String), orient="row")

    def _apart(self, group: str) -> set[str]:
        return self._enemies.setdefault(group, set())

    def _join(self, a: str, b: str) -> None:
        if a == b:
            return
        first, second = sorted((a, b))
        self._parent[second] = first
        for enemy in self._enemies.pop(second, set()):
            self._enemies[enemy].discard(second)
            self._enemies[enemy].add(first)
            self._apart(first).add(enemy)


def settled(said: pl.DataFrame) -> Settled:
    """What stands of `said`: `asset_a asset_b same seq`, a row for each pair that somebody spoke of."""
    latest = said.sort("seq", descending=True)
    return Settled(latest.select("asset_a", "asset_b", "same").iter_rows())


def with_word(pairs: pl.DataFrame, told: Settled) -> pl.DataFrame:
    """The matches without those that people split, and with those that they confirmed, as `same`; sorted as before.

    `distance` and `delta_e` of a confirmed pair are what was measured, and null where the two were never compared.
    """
    groups, apart = told.groups(), told.apart()
    named = pairs
    for side in ("a", "b"):
        of_side = groups.select(pl.col("asset_id").alias(f"asset_{side}"), pl.col("group").alias(f"group_{side}"))
        named = named.join(of_side, on=f"asset_{side}", how="left", maintain_order="left")
        named = named.with_columns(pl.coalesce(f"group_{side}", f"asset_{side}").alias(f"group_{side}"))
    denied = named.join(apart, on=("group_a", "group_b"), how="semi")
    denied = denied.filter(pl.col("kind").is_in(DENIED)).select(*_PAIR, "kind")
    confirmed = told.confirmed()
    known = pairs.join(confirmed, on=_PAIR, how="semi").sort("kind").unique(_PAIR, keep="first")
    said = confirmed.join(known.drop("kind"), on=_PAIR, how="left")
    said = said.with_columns(pl.lit(MatchKind.SAME.value).alias("kind")).select(pairs.columns)
    rest = pairs.join(denied, on=(*_PAIR, "kind"), how="anti").join(confirmed, on=_PAIR, how="anti")
    return pl.concat([rest, said]).sort("kind", *_PAIR)


def _paired(group: list[str]) -> Iterator[tuple[str, str]]:
    if len(group) > MOST_PAIRS:
        yield from ((group[0], other) for other in group[1:])
    else:
        yield from ((one, other) for place, one in enumerate(group) for other in group[place + 1 :])
