"""Writes the wire form of protocol buffers, as far as ONNX files need it."""

from __future__ import annotations

_SEVEN_BITS = 0x7F
_CONTENT = 2
"""The wire type of what has a length: bytes, texts and messages."""


def number(field: int, value: int) -> bytes:
    """The field numbered `field` of an integer type, with a `value` of zero or more."""
    return _varint(field << 3) + _varint(value)


def content(field: int, value: bytes | str) -> bytes:
    """The field numbered `field` that holds bytes, a text, or a message already written."""
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _CONTENT) + _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > _SEVEN_BITS:
        out.append(value & _SEVEN_BITS | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
