"""People's word: overruling what a rule says of a picture, and saying whether two pictures are the same."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from packshot.app.named import Names
from packshot.app.policies import bound_policy
from packshot.app.rule_words import (
    in_words,
    judged_policies,
    opposite,
    policies_looked_at,
    told_by_rules,
    verdict_after,
)
from packshot.core.errors import UnknownName, UsageError
from packshot.core.label import (
    OF_PAIRS,
    OF_RULES,
    SAME_PICTURE,
    Answer,
    Subject,
    subject_of_pair,
    subject_of_placement,
)
from packshot.evaluate.check import Check, Scope
from packshot.match.peoples_word import Settled
from packshot.pipeline.current_rows import placed
from packshot.pipeline.peoples_word import questions, word
from packshot.plugins import discover
from packshot.storage.catalog_tables import NewLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.app.tables import Reader
    from packshot.storage.catalog_tables import LabelRow

AUTHOR = "PACKSHOT_AUTHOR"
"""The environment variable that names who speaks."""
LONGEST = 2_000
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of what somebody said; `as_dict` is what the commands print with `--json`."""

    label: LabelRow | None
    """None with `dry_run`, and where just that stands already."""
    question: str
    answer: str
    because: str
    author: str
    subject: Mapping[str, Any]
    """What it is about: `placement_id asset_id listing_id source_uri`, or `asset_a asset_b`."""
    stands: int | None = None
    """The label that says just that already: nothing was added."""
    replaces: Mapping[str, Any] | None = None
    """`seq answer author because` of an earlier word on the same two pictures, in whose place this one stands."""
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    """`policy before after` of the placement: what it is now, and what the next run says."""

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        names = ("question", "answer", "because", "author", "stands", "replaces", "verdicts")
        told = {name: getattr(self, name) for name in names}
        label = self.label
        kept = {"seq": label.seq, "at": label.at, "supersedes": label.supersedes} if label else {"seq": None}
        return {**kept, **told, **self.subject}


def who(author: str | None) -> str:
    """Who speaks: the name given, else that in PACKSHOT_AUTHOR, else the user of this machine.

    Raises UsageError where there is none.
    """
    found = author or os.environ.get(AUTHOR) or ""
    if not found:
        try:
            found = getpass.getuser()
        except (OSError, KeyError):  # a container whose user has no name
            found = ""
    found = plain_text(found)
    if not found:
        raise UsageError("Nobody knows who says this.", f"Name yourself: --author NAME, or {AUTHOR}=NAME.")
    return found


def plain_text(text: str) -> str:
    """The text without what no database keeps, its spaces and line ends made single spaces."""
    kept = "".join(c if c.isprintable() else " " for c in text.encode("utf-8", "replace").decode())
    return " ".join(kept.split())


def reason(because: str | None) -> str:
    """A reason as it is kept. Raises UsageError where it is too long."""
    found = plain_text(because or "")
    if len(found) > LONGEST:
        raise UsageError(f"The reason has {len(found):,} characters.", f"Say it in {LONGEST:,}.")
    return found


def known_questions(reader: Reader, policy: str | None = None) -> dict[str, str]:
    """Question → what it asks of a picture: every check here, the rules judged here by, and those of `policy`."""
    return _asked(reader, policy)[Scope.PLACEMENT]


def hold_question(reader: Reader, question: str, policy: str | None = None) -> str:
    """`question`, or `policy/question` where a policy is named.

    Raises UnknownName for one that no policy and no check asks, UsageError for one that is asked of listings.
    """
    asked = _asked(reader, policy)
    known = asked[Scope.PLACEMENT]
    name = f"{bound_policy(policy).policy.id}/{question}" if policy else question
    if name in asked[Scope.LISTING]:
        raise UsageError(
            f"{name} speaks of listings, and changes no picture's verdict.",
            "Only what is said of pictures can be overruled.",
        )
    if name not in known:
        plain = [one for one in known if ("/" in one) == ("/" in name)]
        raise UnknownName("rule or check", name, plain or known)
    return name


