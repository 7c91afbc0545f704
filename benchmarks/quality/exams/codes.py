"""QR codes and barcodes laid over photographs: whether they are read, and whether they lead away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from exam import Asked, Data, Exam, Item, Kind, NoData, Wanted
from looking import columns_of
from shop_pictures import GROCERY, MAGENTO2, TAILWIND, photos, spread

from packshot.media.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from shop_pictures import Photo

    Pixels = NDArray[np.uint8]

ADDRESSES = (
    "https://orchard.test/sale",
    "www.tienda-naranja.es",
    "https://www.sklep-gruszka.pl/a?b=1",
    "hello@orchard.test",
)
GOODS = ("4006381333931", "5901234123457", "7311041013663")
LOOKS = ("level", "turned", "in perspective", "soft", "small")


def items(asked: Asked) -> Iterator[Item]:
    """Photographs as they are, with a QR code that holds an address, and with a barcode of goods."""
    these = [one for shop in ("magento2", "tailwindtraders", "grocery_store") for one in photos(asked, shop)]
    for number, photo in enumerate(spread(these, asked.some(60, 300))):
        for kind in ("nothing", "goods", LOOKS[number % len(LOOKS)]):
            data = _made(photo, number, kind)
            columns, cpu_ms = columns_of(data, "code_links", "code_texts")
            links = columns["code_links"]
            yield Item(
                id=f"{photo.path.stem}, {kind}",
                slice=kind,
                score=float(len(links)) if isinstance(links, tuple) else None,
                truth=kind in LOOKS,
                said=bool(links),
                group=photo.listing,
                picture=partial(_made, photo, number, kind),
                note=str(columns["code_texts"])[:120],
                cpu_ms=cpu_ms,
            )


def _made(photo: Photo, number: int, kind: str) -> bytes:
    if kind == "nothing":
        return photo.path.read_bytes()
    rgb = decode(photo.path.read_bytes()).rgb.copy()
    rng = np.random.default_rng([number, 9])
    short = min(rgb.shape[:2])
    share = 0.14 if kind == "small" else float(rng.uniform(0.2, 0.35))
    if kind == "goods":
        code = _code("EAN13", GOODS[number % len(GOODS)], round(share * short * 1.3))
    else:
        code = _code("QRCode", ADDRESSES[number % len(ADDRESSES)], max(70, round(share * short)))
    _lay(rng, rgb, code, kind)
    return bytes(cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def _code(kind: str, text: str, width: int) -> Pixels:
    try:
        import zxingcpp
    except ImportError as error:
        raise NoData("zxing-cpp is missing; pip install packshot[models]") from error
    drawn = np.array(
        zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)), scale=8)
    )
    times = width / drawn.shape[1]
    return np.asarray(cv2.resize(drawn, None, fx=times, fy=times, interpolation=cv2.INTER_AREA), np.uint8)


def _lay(rng: np.random.Generator, rgb: Pixels, code: Pixels, kind: str) -> None:
    high, wide = code.shape
    from_ = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    to = from_.copy()
    if kind == "turned":
        angle = np.radians(float(rng.uniform(10, 80)))
        to = (
            (from_ - from_.mean(axis=0)) @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        ).astype(np.float32)
    elif kind == "in perspective":
        to = (from_ + rng.uniform(-0.12, 0.12, (4, 2)) * (wide, high)).astype(np.float32)
    to -= to.min(axis=0)
    room = np.array(rgb.shape[1::-1]) - to.max(axis=0) - 1
    to += (rng.uniform(0.05, 0.95, 2) * np.maximum(room, 0)).astype(np.float32)
    move = cv2.getPerspectiveTransform(from_, to.astype(np.float32))
    size = rgb.shape[1::-1]
    drawn = cv2.warpPerspective(code, move, size, flags=cv2.INTER_AREA, borderValue=255)
    share = cv2.warpPerspective(np.full_like(code, 255), move, size, flags=cv2.INTER_LINEAR)
    if kind == "soft":
        drawn = cv2.GaussianBlur(drawn, (0, 0), 0.08 * wide / 10)
    mixed = rgb + (drawn[..., None].astype(np.float32) - rgb) * (share[..., None] / np.float32(255))
    rgb[:] = np.clip(mixed, 0, 255).astype(np.uint8)


EXAM = Exam(
    title="Codes that lead away: QR codes with an address, against barcodes of goods and photographs",
    kind=Kind.DECISION,
    items=items,
    data=(MAGENTO2, TAILWIND, GROCERY, Data("codes laid over them", "own", synthetic=True)),
    bound=None,
    set_on="nothing: a code is read or it is not",
    wanted=(Wanted("recall", 0.9), Wanted("precision", 0.9)),
    about="The codes are made; those printed on bent packs and photographed are not among them. There "
    "is no baseline: nothing simpler reads codes.",
)
