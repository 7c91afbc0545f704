import pytest

from packshot.core.errors import ModelError
from packshot.models.metadata import metadata_of
from packshot.testing.stand_in_models import CHARACTERS, STAND_INS


def test_the_texts_that_come_along_are_read_and_the_weights_stepped_over(tmp_path):
    path = STAND_INS["ppocr-rec-tiny"](tmp_path / "reader.onnx")
    assert metadata_of(path)["character"].split("\n") == list(CHARACTERS)


def test_a_model_without_texts_has_none(tmp_path):
    assert metadata_of(STAND_INS["u2netp"](tmp_path / "masker.onnx")) == {}


@pytest.mark.parametrize("data", [b"\xff" * 40, b"\x0a\x7f", b"\x0b\x01", b"\x72\x02\x12\x00"])
def test_what_is_no_model_is_told(tmp_path, data):
    path = tmp_path / "broken.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError, match="no ONNX file"):
        metadata_of(path)
