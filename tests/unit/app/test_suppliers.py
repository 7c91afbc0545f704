import polars as pl

from packshot.app.suppliers import _by_people, _severity

FINDINGS = pl.DataFrame(
    {
        "placement_id": ["p1", "p1", "p2", None],
        "rule": ["blurry", "no_zoom", "blurry", "too_few_pictures"],
        "status": ["fail", "warn", "unsure", "fail"],
        "on_fail": ["review", "show", "block", "fix"],
        "measured": ["a", "b", "c", "d"],
    }
)


def test_a_persons_word_is_told_without_the_person():
    said = pl.DataFrame(
        {
            "placement_id": ["p1", "p2"],
            "rule": ["blurry", "blurry"],
            "status": ["fail", "pass"],
            "author": ["Ann", "Ben"],
            "because": ["see mail", ""],
        }
    )
    told = _by_people(FINDINGS, said)
    assert told["measured"].to_list() == ["a person looked at it and says so", "b", "c", "d"]
    assert told.columns == FINDINGS.columns
    assert _by_people(FINDINGS, said.clear()).equals(FINDINGS)


def test_findings_lead_to_what_verdicts_say():
    assert FINDINGS.select(_severity()).to_series().to_list() == ["review", "advice", "review", "fix"]
