"""GIF: every frame is counted, the first one is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.failure import corrupt, truncated
from packshot.media.header import Header
from packshot.media.look import Look, Raster

if TYPE_CHECKING:
    from packshot.media.limits import Limits

_EXTENSION, _IMAGE, _TRAILER, _CONTROL = 0x21, 0x2C, 0x3B, 0xF9
_HEADER_BYTES = 13
_MOST_BLOCKS = 2_000_000
"""Data blocks of at most 255 bytes: a limit on the time that a walk over tiny ones takes."""


@dataclass(slots=True)
class _Walk:
    canvas: tuple[int, int] = (0, 0)
    """Width and height, with the first frame inside."""
    palette: tuple[int, int] = (0, 0)
    control: tuple[int, int] = (0, 0)
    """Where the first frame's control block is; equal numbers when it has none."""
    transparent: bool = False
    first: tuple[int, int] | None = None
    """Where the first frame is, from its descriptor to the end of its data."""
    place: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Left, top, width, height of the first frame."""
    frames: int = 0
    complete: bool = False
    """Whether the first frame ends before the file does."""
    blocks: int = 0


def look(data: bytes, limits: Limits) -> Look:
    """Walk the blocks: canvas, frames, transparency. The canvas grows where the first frame asks for more."""
    walk = _walk(data, limits)
    if walk.first is None:
        raise truncated("gif") if not walk.complete else corrupt("gif", "it holds no picture")
    width, height = walk.canvas
    header = Header(
        format="gif",
        bytes=len(data),
        width_px=width,
        height_px=height,
        frames=walk.frames,
        has_alpha=walk.transparent or walk.place != (0, 0, width, height),
        colour_mode="palette",
    )
    return Look(header, None, walk.complete)


def pixels(data: bytes, look: Look) -> Raster:
    """Decode the first frame with Pillow, which gets nothing but that frame; what it leaves free is transparent."""
    from dataclasses import replace

    from PIL.GifImagePlugin import GifImageFile

    from packshot.media.limits import Limits
    from packshot.media.pillow import decode_with_pillow

    walk = _walk(data, Limits(max_frames=look.header.frames))
    if walk.first is None:
        raise corrupt("gif", "it holds no picture")
    left, top, width, height = walk.place
    start, end = walk.first
    single = b"".join(
        (
            b"GIF89a" + struct.pack("<HH", width, height) + data[10:_HEADER_BYTES],
            data[slice(*walk.palette)] + data[slice(*walk.control)],
            bytes((_IMAGE,)) + struct.pack("<HHHH", 0, 0, width, height) + data[start + 8 : end],
            bytes((_TRAILER,)) if walk.complete else b"",
        ),
    )
    frame = decode_with_pillow(GifImageFile, single, replace(look.header, width_px=width, height_px=height))
    if walk.place == (0, 0, *walk.canvas):
        return frame
    canvas_width, canvas_height = walk.canvas
    samples = np.zeros((canvas_height, canvas_width, *frame.samples.shape[2:]), np.uint8)
    alpha = np.zeros((canvas_height, canvas_width), np.uint8)
    samples[top : top + height, left : left + width] = frame.samples
    alpha[top : top + height, left : left + width] = 255 if frame.alpha is None else frame.alpha
    return Raster(samples, alpha)


def _walk(data: bytes, limits: Limits) -> _Walk:
    if len(data) < _HEADER_BYTES:
        raise truncated("gif")
    walk = _Walk(canvas=struct.unpack_from("<HH", data, 6))
    at = _HEADER_BYTES + _palette_bytes(data[10])
    walk.palette = (_HEADER_BYTES, at)
    while at < len(data) and data[at] in {_EXTENSION, _IMAGE}:
        at = _frame(walk, data, at, limits) if data[at] == _IMAGE else _extension(walk, data, at)
    if walk.first is None:
        # Anything but the end of the file is a trailer, or junk in its place.
        walk.complete = at < len(data)
    return walk


def _extension(walk: _Walk, data: bytes, at: int) -> int:
    walk.blocks += 1
    end = _skip_blocks(walk, data, at + 2)
    if data[at + 1 : at + 3] == bytes((_CONTROL, 4)) and walk.first is None and end <= len(data):
        walk.control = (at, end)
        walk.transparent = bool(data[at + 3] & 1)
    return end


def _frame(walk: _Walk, data: bytes, at: int, limits: Limits) -> int:
    body = at + 1
    if body + 10 > len(data):
        return len(data)
    end = _skip_blocks(walk, data, body + 9 + _palette_bytes(data[body + 8]) + 1)
    walk.frames += 1
    limits.check_frames(walk.frames)
    if walk.first is None:
        left, top, width, height = struct.unpack_from("<HHHH", data, body)
        if width == 0 or height == 0:
            raise corrupt("gif", "a frame without pixels")
        walk.canvas = (max(walk.canvas[0], left + width), max(walk.canvas[1], top + height))
        limits.check_size(*walk.canvas)
        walk.place, walk.first, walk.complete = (left, top, width, height), (body, end), end <= len(data)
    return end


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_blocks(walk: _Walk, data: bytes, at: int) -> int:
    """The place behind the empty block that ends a chain; beyond the end when the file ends first."""
    length = len(data)
    for passed in range(_MOST_BLOCKS - walk.blocks):
        if at >= length or not data[at]:
            walk.blocks += passed
            return at + 1
        at += data[at] + 1
    raise MediaError(TroubleKind.TOO_LARGE, f"a gif of more than {_MOST_BLOCKS} data blocks")
