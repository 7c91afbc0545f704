import numpy as np

from kept_rows import kept
from packshot.evaluate import own_network
from small_network import arrays, fresh, learn, tell_apart


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


def test_what_is_told_apart_is_told_the_same_at_every_training():
    rng = np.random.default_rng(2)
    rows = rng.normal(0, 1, (600, 3))
    truth = rows[:, 0] * rows[:, 1] > 0
    groups = ((np.flatnonzero(truth), 64), (np.flatnonzero(~truth), 64))
    taught = {"seeds": (0, 1), "steps": 250, "rate": 1e-2, "decay": 1e-3, "jitter": 0.05}
    first, second = (tell_apart(rows, rows, truth, groups, (12,), **taught) for _ in range(2))
    scores = [network.score(rows) for network in first]
    assert min(np.mean((score > 0) == truth) for score in scores) > 0.9
    assert not np.array_equal(*scores), "each seed is a network of its own"
    assert all(np.array_equal(one, other) for one, other in zip(scores, (n.score(rows) for n in second), strict=True))


def test_rows_are_made_once(tmp_path):
    made = []

    def make():
        made.append(1)
        return {"traits": np.arange(3.0)}

    for file in (tmp_path / "a" / "rows.npz", tmp_path / "a" / "rows.npz", None):
        assert kept(file, make)["traits"].tolist() == [0, 1, 2]
    assert len(made) == 2
