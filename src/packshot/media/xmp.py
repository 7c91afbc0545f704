"""XMP packets: the properties that say who made a picture, with what, and whether a machine did."""

from __future__ import annotations

from xml.parsers import expat

from packshot.media.metadata import LONGEST_TEXT, MOST_XMP_BYTES

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP, _MM = "http://ns.adobe.com/xap/1.0/}", "http://ns.adobe.com/xap/1.0/mm/}"
_EXIF, _TIFF = "http://ns.adobe.com/exif/1.0/}", "http://ns.adobe.com/tiff/1.0/}"
_PHOTOSHOP, _DC = "http://ns.adobe.com/photoshop/1.0/}", "http://purl.org/dc/elements/1.1/}"
_IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_EVENT = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}"

_PROPERTIES = {
    f"{_IPTC_EXTENSION}DigitalSourceType": "digital_source_type",
    f"{_XMP}CreatorTool": "software",
    f"{_TIFF}Software": "software",
    f"{_TIFF}Make": "camera_make",
    f"{_TIFF}Model": "camera_model",
    f"{_TIFF}Artist": "creator",
    f"{_DC}creator": "creator",
    f"{_PHOTOSHOP}Credit": "credit",
    f"{_DC}rights": "copyright_notice",
    f"{_EXIF}DateTimeOriginal": "taken_at",
    f"{_PHOTOSHOP}DateCreated": "taken_at",
    f"{_EXIF}GPSLatitude": "latitude",
    f"{_EXIF}GPSLongitude": "longitude",
}
"""Properties of the picture itself → the name that `xmp_texts` gives them."""
_HISTORY, _AGENT = f"{_MM}History", f"{_EVENT}softwareAgent"
_DESCRIPTION, _ITEM, _RESOURCE, _ROOT = f"{_RDF}Description", f"{_RDF}li", f"{_RDF}resource", f"{_RDF}RDF"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
"""How a text of two bytes a character begins, whose zeros are no padding."""
_DEEPEST = 64
_MOST_VALUES = 64


def xmp_texts(packet: bytes) -> dict[str, list[str]]:
    """The values of the known properties by name (`_PROPERTIES`, and `agents` of the history); {} when it is broken.

    A document type, and so every entity, is refused, as are packets deeper than 64 levels or longer than
    `MOST_XMP_BYTES`. Only what is said of the picture itself counts, not what is said of the ingredients of a montage.
    """
    if not packet.startswith(_UTF16):
        packet = packet.strip(b"\x00 \t\r\n")
    if not packet or len(packet) > MOST_XMP_BYTES:
        return {}
    gatherer = _Gatherer()
    try:
        gatherer.read(packet)
    except (expat.ExpatError, _Refused, ValueError, LookupError):  # the last two: an unknown or unfit encoding
        return {}
    return gatherer.found


class _Refused(Exception):
    """The packet is no XMP that anybody writes."""


class _Gatherer:
    """Follows the elements without building a tree: memory is bounded by what is kept, and time by the parser's own.

    Expat is called itself, with the guards that defusedxml would set, since the layers between cost as much again.
    """

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._open: tuple[int, str] | None = None
        """Depth and name of the property that is being read."""
        self._text: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, packet: bytes) -> None:
        self._parser.Parse(packet, True)

    def _refuse(self, *_: object) -> None:
        raise _Refused

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        path = self._path
        if len(path) == _DEEPEST:
            raise _Refused
        found = _PROPERTIES.get(tag)
        if found is not None and not self._is_described():
            found = None
        path.append(tag)
        if tag == _DESCRIPTION and self._is_described():
            for name, value in attributes.items():
                self._keep(_PROPERTIES.get(name), value)
        elif _HISTORY in path:
            self._keep("agents", attributes.get(_AGENT, ""))
            found = "agents" if tag == _AGENT else found
        if self._open is not None:
            self._begin_text()
        elif found is not None:
            self._open = (len(path), found)
            self._keep(found, attributes.get(_RESOURCE, ""))
            self._parser.CharacterDataHandler = self._data

    def _data(self, text: str) -> None:
        if self._length < LONGEST_TEXT:
            self._text.append(text)
            self._length += len(text)

    def _end(self, tag: str) -> None:
        if self._open is not None:
            depth, name = self._open
            if tag == _ITEM or len(self._path) == depth:
                self._keep(name, "".join(self._text))
            if len(self._path) == depth:
                self._open = None
                self._parser.CharacterDataHandler = None
            self._begin_text()
        self._path.pop()

    def _is_described(self) -> bool:
        return len(self._path) > 1 and self._path[-1] == _DESCRIPTION and self._path[-2] == _ROOT

    def _begin_text(self) -> None:
        self._text.clear()
        self._length = 0

    def _keep(self, name: str | None, value: str) -> None:
        if name is not None and value.strip():
            values = self.found.setdefault(name, [])
            if len(values) < _MOST_VALUES:
                values.append(value.strip()[:LONGEST_TEXT])
