import numpy as np
import polars as pl
import pytest

from packshot.choose.diversity import similarity

RNG = np.random.default_rng(2)
HASH = RNG.integers(0, 256, 32, dtype=np.uint8)
LAB = np.full(768, 128, dtype=np.uint8)


def flipped(bits):
    unpacked = np.unpackbits(HASH)
    unpacked[:bits] ^= 1
    return np.packbits(unpacked)


def tinted(amount):
    lab = LAB.copy()
    lab[1::3] += amount
    return lab


def likeness(*looks):
    """Likeness of the first look to each of the others."""
    hashes = pl.Series([None if h is None else h.tobytes() for h, _ in looks], dtype=pl.Binary)
    labs = pl.Series([None if lab is None else lab.tobytes() for _, lab in looks], dtype=pl.Binary)
    others = np.arange(1, len(looks))
    return similarity(hashes, labs, np.zeros_like(others), others).tolist()


def test_the_same_picture_is_one_and_another_shape_nothing():
    assert likeness((HASH, LAB), (HASH, LAB), (flipped(16), LAB), (flipped(100), LAB), (flipped(128), LAB)) == [
        1,
        1,
        0,
        0,
    ]


def test_likeness_falls_with_every_bit_and_every_shade():
    shapes = likeness((HASH, LAB), *((flipped(bits), LAB) for bits in range(16, 101, 12)))
    colours = likeness((HASH, LAB), *((HASH, tinted(amount)) for amount in range(0, 60, 10)))
    for found in (shapes, colours):
        assert found == sorted(found, reverse=True)
        assert len(set(found)) == len(found)


def test_another_colour_takes_away_half_at_most():
    assert likeness((HASH, LAB), (HASH, tinted(120)))[0] == pytest.approx(0.5, abs=0.001)
    assert likeness((HASH, LAB), (HASH, tinted(12)))[0] == pytest.approx(0.5 + 0.5 * np.exp(-1), abs=1e-6)


def test_what_is_not_known_does_not_count_against_a_picture():
    assert likeness((HASH, LAB), (None, LAB), (HASH, None), (None, None)) == [0, 1, 0]


def test_no_pairs_no_values():
    assert likeness((HASH, LAB)) == []
