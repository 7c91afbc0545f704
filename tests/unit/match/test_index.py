import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packshot.core.errors import PluginError
from packshot.match import index
from packshot.match.hamming import all_near, words


def random_hashes(count, rng):
    return rng.integers(0, 256, (count, 32), dtype=np.uint8)


def flipped(hashes, bits, rng):
    unpacked = np.unpackbits(hashes, axis=1)
    for row in unpacked:
        row[rng.choice(256, bits, replace=False)] ^= 1
    return np.packbits(unpacked, axis=1)


def as_set(blocks):
    rows = [row for block in blocks for row in zip(*(column.tolist() for column in block), strict=True)]
    assert len(rows) == len(set(rows)), "a pair came twice"
    return set(rows)


def by_definition(hashes, radius):
    bits = np.unpackbits(hashes, axis=1).astype(np.int16)
    found = set()
    for i in range(len(bits)):
        distance = np.abs(bits[i + 1 :] - bits[i]).sum(axis=1)
        found |= {(i, i + 1 + int(j), int(distance[j])) for j in np.flatnonzero(distance <= radius)}
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), radius=st.integers(0, 31), spread=st.integers(0, 31))
def test_nothing_is_missed_and_nothing_comes_twice(seed, radius, spread):
    rng = np.random.default_rng(seed)
    seeds = random_hashes(40, rng)
    hashes = np.concatenate([seeds, flipped(seeds, spread, rng), flipped(seeds, radius, rng)])
    expected = by_definition(hashes, radius)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "SMALL", 0)
        assert as_set(index.near_pairs(hashes, radius)) == expected
    assert as_set(all_near(words(hashes), radius)) == expected


def test_bits_spread_evenly_over_the_chunks_are_the_worst_case_and_found():
    rng = np.random.default_rng(5)
    hashes = random_hashes(3100, rng)
    bits = np.unpackbits(hashes[0])
    bits[0:256:16] ^= 1  # one bit in each chunk: 16
    bits[3:240:16] ^= 1  # a second one in all but the last: 31
    hashes[3099] = np.packbits(bits)
    assert (0, 3099, 31) in as_set(index.near_pairs(hashes, 31))
    assert not [pair for pair in as_set(index.near_pairs(hashes, 30)) if pair[1] == 3099]


def test_blocks_bound_the_work_of_a_heap_that_shares_chunks():
    rng = np.random.default_rng(6)
    hashes = np.repeat(random_hashes(1, rng), 3200, axis=0)
    hashes[:, 6:] = random_hashes(3200, rng)[:, 6:]  # three of sixteen chunks are equal in all of them
    hashes[7] = hashes[3000]
    blocks = list(index.near_pairs(hashes, 5))
    assert max(block[0].size for block in blocks) <= index.BLOCK
    assert (7, 3000, 0) in as_set(blocks)


def test_equal_hashes_are_tied_to_the_first_and_never_to_each_other():
    rng = np.random.default_rng(7)
    one, near = random_hashes(1, rng), random_hashes(1, rng)
    near[:] = one
    near[0, 0] ^= 0b101
    hashes = np.concatenate([near, np.repeat(one, 5000, axis=0)])
    left, right, distance = index.self_join(hashes)
    assert left.size == 5000
    assert (left[0], right[0], distance[0]) == (0, 1, 2)
    assert set(left[1:].tolist()) == {1}
    assert right[1:].tolist() == list(range(2, 5001))
    assert not distance[1:].any()


def test_groups_name_the_first_row_of_each_hash():
    hashes = np.zeros((5, 32), dtype=np.uint8)
    hashes[1] = hashes[4] = 9
    groups = index.group_equal(hashes)
    assert groups.first.tolist() == [0, 1]
    assert groups.of_row.tolist() == [0, 1, 0, 0, 1]


@pytest.mark.parametrize("count", [0, 1])
def test_no_pair_among_less_than_two(count):
    left, right, distance = index.self_join(np.zeros((count, 32), dtype=np.uint8))
    assert left.size == right.size == distance.size == 0


@pytest.mark.parametrize("radius", [-1, 32])
def test_a_radius_that_would_miss_pairs_is_refused(radius):
    with pytest.raises(PluginError, match="radius"):
        list(index.near_pairs(np.zeros((2, 32), dtype=np.uint8), radius))


@pytest.mark.parametrize("hashes", [np.zeros((2, 31), dtype=np.uint8), np.zeros((2, 32)), np.zeros(32, dtype=np.uint8)])
def test_other_arrays_are_refused(hashes):
    with pytest.raises(PluginError, match="shape"):
        words(hashes)


@pytest.mark.parametrize(
    ("ones", "others", "radius"), [(40, 60, 31), (60, 900, 31), (99, 600, 12), (0, 5, 9), (5, 0, 3)]
)
def test_across_two_sets_it_finds_what_trying_all_pairs_finds(ones, others, radius):
    random = np.random.default_rng(ones)
    centres = random.integers(0, 256, (8, 32), dtype=np.uint8)

    def near_centres(count):
        bits = random.random((count, 256)) < random.uniform(0, 0.1, (count, 1))
        return centres[random.integers(0, 8, count)] ^ np.packbits(bits, axis=1)

    left, right = near_centres(ones), near_centres(others)
    apart = np.bitwise_count(left[:, None] ^ right[None]).sum(axis=-1, dtype=int)
    blocks = index.near_across(left, right, radius)
    found = [pair for block in blocks for pair in zip(*map(np.ndarray.tolist, block), strict=True)]
    assert sorted(found) == [(i, j, apart[i, j]) for i, j in np.argwhere(apart <= radius).tolist()]


def test_a_list_of_hashes_that_are_near_each_other_costs_nothing_between_them(monkeypatch):
    listed = np.array([list(number.to_bytes(32, "big")) for number in range(3000)], dtype=np.uint8)
    looked_at = []
    monkeypatch.setattr(index, "_verified", lambda *given: looked_at.append(given[2].size) or iter(()))
    list(index.near_across(np.full((5, 32), 0x5A, dtype=np.uint8), listed))
    assert sum(looked_at) == 0