def _asked(reader: Reader, policy: str | None) -> dict[Scope, dict[str, str]]:
    """Question → what it asks, of pictures and of listings."""
    found: dict[Scope, dict[str, str]] = {scope: {} for scope in Scope}
    for name, check in discover("checks", Check).items():
        found[check.scope][name] = check().title()
    for bound in judged_policies(reader, policy):
        rules = bound.by_id()
        for question, id_ in questions(bound).iter_rows():
            rule = rules[id_]
            asks = rule.rule.question or (rule.check.title() if rule.check else "")
            found[rule.scope].setdefault(question, asks)
    return found


def overrule(  # noqa: PLR0913 - what, how, why, who
    reader: Reader,
    placement: str,
    check: str,
    *,
    because: str | None,
    verdict: str | None = None,
    policy: str | None = None,
    author: str | None = None,
    undo: bool = False,
    dry_run: bool = False,
) -> Said:
    """Say that the picture in that place keeps or breaks a rule, whatever was measured; or, with `undo`, no more.

    Without a `verdict` it is the opposite of what the rule says now. Raises UsageError where that says nothing clear.
    """
    now = placed(reader.stores).placements
    place = Names(now).placement(placement)
    question = hold_question(reader, check, policy)
    told = told_by_rules(reader, place["placement_id"], question, policy)
    answer = Answer.WITHDRAWN.value if undo else verdict or opposite(question, told)
    subject_id = subject_of_placement(place["placement_id"], place["asset_id"])
    label = new_label(
        question, Subject.PLACEMENT, subject_id, answer, because, who(author), said_of=in_words(question, told)
    )
    stands = standing(word(reader.stores).standing, label)
    if undo and (stands is None or stands["answer"] == answer):
        raise _nothing_to_undo(reader, label, place["source_uri"])
    kept = unchanged(stands, label)
    verdicts = [verdict_after(reader, one, place, label) for one in policies_looked_at(reader, policy)]
    added = [] if dry_run or kept else reader.stores.catalog.add_labels([label])
    return Said(
        label=added[0] if added else None,
        question=question,
        answer=answer,
        because=str(label.answer["because"]),
        author=label.author,
        subject=place,
        stands=kept,
        verdicts=[row for row in verdicts if row],
    )


def tell_pair(  # noqa: PLR0913 - what, how, why, who
    reader: Reader,
    one: str,
    other: str,
    *,
    same: bool,
    because: str | None = None,
    author: str | None = None,
    undo: bool = False,
    dry_run: bool = False,
) -> Said:
    """Say that two pictures are the same, or are not; or, with `undo`, that what was said of them counts no more.

    A later word on the same two stands in place of the earlier one, which `replaces` names. Raises UsageError where
    both names mean one file, or where it contradicts what was said of other pairs.
    """
    names = Names(placed(reader.stores).placements)
    a, b = sorted((names.asset(one), names.asset(other)))
    hold_two(a, b)
    answer = Answer.WITHDRAWN if undo else Answer.SAME if same else Answer.DIFFERENT
    label = new_label(SAME_PICTURE, Subject.PAIR, subject_of_pair(a, b), answer.value, because, who(author))
    every = word(reader.stores).standing
    stands = standing(every, label)
    if undo and (stands is None or stands["answer"] == answer.value):
        raise _nothing_to_undo(reader, label, f"{a[:12]} and {b[:12]}")
    if not undo:
        hold_consistent(every, a, b, same=same)
    kept = unchanged(stands, label)
    added = [] if dry_run or kept else reader.stores.catalog.add_labels([label])
    return Said(
        label=added[0] if added else None,
        question=SAME_PICTURE,
        answer=answer.value,
        because=str(label.answer["because"]),
        author=label.author,
        subject={"asset_a": a, "asset_b": b},
        stands=kept,
        replaces=None if undo or kept else _replaced(stands),
    )


