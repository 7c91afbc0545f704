import numpy as np
import pytest

from packshot.evaluate.seams import COUNT, RUNS, seams


def test_a_seam_along_a_column_is_one_long_run_of_columns_and_none_of_rows():
    luma = np.full((300, 352), 100, np.uint8)
    luma[:, 180:] = 160
    found = seams(luma)
    columns, rows = found[: COUNT // 2], found[COUNT // 2 :]
    assert columns[0] == 1
    assert columns[1] == 0
    assert columns[RUNS] == 1
    assert not rows.any()
    assert seams(np.ascontiguousarray(luma.T))[COUNT // 2 :] == pytest.approx(columns)


def test_a_picture_let_in_has_runs_as_long_as_its_sides():
    luma = np.full((352, 352), 200, np.uint8)
    luma[200:300, 40:210] = 60
    found = seams(luma)
    assert found[:2] == pytest.approx([100 / 352] * 2, abs=0.03)
    assert found[COUNT // 2 : COUNT // 2 + 2] == pytest.approx([170 / 352] * 2, abs=0.03)


def test_a_border_at_the_rim_is_no_seam():
    luma = np.full((352, 352), 255, np.uint8)
    luma[6:-6, 6:-6] = 30
    assert not seams(luma).any()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (33, 264), (900, 700)])
def test_any_size_gives_as_many_numbers(size):
    found = seams(np.random.default_rng(0).integers(0, 256, size).astype(np.uint8))
    assert found.shape == (COUNT,)
    assert np.isfinite(found).all()
