"""What a person says: of a finding on one picture in one place, or of two pictures."""

from __future__ import annotations

from enum import StrEnum


class Subject(StrEnum):
    """What is spoken of."""

    PLACEMENT = "placement"
    """One picture in one place: `placement_id/asset_id`. With another picture in that place it is another subject."""
    PAIR = "pair"
    """Two assets: `asset_id/asset_id`, the lesser first."""


class Answer(StrEnum):
    """What is said."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    """The picture keeps the rule, whatever was measured."""
    FAIL = "fail"
    """The picture breaks the rule, whatever was measured."""
    SAME = "same"
    """The two show the same picture."""
    DIFFERENT = "different"
    """They do not."""
    WITHDRAWN = "withdrawn"
    """What was said of it before counts no more."""


SAME_PICTURE = "same_picture"
"""The question that is asked of two assets. All other questions are rules: `rule`, or `policy/rule`."""
OF_RULES = (Answer.PASS, Answer.FAIL)
OF_PAIRS = (Answer.SAME, Answer.DIFFERENT)


def subject_of_placement(placement_id: str, asset_id: str) -> str:
    """The subject's id of one picture in one place."""
    return f"{placement_id}/{asset_id}"


def subject_of_pair(one: str, other: str) -> str:
    """The subject's id of two assets, in whichever order they come."""
    return "/".join(sorted((one, other)))
