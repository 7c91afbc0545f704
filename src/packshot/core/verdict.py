"""What a policy says of one placement in a role, and the one rule by which rules add up."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """What one rule says of one picture."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    WARN = "warn"
    FAIL = "fail"
    UNSURE = "unsure"
    """Measured, but not surely enough to say."""
    UNMEASURED = "unmeasured"
    """The measure exists here and its row is missing."""
    NOT_ASSESSED = "not_assessed"
    """No such measure in this install, or a person has to look."""


class Verdict(IntEnum):
    """Show < fix < review < block; the higher number wins."""

    SHOW = 0
    FIX = 1
    """Something that can be mended is wrong."""
    REVIEW = 2
    """A person has to look."""
    BLOCK = 3
    """Customers must not see it, whatever is done."""

    @property
    def word(self) -> str:
        """The verdict as it stands in tables and files."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Verdict:
        """The verdict that `word` names; ValueError when there is none."""
        for verdict in cls:
            if verdict.word == word:
                return verdict
        message = f"{word!r} is no verdict; there are: {', '.join(v.word for v in cls)}"
        raise ValueError(message)


VERDICT_ON_TROUBLE = Verdict.REVIEW
"""A placement with trouble is never `show`."""


def contribution(status: Status, on_fail: Verdict, *, required: bool = False) -> Verdict:
    """What one rule adds to the verdict; the verdict of a placement is the highest of these.

    The columnar judge looks this table up, so the rule stands here and nowhere else.
    """
    match status:
        case Status.PASS | Status.WARN:
            return Verdict.SHOW
        case Status.FAIL:
            return on_fail
        case Status.UNSURE:
            return min(on_fail, Verdict.REVIEW)
        case Status.UNMEASURED:
            return Verdict.REVIEW
        case Status.NOT_ASSESSED:
            return Verdict.REVIEW if required else Verdict.SHOW
