from dataclasses import replace
from datetime import date

import pytest

from packshot.core.verdict import Verdict
from packshot.policies.evidence import unfounded
from packshot.policies.policy import Evidence, Policy, Rule

SOUND = Rule(id="r", check="blurry", says="Sharp.", source="https://example.com", read_on=date(2026, 1, 1))


def faults(**changes):
    return unfounded(Policy(id="p", title="P", rules=(replace(SOUND, **changes),)))


@pytest.mark.parametrize(
    ("evidence", "allowed"),
    [
        (Evidence.VERIFIED, Verdict.BLOCK),
        (Evidence.CORROBORATED, Verdict.BLOCK),
        (Evidence.SECONDARY, Verdict.REVIEW),
        (Evidence.UNVERIFIED, Verdict.SHOW),
    ],
)
def test_evidence_bounds_what_failing_may_mean(evidence, allowed):
    said = {verdict: faults(evidence=evidence, on_fail=verdict) for verdict in Verdict}
    assert [verdict for verdict, lines in said.items() if not lines] == [v for v in Verdict if v <= allowed]


def test_a_rule_without_source_text_or_date_is_named():
    assert faults(evidence=Evidence.VERIFIED, source="", says="", read_on=None) == (
        "r: it has no says",
        "r: it has no source",
        "r: it has no read_on",
    )
