from typing import ClassVar

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from packshot.core.errors import PluginError
from packshot.core.measurement import Kind, Output
from packshot.core.trouble import TroubleKind
from packshot.evaluate import suite
from packshot.evaluate.measure import Measure
from packshot.media.header import Header
from packshot.media.picture import Picture

PICTURE = Picture(Header("png", 10, 40, 30), np.full((30, 40, 3), 100, np.uint8))


class Good(Measure):
    """Gives seven."""

    outputs = (Output("seven", Kind.INT, "Seven."),)

    def measure(self, picture):  # noqa: ARG002 - the contract's argument
        return {"seven": 7, "not_declared": 8}


class Broken(Measure):
    """Raises."""

    version: ClassVar[int] = 3
    outputs = (Output("first", Kind.INT, "Never."), Output("second", Kind.INT, "Never."))

    def measure(self, picture):  # noqa: ARG002 - the contract's argument
        raise ZeroDivisionError("by\nnothing")


class Forgetful(Measure):
    """Leaves an output out."""

    outputs = (Output("there", Kind.INT, "One."), Output("missing", Kind.INT, "Never."))

    def measure(self, picture):  # noqa: ARG002 - the contract's argument
        return {"there": 1}


def test_one_failing_measure_costs_its_own_columns_only():
    measures = {"broken": Broken(), "forgetful": Forgetful(), "good": Good()}
    values, failed, troubles = suite.measure_picture(PICTURE, measures)
    assert values == {"first": None, "second": None, "there": None, "missing": None, "seven": 7}
    assert failed == ["broken", "forgetful"]
    assert [(t.stage, t.kind, t.measure, t.version) for t in troubles] == [
        ("measure", TroubleKind.MEASURE_FAILED, "broken", 3),
        ("measure", TroubleKind.MEASURE_FAILED, "forgetful", 1),
    ]
    assert troubles[0].detail == "ZeroDivisionError: by"
    assert "missing" in troubles[1].detail


class Threads(Measure):
    """Among how many threads a matrix product would be shared at most."""

    outputs = (Output("threads", Kind.INT, "At most."),)

    def measure(self, picture):  # noqa: ARG002 - the contract's argument
        return {"threads": max(library["num_threads"] for library in threadpool_info())}


def test_a_picture_is_measured_by_one_thread_and_what_was_before_comes_back():
    # Threads spin between the products of small networks; and how a product is shared decides on its last bits.
    with threadpool_limits(limits=2):
        before = threadpool_info()
        assert suite.measure_picture(PICTURE, {"threads": Threads()})[0] == {"threads": 1}
        assert threadpool_info() == before


def test_versions_and_owners():
    measures = {"broken": Broken(), "good": Good()}
    assert suite.wanted(measures) == {"broken": 3, "good": 1}
    assert suite.measure_of_column(measures) == {"first": "broken", "second": "broken", "seven": "good"}


def test_two_owners_of_a_column_are_refused():
    with pytest.raises(PluginError, match="'good' and 'other' both fill the column 'seven'"):
        suite.measure_of_column({"good": Good(), "other": Good()})


def test_the_built_in_measures_fill_every_promised_column():
    promised = [
        "width_px",
        "height_px",
        "format",
        "bytes",
        "frames",
        "has_alpha",
        "icc_kind",
        "aspect_ratio",
        "decode_intact",
        "brightness",
        "contrast",
        "clipped_dark_share",
        "clipped_light_share",
        "sharpness",
        "noise_sigma",
        "jpeg_quality",
        "blockiness",
        "effective_resolution_share",
        "colourfulness",
        "colour_cast",
        "is_grayscale",
        "background_white_share",
        "background_uniformity",
        "background_rgb",
        "product_box",
        "product_fill_share",
        "product_area_share",
        "product_centering",
        "cut_off_edges",
        "product_confidence",
        "border_px",
        "information",
        "pdq",
        "pdq_quality",
        "lab16",
    ]
    measures = suite.all_measures()
    values, failed, troubles = suite.measure_picture(PICTURE, measures)
    assert set(promised) <= set(suite.measure_of_column(measures)) == set(values)  # those without models
    assert not failed
    assert not troubles
