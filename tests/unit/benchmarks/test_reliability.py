import numpy as np
import pytest
from reliability import calibration


def test_bins_ece_and_brier_by_hand():
    score = np.array([0.05, 0.05, 0.95, 0.95, 1.0])
    truth = np.array([False, True, True, True, False])
    found = calibration(score, truth)
    assert [(one["n"], one["share"]) for one in found["bins"]] == [(2, 0.5), (3, 0.6667)]
    assert found["ece"] == pytest.approx((0.45 * 2 + abs(0.9667 - 0.6667) * 3) / 5, abs=1e-3)
    assert found["brier"] == pytest.approx((0.0025 + 0.9025 + 2 * 0.0025 + 1) / 5, abs=1e-3)


def test_a_true_probability_is_calibrated():
    rng = np.random.default_rng(1)
    score = rng.random(20_000)
    assert calibration(score, rng.random(20_000) < score)["ece"] < 0.02
