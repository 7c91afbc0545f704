"""Judging single pictures, without a workspace."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packshot.app.policies import bound_policy
from packshot.app.unseen import unseen_note
from packshot.core.errors import MediaError, UnknownName
from packshot.core.listing import Role
from packshot.core.verdict import VERDICT_ON_TROUBLE, Status, Verdict
from packshot.evaluate.asked import asked_of_one, is_costly
from packshot.evaluate.judge_one import judge_one
from packshot.evaluate.preferred import preferred_row
from packshot.evaluate.suite import all_measures, measure_picture
from packshot.media.decode import decode
from packshot.media.limits import DEFAULT_LIMITS
from packshot.media.read import read_limited

if TYPE_CHECKING:
    from packshot.core.finding import Finding
    from packshot.core.trouble import Trouble


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a policy says of one picture."""

    file: str
    role: str
    policy: str
    verdict: str
    """`show`, `fix`, `review` or `block`."""
    findings: tuple[Finding, ...]
    """What did not pass; with what passed, where that was asked for."""
    measurements: dict[str, object]
    trouble: dict[str, str] | None
    """`stage kind detail`, where the file could not be read, decoded or measured."""
    not_assessed: tuple[str, ...] = ()
    """Rules that this install cannot measure, or that a person has to look at."""

    @property
    def failed(self) -> bool:
        """Whether a finding failed or the file had trouble."""
        return self.trouble is not None or any(finding.status is Status.FAIL for finding in self.findings)

    def as_dict(self) -> dict[str, object]:
        """JSON values (bytes stay bytes)."""
        findings = [asdict(finding) | {"status": finding.status.value} for finding in self.findings]
        names = ("file", "role", "policy", "verdict")
        return {
            **{name: getattr(self, name) for name in names},
            "findings": findings,
            "measurements": self.measurements,
            "trouble": self.trouble,
            "not_assessed": list(self.not_assessed),
        }


class Checker:
    """Judges pictures one after the other by one policy in one role."""

    def __init__(  # noqa: PLR0913 - each says another thing about how it is judged
        self,
        policy: str | Path = "house",
        *,
        role: str = "main",
        category: str | None = None,
        rules_as_of: date | None = None,
        everything: bool = False,
        categories: str | Path | None = None,
    ) -> None:
        """Load the policy; raises UnknownName or PolicyError. `everything` asks for what passed as well.

        `categories` is a TOML file with what you add to packshot's map of categories.
        """
        roles = {known.value: known for known in Role}
        if role not in roles:
            raise UnknownName("role", role, roles)
        self._bound = bound_policy(policy, categories)
        self._role = roles[role]
        self._category = category
        self._day = rules_as_of or datetime.now(UTC).date()
        self._everything = everything
        self.notes = unseen_note(self._bound.on(self._day), self._role)
        """What to know of all results: rules that are left out here."""
        spoken = asked_of_one(self._bound.on(self._day), self._role, category)
        self._measures = {name: one for name, one in all_measures().items() if not is_costly(one) or name in spoken}

    def check(self, picture: Path | str | bytes, *, name: str | None = None) -> CheckResult:
        """Judge a file, or the bytes of one; what cannot be read or decoded is told in `trouble`, not raised."""
        file = name or ("-" if isinstance(picture, bytes) else os.fspath(picture))
        # A name that is no UTF-8 is told by its bytes: no table, no JSON and no terminal takes it as it is.
        file = file.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        stage = "fetch"
        try:
            data = picture if isinstance(picture, bytes) else read_limited(Path(picture))
            stage = "decode"
            DEFAULT_LIMITS.check_bytes(len(data))
            values, _, troubles = measure_picture(decode(data), self._measures)
            vectors = {measure.vector.name for measure in self._measures.values() if measure.vector is not None}
            values = {name: value for name, value in values.items() if name not in vectors}
        except MediaError as error:
            trouble = {"stage": stage, "kind": error.kind.value, "detail": str(error)}
            return self._result(file, VERDICT_ON_TROUBLE, (), {}, trouble, ())
        return self._judged(file, dict(values), troubles)

    def _judged(self, file: str, values: dict[str, object], troubles: list[Trouble]) -> CheckResult:
        row = values | {"source_uri": None if file == "-" else file, "category": self._category}
        failed = {output.name for t in troubles if t.measure for output in self._measures[t.measure].outputs}
        told = judge_one(
            preferred_row({column: value for column, value in row.items() if column not in failed}),
            self._bound,
            role=self._role,
            rules_as_of=self._day,
            outputs={output.name: output for measure in self._measures.values() for output in measure.outputs},
            passes=self._everything,
        )
        first = next(iter(troubles), None)
        trouble = {"stage": first.stage, "kind": first.kind.value, "detail": first.detail} if first else None
        verdict = max(told.verdict, VERDICT_ON_TROUBLE) if troubles else told.verdict
        return self._result(file, verdict, tuple(told.findings), values, trouble, told.not_assessed)

    def _result(  # noqa: PLR0913, PLR0917 - each of them is another thing
        self,
        file: str,
        verdict: Verdict,
        findings: tuple[Finding, ...],
        values: dict[str, object],
        trouble: dict[str, str] | None,
        not_assessed: tuple[str, ...],
    ) -> CheckResult:
        policy, role = self._bound.policy.id, self._role.value
        return CheckResult(file, role, policy, verdict.word, findings, values, trouble, not_assessed)


def check(
    picture: str | Path | bytes,
    policy: str | Path = "house",
    *,
    role: str = "main",
    category: str | None = None,
    rules_as_of: date | None = None,
) -> CheckResult:
    """Judge one picture, a path or its bytes, in a role by a policy.

    Raises UnknownName for a policy or role that is not there and PolicyError for a broken policy; what is wrong with
    the file itself stands in the result's `trouble`.
    """
    return Checker(policy, role=role, category=category, rules_as_of=rules_as_of).check(picture)
