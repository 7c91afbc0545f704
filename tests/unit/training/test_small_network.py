import numpy as np

from packshot.evaluate import own_network
from small_network import arrays, fresh, learn


def test_a_network_learns_what_no_line_can_and_says_the_same_in_the_package(monkeypatch):
    rng = np.random.default_rng(1)
    rows = rng.normal(5, 2, (2000, 3))
    truth = (rows[:, 0] > 5) != (rows[:, 1] > 5)

    def slope(batch, scores):
        return (1 / (1 + np.exp(-scores)) - truth[batch]) / len(batch)

    network = fresh(rows, (16, 8), 0)
    learn(network, rows, lambda chance: chance.integers(0, 2000, 200), slope, steps=600, seed=0, rate=1e-2)
    scores = network.score(rows)
    assert np.mean((scores > 0) == truth) > 0.95
    kept = arrays([network, network])
    monkeypatch.setattr(own_network, "arrays_of", lambda _: kept)
    assert np.allclose(own_network.network_score("any", rows), scores, atol=1e-4)
