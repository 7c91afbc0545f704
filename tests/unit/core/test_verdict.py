import pytest

from packshot.core.verdict import VERDICT_ON_TROUBLE, Status, Verdict, contribution

TABLE = {
    # on_fail:        pass    warn    fail      unsure    unmeasured
    Verdict.SHOW: ("show", "show", "show", "show", "review"),
    Verdict.FIX: ("show", "show", "fix", "fix", "review"),
    Verdict.REVIEW: ("show", "show", "review", "review", "review"),
    Verdict.BLOCK: ("show", "show", "block", "review", "review"),
}


@pytest.mark.parametrize("on_fail", Verdict)
def test_what_a_rule_adds(on_fail):
    measured = [Status.PASS, Status.WARN, Status.FAIL, Status.UNSURE, Status.UNMEASURED]
    assert tuple(contribution(status, on_fail).word for status in measured) == TABLE[on_fail]


@pytest.mark.parametrize("on_fail", Verdict)
def test_what_nobody_can_assess_counts_only_where_it_is_required(on_fail):
    assert contribution(Status.NOT_ASSESSED, on_fail) is Verdict.SHOW
    assert contribution(Status.NOT_ASSESSED, on_fail, required=True) is Verdict.REVIEW


def test_the_order_and_the_words():
    assert sorted(Verdict) == [Verdict.of(word) for word in ("show", "fix", "review", "block")]
    assert VERDICT_ON_TROUBLE > Verdict.SHOW
    with pytest.raises(ValueError, match="'hide' is no verdict; there are: show, fix, review, block"):
        Verdict.of("hide")
