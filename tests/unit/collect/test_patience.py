import pytest

from packshot.collect import patience
from packshot.collect.patience import TRIES, Passing, patiently
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind


@pytest.fixture
def pauses(monkeypatch):
    found = []
    monkeypatch.setattr(patience.time, "sleep", found.append)
    return found


def asking(*errors):
    left = list(errors)

    def ask():
        if left:
            raise left.pop(0)
        return "answer"

    return ask


def test_what_passes_is_asked_for_again_after_growing_pauses(pauses):
    assert patiently(asking(*[Passing(TroubleKind.UNREACHABLE, "busy")] * (TRIES - 1))) == "answer"
    assert len(pauses) == TRIES - 1
    assert all(0.125 * 2**number <= pause <= 0.25 * 2**number for number, pause in enumerate(pauses))


def test_patience_ends(pauses):
    with pytest.raises(Passing):
        patiently(asking(*[Passing(TroubleKind.UNREACHABLE, "busy")] * TRIES))
    assert len(pauses) == TRIES - 1


def test_no_new_try_after_long(pauses, monkeypatch):
    clock = iter(range(0, 1000, 20))
    monkeypatch.setattr(patience.time, "monotonic", lambda: next(clock))
    with pytest.raises(Passing):
        patiently(asking(*[Passing(TroubleKind.UNREACHABLE, "slow")] * TRIES))
    assert len(pauses) == 1


def test_what_is_missing_is_asked_for_twice_and_what_is_refused_once(pauses):
    assert patiently(asking(MediaError(TroubleKind.NOT_FOUND, "gone"))) == "answer"
    with pytest.raises(MediaError):
        patiently(asking(*[MediaError(TroubleKind.NOT_FOUND, "gone")] * 2))
    with pytest.raises(MediaError):
        patiently(asking(MediaError(TroubleKind.UNREACHABLE, "denied")))
    assert len(pauses) == 2
