from datetime import UTC, datetime

import pytest

from packshot.collect.web import waits

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("999999999", waits.MOST_ASKED_SECONDS),
        ("9" * 400, None),
        ("-5", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 12:00:30", 30),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 22 Nov 9999 12:00:30 GMT", waits.MOST_ASKED_SECONDS),
        ("Sun, 99 Foo 2026 12:00:30 GMT", None),
        ("\u0661\u0662", None),
    ],
)
def test_what_retry_after_says(text, seconds):
    assert waits.retry_after(text, NOW) == seconds


def test_pauses_grow_at_random_up_to_a_limit(monkeypatch):
    tops = []
    monkeypatch.setattr(waits.random, "uniform", lambda low, high: tops.append((low, high)) or high)
    for attempt in range(2, 12):
        waits.pause_before(attempt)
    assert all(low == 0 for low, _ in tops), "full jitter begins at nothing"
    assert [high for _, high in tops] == [0.5, 1, 2, 4, 8, 16, 20, 20, 20, 20]
