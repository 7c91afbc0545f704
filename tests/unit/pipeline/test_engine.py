import pytest

from packshot.core.errors import UsageError
from packshot.pipeline.engine import LEAST_MEMORY_BYTES, WorkerLimits


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 10**6])
def test_a_time_limit_is_some_seconds(seconds):
    with pytest.raises(UsageError, match="no time limit"):
        WorkerLimits(row_seconds=seconds)


@pytest.mark.parametrize("memory", [-1, 0, LEAST_MEMORY_BYTES - 1, 1 << 63])
def test_a_memory_limit_is_one_that_a_worker_can_live_with(memory):
    with pytest.raises(UsageError, match="no memory limit"):
        WorkerLimits(memory_bytes=memory)


def test_the_least_is_allowed():
    assert WorkerLimits(0.5, LEAST_MEMORY_BYTES).memory_bytes == LEAST_MEMORY_BYTES
