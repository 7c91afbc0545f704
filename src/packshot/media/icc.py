"""What an ICC profile is, told from its numbers and not from its name."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

_HEADER_BYTES = 128
_MOST_TAGS = 512
_SPACES = {b"RGB ": "rgb", b"GRAY": "gray", b"CMYK": "cmyk"}
_PCS = frozenset({b"XYZ ", b"Lab "})

_PRIMARIES = {
    # Columns of the matrix to XYZ, adapted to D50, as in the profiles of the IEC, Apple and Adobe.
    "srgb": ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)),
    "display_p3": ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)),
    "adobe_rgb": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
}
_PRIMARY_TOLERANCE = 0.005
_PROBES = (0.06, 0.12, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
_CURVE_TOLERANCE = 1.5 / 255
"""An encoded value may be off by this much; a plain 2.2 gamma is off by 7/255 in the shadows and is converted."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What matters of a profile."""

    kind: str
    """`srgb display_p3 adobe_rgb gray cmyk other broken`."""
    space: str
    """The samples it describes: `rgb gray cmyk other`."""
    is_srgb: bool
    """Its numbers mean what sRGB's mean, so nothing has to be converted."""

    def fits(self, colour_mode: str) -> bool:
        """Whether it can describe samples of `colour_mode` (an RGB profile describes gray as well)."""
        if colour_mode == "gray":
            return self.space in {"gray", "rgb"}
        return self.space == {"palette": "rgb"}.get(colour_mode, colour_mode)


BROKEN = Profile("broken", "other", is_srgb=False)


def icc_kind(icc: bytes | None, colour_mode: str) -> str:
    """The kind for `Header.icc_kind`; a profile that does not fit the samples counts as `broken`."""
    if icc is None:
        return "none"
    profile = read_profile(icc)
    return profile.kind if profile.fits(colour_mode) else "broken"


@lru_cache(maxsize=64)
def read_profile(icc: bytes) -> Profile:
    """Tell what `icc` is (ICC.1:2022, sections 7 and 10) by comparing primaries and tone curves with known ones."""
    try:
        return _read(icc)
    except (struct.error, ValueError, OverflowError, ZeroDivisionError):
        return BROKEN


def _read(icc: bytes) -> Profile:
    if len(icc) < _HEADER_BYTES + 4 or icc[36:40] != b"acsp" or icc[20:24] not in _PCS:
        return BROKEN
    tags = _tags(icc)
    space = _SPACES.get(icc[16:20], "other")
    if not tags:
        return BROKEN
    if space == "gray":
        curve = tags.get(b"kTRC")
        return Profile("gray", space, is_srgb=curve is not None and _is_srgb_curve(curve))
    if space != "rgb":
        return Profile("cmyk" if space == "cmyk" else "other", space, is_srgb=False)
    columns = [tags.get(name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    curves = [tags.get(name) for name in (b"rTRC", b"gTRC", b"bTRC")]
    if b"A2B0" in tags or None in columns or None in curves:
        return Profile("other", space, is_srgb=False)
    kind = _kind_of_primaries([_xyz(column) for column in columns if column])
    if kind == "srgb" and not all(_is_srgb_curve(curve) for curve in set(curves) if curve):
        kind = "other"
    return Profile(kind, space, is_srgb=kind == "srgb")


def _tags(icc: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", icc, _HEADER_BYTES)
    tags: dict[bytes, bytes] = {}
    for index in range(min(count, _MOST_TAGS)):
        name, start, size = struct.unpack_from(">4sII", icc, _HEADER_BYTES + 4 + 12 * index)
        if start + size <= len(icc) and start >= _HEADER_BYTES:
            tags[name] = icc[start : start + size]
    return tags


def _kind_of_primaries(columns: list[tuple[float, float, float]]) -> str:
    for kind, known in _PRIMARIES.items():
        pairs = zip(columns, known, strict=True)
        if all(abs(a - b) <= _PRIMARY_TOLERANCE for column, right in pairs for a, b in zip(column, right, strict=True)):
            return kind
    return "other"


def _xyz(tag: bytes) -> tuple[float, float, float]:
    x, y, z = struct.unpack_from(">3i", tag, 8)
    return x / 65536, y / 65536, z / 65536


def _is_srgb_curve(tag: bytes) -> bool:
    return all(abs(_srgb_encode(_to_linear(tag, probe)) - probe) <= _CURVE_TOLERANCE for probe in _PROBES)


def _srgb_encode(linear: float) -> float:
    if linear <= 0.0031308:  # noqa: PLR2004 - IEC 61966-2-1
        return 12.92 * max(linear, 0.0)
    return float(1.055 * linear ** (1 / 2.4) - 0.055)


def _to_linear(tag: bytes, value: float) -> float:
    if tag[:4] == b"para":
        return _parametric(tag, value)
    if tag[:4] != b"curv":
        raise ValueError(tag[:4])
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return value
    if count == 1:
        return float(value ** (struct.unpack_from(">H", tag, 12)[0] / 256))
    at = value * (count - 1)
    low = min(int(at), count - 2)
    first, second = struct.unpack_from(">2H", tag, 12 + 2 * low)
    return float((first + (second - first) * (at - low)) / 65535)


def _parametric(tag: bytes, x: float) -> float:
    (form,) = struct.unpack_from(">H", tag, 8)
    length = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}.get(form)
    if length is None:
        raise ValueError(form)
    numbers = [number / 65536 for number in struct.unpack_from(f">{length}i", tag, 12)]
    g, a, b, c, d, e, f = numbers + [0.0] * (7 - length)
    if form == 0:
        return float(x**g)
    if form in {1, 2}:
        return float((max(a * x + b, 0.0) ** g if x >= -b / a else 0.0) + c)
    return float(max(a * x + b, 0.0) ** g + e if x >= d else c * x + f)
