"""The contract of a check: a rule over measured columns, judged for a whole table at once."""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from packshot.core.errors import PluginError
from packshot.core.verdict import Status, Verdict
from packshot.texts.language import figures, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from packshot.core.listing import Role

PASS, WARN, FAIL, UNSURE = Status.PASS, Status.WARN, Status.FAIL, Status.UNSURE

P = TypeVar("P")


class Scope(StrEnum):
    """What a check speaks of."""

    PLACEMENT = "placement"
    LISTING = "listing"
    """Judged once for each listing, over the columns that `evaluate/context.py` counts."""


@dataclass(frozen=True, slots=True)
class Example:
    """One row and what the check must say of it; every example is a test."""

    row: Mapping[str, object]
    status: Status
    why: str


@dataclass(frozen=True, slots=True)
class NoParams:
    """For a check that has nothing to set."""


class Columns:
    """The columns that a check asked for in `needs`, as expressions: `column.sharpness < 0.3`."""

    __slots__ = ("_allowed", "_check")

    def __init__(self, check: str, allowed: tuple[str, ...]) -> None:
        """Allow exactly the columns in `allowed`."""
        self._check = check
        self._allowed = allowed

    def __getattr__(self, name: str) -> pl.Expr:
        """Give the column; PluginError when the check does not list it in `needs`."""
        import polars as pl  # late: `packshot explain` reads checks without polars

        if name not in self._allowed:
            message = f"The check {self._check} reads the column {name!r} and does not list it in `needs`."
            raise PluginError(message, f'Add "{name}" to `needs`.')
        return pl.col(name)


class Check(ABC, Generic[P]):
    """One check: a file in `evaluate/checks/` whose name is its id, named after the fault.

    The docstring's first line says the fault; a paragraph `Why it matters:` and one `How to fix:` follow.
    """

    params: ClassVar[type]
    """The frozen dataclass of its parameters; every field has a default and a docstring."""
    needs: ClassVar[tuple[str, ...]]
    """Columns it reads: outputs of measures, or context columns (see `evaluate/context.py`)."""
    examples: ClassVar[tuple[Example, ...]]
    scope: ClassVar[Scope] = Scope.PLACEMENT
    on_fail: ClassVar[Verdict] = Verdict.FIX
    """What failing means where a policy takes every check as it comes."""
    roles: ClassVar[tuple[Role, ...]] = ()
    """The roles it applies to where a policy takes every check as it comes; empty means all."""
    box: ClassVar[str | None] = None
    """The column of kind box or boxes that shows where to look."""

    @abstractmethod
    def fails(self, column: Columns, params: P) -> pl.Expr:
        """True where the fault is there; null counts as unsure."""

    def applies(self, column: Columns, params: P) -> pl.Expr | None:  # noqa: ARG002 - for overriding
        """False where the question makes no sense (the row then passes); None means everywhere."""
        return None

    def warns(self, column: Columns, params: P) -> pl.Expr | None:  # noqa: ARG002 - for overriding
        """True where it is not yet a fault, but worth a word; None means never."""
        return None

    def unsure(self, column: Columns, params: P) -> pl.Expr | None:  # noqa: ARG002 - for overriding
        """True where the measurements are too weak to say anything; None means never."""
        return None

    @abstractmethod
    def expected(self, params: P) -> str:
        """What would pass, in words: `sharpness of at least 0.35`."""

    def measured(self, row: Mapping[str, object], params: P) -> str:  # noqa: ARG002 - for overriding
        """What was measured, in words, from one row of `needs`."""
        return ", ".join(f"{name} {words(row.get(name))}" for name in self.needs)

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(cls) or cls.__name__).splitlines()[0]

    @classmethod
    def how_to_fix(cls) -> str:
        """The paragraph `How to fix:` of the docstring."""
        return paragraph(cls, "How to fix")

    @classmethod
    def why_it_matters(cls) -> str:
        """The paragraph `Why it matters:` of the docstring."""
        return paragraph(cls, "Why it matters")


def paragraph(cls: type, heading: str) -> str:
    """The paragraph of the class docstring that begins with `heading:`, on one line; empty when there is none."""
    found = re.search(
        rf"^{heading}:\s*(.+?)(?=\n[A-Z][\w ]+:|\n\n|\Z)", inspect.getdoc(cls) or "", re.DOTALL | re.MULTILINE
    )
    return " ".join(found.group(1).split()) if found else ""


def words(value: object) -> str:
    """A measured value as a person would write it; `unknown` where there was no answer."""
    if value is None:
        return phrase("unknown")
    if isinstance(value, bool):
        return phrase("yes") if value else phrase("no")
    if isinstance(value, float):
        few = abs(value) < 10  # noqa: PLR2004 - two decimals while they matter
        return figures(f"{value:.2f}" if few else f"{value:,.0f}")
    if isinstance(value, int):
        return figures(f"{value:,}")
    if isinstance(value, list | tuple):
        return ", ".join(words(item) for item in value) or phrase("none")
    return str(value)


def percent(share: object) -> str:
    """A share as per cent: 0.85 is `85 %`, 0.994 is `99.4 %`; `unknown` where there was no answer."""
    return figures(f"{round(share * 100, 1):g}") + " %" if isinstance(share, int | float) else phrase("unknown")


def size(row: Mapping[str, object]) -> str:
    """Width and height from the columns `width_px` and `height_px`: `1,200 × 800 px`."""
    return f"{words(row.get('width_px'))} × {words(row.get('height_px'))} px"


def one_of(items: tuple[str, ...]) -> str:
    """Alternatives in words: `JPEG, PNG or GIF`."""
    last = items[-1] if items else phrase("nothing")
    return phrase(" or ").join(part for part in (", ".join(items[:-1]), last) if part)
