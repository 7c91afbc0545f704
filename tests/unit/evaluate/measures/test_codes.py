import numpy as np
import pytest

from packshot.evaluate.measures.codes import MOST_CODES, Codes
from packshot.media.header import Header
from packshot.media.picture import Picture

zxingcpp = pytest.importorskip("zxingcpp", reason="the extra `models` is not installed")


def code(kind, text, scale=4):
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    return np.array(zxingcpp.write_barcode_to_image(made, scale=scale))


def measured(luma):
    rgb = np.ascontiguousarray(np.broadcast_to(luma[:, :, None], (*luma.shape, 3)), np.uint8)
    return Codes().measure(Picture(Header("png", 1, rgb.shape[1], rgb.shape[0]), rgb))


def laid(*placed, size=(700, 900)):
    canvas = np.full(size, 230, np.uint8)
    for luma, x, y in placed:
        canvas[y : y + luma.shape[0], x : x + luma.shape[1]] = luma
    return canvas


def test_a_qr_code_with_an_address_leads_away_and_its_place_is_told():
    luma = code("QRCode", "https://example.com/offers")
    found = measured(laid((luma, 450, 210)))
    assert found["code_texts"] == ("https://example.com/offers",)
    assert found["code_kinds"] == ("QRCode",)
    assert found["code_links"] == ("https://example.com/offers",)
    x, y, w, h = found["code_boxes"]
    assert x == pytest.approx(450 / 900, abs=0.03)
    assert y == pytest.approx(210 / 700, abs=0.03)
    assert w == pytest.approx(luma.shape[1] / 900, abs=0.05)
    assert h == pytest.approx(luma.shape[0] / 700, abs=0.06)


def test_the_barcode_of_the_goods_leads_nowhere():
    found = measured(laid((code("EAN13", "4006381333931", 3), 100, 100)))
    assert found["code_texts"] == ("4006381333931",)
    assert found["code_kinds"] == ("EAN13",)
    assert found["code_links"] == ()


def test_a_code_that_holds_no_address_leads_nowhere():
    assert measured(laid((code("DataMatrix", "LOT 4711 EXP 2027", 8), 200, 200)))["code_links"] == ()


def test_a_code_in_a_large_picture_is_found_and_placed():
    luma = code("QRCode", "www.example.com", 12)
    found = measured(laid((luma, 2000, 1500), size=(3000, 4000)))
    assert found["code_links"] == ("www.example.com",)
    assert found["code_boxes"][0] == pytest.approx(2000 / 4000, abs=0.03)


def test_control_characters_of_a_code_do_not_pass():
    (text,) = measured(laid((code("QRCode", "a\x1b[31mb\x00c", 6), 100, 100)))["code_texts"]
    assert text.isprintable()


def test_no_more_than_the_most_are_kept():
    many = [(code("QRCode", f"no {n}", 3), 20 + 130 * (n % 6), 20 + 130 * (n // 6)) for n in range(14)]
    assert len(measured(laid(*many))["code_texts"]) <= MOST_CODES


def test_nothing_is_found_where_there_is_nothing():
    noise = np.random.default_rng(4).integers(0, 256, (600, 600), dtype=np.uint8)
    stripes = np.tile(np.repeat(np.array([0, 255], np.uint8), 7), (400, 40))
    for luma in (noise, stripes):
        assert measured(luma)["code_texts"] == ()