def new_label(  # noqa: PLR0913, PLR0917 - what a label has
    question: str, kind: Subject, subject_id: str, answer: str, because: str | None, author: str, said_of: str = ""
) -> NewLabel:
    """A label as it is kept."""
    told: dict[str, object] = {"answer": answer, "because": reason(because)}
    return NewLabel(question, kind.value, subject_id, told | ({"said_of": said_of} if said_of else {}), author)


def standing(every: pl.DataFrame, label: NewLabel) -> dict[str, Any] | None:
    """The label that stands about the same; None where nobody spoke of it."""
    found = every.filter(
        pl.col("question") == label.question,
        pl.col("subject_kind") == label.subject_kind,
        pl.col("subject_id") == label.subject_id,
    )
    return found.row(0, named=True) if found.height else None


def unchanged(stands: Mapping[str, Any] | None, label: NewLabel) -> int | None:
    """The number of the standing label where it says just the same."""
    if stands is None:
        return None
    same = (stands["answer"], stands["because"]) == (label.answer["answer"], label.answer["because"])
    return int(stands["seq"]) if same and stands["author"] == label.author else None


def _replaced(stands: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if stands is None or stands["answer"] == Answer.WITHDRAWN.value:
        return None
    return {name: stands[name] for name in ("seq", "answer", "author", "because")}


def hold_two(one: str, other: str) -> None:
    """Raise UsageError where both are one file."""
    if one == other:
        raise UsageError("Both names mean one file: its bytes are the same.", "Name two different pictures.")


def hold_answer(question: str, answer: str) -> str:
    """The answer in its letters. Raises UsageError where the question has no such answer."""
    may = (*(OF_PAIRS if question == SAME_PICTURE else OF_RULES), Answer.WITHDRAWN)
    found = answer.strip().lower()
    if found not in {one.value for one in may}:
        words = ", ".join(one.value for one in may)
        more = "" if question == SAME_PICTURE else ": pass where the picture keeps the rule, fail where it breaks it"
        raise UsageError(f"{answer!r} is no answer to {question}.", f"Answer one of {words}{more}.")
    return found


def hold_consistent(every: pl.DataFrame, one: str, other: str, *, same: bool) -> None:
    """Raise UsageError where that `one` and `other` are the same, or are not, contradicts the labels that stand."""
    rest = every.filter(~((pl.col("asset_id") == one) & (pl.col("other_asset_id") == other)).fill_null(value=False))
    said = pairs_said(rest)
    against = Settled([(one, other, same), *said]).contradicted
    if not against or set(against) <= set(Settled(said).contradicted):
        return
    a, b, were = against[0]
    label = rest.filter((pl.col("asset_id") == a) & (pl.col("other_asset_id") == b)).row(-1, named=True)
    what = f"{a[:12]} and {b[:12]} are {'' if were else 'not '}the same (label {label['seq']} by {label['author']})"
    raise UsageError(
        f"That contradicts what was said before: {what}.",
        f"Take it back first: packshot match {'confirm' if were else 'split'} {a[:12]} {b[:12]} --undo",
    )


def pairs_said(every: pl.DataFrame) -> list[tuple[str, str, bool]]:
    """What stands of all pairs, the latest first: two assets, and whether they are the same."""
    pairs = every.filter((pl.col("question") == SAME_PICTURE) & (pl.col("answer") != Answer.WITHDRAWN.value))
    same = pl.col("answer") == Answer.SAME.value
    return pairs.sort("seq", descending=True).select("asset_id", "other_asset_id", same).rows()


def _nothing_to_undo(reader: Reader, label: NewLabel, name: str) -> UsageError:
    every = word(reader.stores).standing.filter(pl.col("answer") != Answer.WITHDRAWN.value)
    mine = every.filter(pl.col("subject_id") == label.subject_id)["question"].to_list()
    others = every.filter(pl.col("placement_id") == label.subject_id.partition("/")[0])
    hint = f"Said of it: {', '.join(mine)}." if mine else "See what was said: packshot label list."
    if not mine and others.height:
        hint = "What was said there is of an earlier picture, and does not count: see packshot label list."
    return UsageError(f"Nobody has said anything of {label.question} on {name}.", hint)
