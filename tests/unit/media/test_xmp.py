from __future__ import annotations

from packshot.media.xmp import xmp_texts

SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "iptc": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    }.items()
)
TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def told(inside, attributes=""):
    text = f"<rdf:RDF {SPACES}><rdf:Description {attributes}>{inside}</rdf:Description></rdf:RDF>"
    return xmp_texts(text.encode())


def test_a_property_may_be_an_attribute_an_element_or_a_resource():
    expected = {"digital_source_type": [TYPE]}
    assert told("", f'iptc:DigitalSourceType="{TYPE}"') == expected
    assert told(f"<iptc:DigitalSourceType> {TYPE}\n</iptc:DigitalSourceType>") == expected
    assert told(f'<iptc:DigitalSourceType rdf:resource="{TYPE}"/>') == expected


def test_lists_give_their_items():
    names = "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Zoë &amp; Co</rdf:li></rdf:Seq></dc:creator>"
    rights = '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Ann</rdf:li></rdf:Alt></dc:rights>'
    assert told(names + rights) == {"creator": ["Ann", "Zoë & Co"], "copyright_notice": ["© Ann"]}


def test_the_history_names_programs_in_both_ways():
    inside = (
        '<xmpMM:History><rdf:Seq><rdf:li stEvt:softwareAgent="Adobe Firefly"/>'
        "<rdf:li><rdf:Description><stEvt:softwareAgent>Paint</stEvt:softwareAgent></rdf:Description></rdf:li>"
        "</rdf:Seq></xmpMM:History>"
    )
    assert told(inside) == {"agents": ["Adobe Firefly", "Paint"]}


def test_what_is_said_of_ingredients_is_not_said_of_the_picture():
    pantry = (
        f'<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description iptc:DigitalSourceType="{TYPE}">'
        "<dc:creator>Somebody else</dc:creator></rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>"
    )
    assert told(pantry, 'xmp:CreatorTool="Paint"') == {"software": ["Paint"]}


def test_other_encodings_and_padding_are_read():
    packet = f'<?xpacket begin="\ufeff"?><rdf:RDF {SPACES}><rdf:Description photoshop:Credit="Zoë"/></rdf:RDF>'
    assert xmp_texts(packet.encode() + b"\n" * 2000 + b"\x00" * 50) == {"credit": ["Zoë"]}
    assert xmp_texts(packet.encode("utf-16")) == {"credit": ["Zoë"]}


def test_values_are_bounded():
    many = "<dc:creator><rdf:Bag>" + "<rdf:li>x</rdf:li>" * 5000 + "</rdf:Bag></dc:creator>"
    assert len(told(many)["creator"]) == 64
    (long,) = told("<photoshop:Credit>" + "y" * 100_000 + "</photoshop:Credit>")["credit"]
    assert len(long) <= 16_384
