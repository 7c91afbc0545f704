import threading

import pytest

from packshot.collect.web import gathered as module
from packshot.collect.web.budget import Budget, spending
from packshot.collect.web.gathered import Gathered
from packshot.core.errors import MediaError


def test_one_at_a_time_is_large(monkeypatch):
    monkeypatch.setattr(module, "SMALL_BYTES", 10)
    with Gathered() as small, Gathered() as large, Gathered() as second:
        small.write(b"0123456789")
        large.write(b"0123456789a")
        large.write(b"and more")
        with spending(Budget(0.05, 1)), pytest.raises(MediaError) as raised:
            second.write(b"0123456789a")
        assert raised.value.kind.value == "timed_out"
        assert small.getvalue() == b"0123456789"
        done = []
        with Gathered() as third:
            thread = threading.Thread(target=lambda: done.append(third.write(b"0123456789b")))
            thread.start()
            large.close()
            thread.join(5)
            assert done == [11]
