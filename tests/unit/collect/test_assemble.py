from pathlib import Path

import pytest

from packshot.collect.assemble import Assembler
from packshot.collect.rows import Notes, Row, RowPicture
from packshot.core.errors import SourceError
from packshot.core.listing import Listing, Placement, Role
from packshot.core.trouble import Trouble, TroubleKind


def row(listing_id, *pictures, line=2, attributes=None, **fields):
    given = tuple(picture if isinstance(picture, RowPicture) else RowPicture(picture) for picture in pictures)
    return Row(f"line {line}", {"listing_id": listing_id, **fields}, given, attributes or {})


def assemble(*rows, ordered=False):
    notes = Notes()
    assembler = Assembler("source", Path("/feed"), "feed.csv", notes)
    if ordered:
        for one in rows:
            assembler.learn(one)
    records = [record for one in rows for record in assembler.records(one)]
    assembler.end()
    return records, notes


def of(kind, records):
    return [record for record in records if isinstance(record, kind)]


def test_rows_of_one_listing_are_one_listing():
    records, _ = assemble(
        row("A", "1.jpg", title="Mug", brand="Acme"), row("B", "2.jpg"), row(" A ", "3.jpg", title="Mug")
    )
    assert [listing.listing_id for listing in of(Listing, records)] == ["A", "B"]
    assert [(p.listing_id, p.source_uri, p.role, p.position) for p in of(Placement, records)] == [
        ("A", "1.jpg", Role.MAIN, 0),
        ("B", "2.jpg", Role.MAIN, 0),
        ("A", "3.jpg", Role.SECONDARY, 1),
    ]
    assert of(Trouble, records) == []


def test_another_title_is_told_once_and_every_picture_kept():
    records, _ = assemble(row("A", "1.jpg", title="Mug"), *(row("A", f"{i}.jpg", title="Jug", line=i) for i in (3, 4)))
    (trouble,) = of(Trouble, records)
    assert trouble.kind is TroubleKind.BAD_ROW
    assert "line 3" in trouble.detail
    assert "'Jug'" in trouble.detail
    assert of(Listing, records)[0].title == "Mug"
    assert len(of(Placement, records)) == 3


def test_rows_that_leave_the_title_out_do_not_contradict():
    records, notes = assemble(row("A", "1.jpg", title="Mug", category="cups"), row("A", "2.jpg", title=""))
    assert of(Trouble, records) == []
    assert notes.lines() == []


def test_another_category_is_noted():
    _, notes = assemble(row("A", "1.jpg", category="cups"), row("A", "2.jpg", category="jugs", line=3))
    assert "first row of their listing" in notes.lines()[0]


def test_pictures_without_a_listing_are_troubles():
    records, notes = assemble(row("", "1.jpg", "https://a:pw@h.example/2.jpg"), row(" ", title="Lost"), row(""))
    troubles = of(Trouble, records)
    assert [trouble.source_uri for trouble in troubles] == ["1.jpg", "https://h.example/2.jpg", "feed.csv"]
    assert len(records) == 3
    assert notes.counts() == {"empty rows were left out": 1}


def test_a_listing_without_pictures_is_kept():
    records, _ = assemble(row("A", "", " ", title="Mug"))
    assert [type(record) for record in records] == [Listing]


@pytest.mark.parametrize("listing_id", ["x" * 1001, "a\0b", "a\x1b[31mb", "a\udcffb"])
def test_ids_that_no_shop_has_are_bad_rows(listing_id):
    records, _ = assemble(row(listing_id, "1.jpg"))
    (trouble,) = records
    assert trouble.kind is TroubleKind.BAD_ROW
    assert len(trouble.detail) < 200
    trouble.detail.encode()
    assert "\x1b" not in trouble.detail


@pytest.mark.parametrize("listing_id", ["../../etc", "a\nb", "<script>", "'; drop table", "x" * 1000, "ß/\u202e"])
def test_odd_ids_are_data(listing_id):
    records, _ = assemble(row(listing_id, "1.jpg"))
    assert records[0].listing_id == listing_id


@pytest.mark.parametrize("uri", ["data:image/png;base64,AAAA", "x" * 5000, "a\x1b.jpg", "a\udcff.jpg"])
def test_places_that_are_none_are_troubles_beside_the_listing(uri):
    records, _ = assemble(row("A", uri, "good.jpg"))
    assert [type(record) for record in records] == [Listing, Trouble, Placement]
    assert records[2].role is Role.MAIN


def test_roles():
    pictures = [
        RowPicture(f"{i}.jpg", role)
        for i, role in enumerate(["Size Chart", "natural", "", None, "SWATCH", "secondary"])
    ]
    records, notes = assemble(row("A", *pictures), ordered=True)
    roles = [placement.role.value for placement in of(Placement, records)]
    assert roles == ["size_chart", "secondary", "main", "secondary", "swatch", "secondary"]
    assert notes.counts() == {"the role 'natural' is not known and counts as secondary": 1}


def test_a_named_main_leaves_no_room_for_an_implied_one():
    records, _ = assemble(row("A", "1.jpg"), row("A", RowPicture("2.jpg", "main")), ordered=True)
    assert [placement.role for placement in of(Placement, records)] == [Role.SECONDARY, Role.MAIN]


def test_a_second_named_main_stays_and_is_noted():
    records, notes = assemble(row("A", RowPicture("1.jpg", "main"), RowPicture("2.jpg", "main")), ordered=True)
    assert [placement.role for placement in of(Placement, records)] == [Role.MAIN, Role.MAIN]
    assert "has a main picture already" in notes.lines()[0]


def test_positions_become_ranks_and_the_first_is_main():
    places = [("late.jpg", "30"), ("none.jpg", ""), ("first.jpg", "1.0"), ("same.jpg", "30"), ("bad.jpg", "third")]
    rows = [row("A", RowPicture(uri, position=position)) for uri, position in places]
    records, notes = assemble(*rows, ordered=True)
    ranks = {placement.source_uri: placement.position for placement in of(Placement, records)}
    assert ranks == {"first.jpg": 0, "late.jpg": 1, "same.jpg": 2, "none.jpg": 3, "bad.jpg": 4}
    assert [placement.source_uri for placement in of(Placement, records) if placement.role is Role.MAIN] == [
        "first.jpg"
    ]
    assert notes.counts() == {"positions that are no whole number from 0 up were ignored": 1}


def test_the_same_picture_twice_on_a_listing_has_two_ids_that_do_not_depend_on_order():
    first, notes = assemble(row("A", "1.jpg", "2.jpg", "./1.jpg"))
    second, _ = assemble(row("A", "2.jpg", "1.jpg", "1.jpg"))
    assert len({placement.placement_id for placement in of(Placement, first)}) == 3
    assert {p.placement_id for p in of(Placement, first)} == {p.placement_id for p in of(Placement, second)}
    assert "more than once" in notes.lines()[0]


def test_damaged_text_is_replaced_and_noted():
    records, notes = assemble(row("A", title="Gr\udcf6sse", attributes={"note": "a\0b", "empty": "  "}))
    assert records[0].title == "Gr\ufffdsse"
    assert records[0].attributes == {"note": "a\ufffdb"}
    assert notes.counts() == {"bytes that are no text were replaced in titles or attributes": 2}


def test_rows_that_appear_between_the_two_reads_are_an_error():
    notes = Notes()
    assembler = Assembler("source", Path("/feed"), "feed.csv", notes)
    assembler.learn(row("A", "1.jpg"))
    with pytest.raises(SourceError, match="changed"):
        list(assembler.records(row("A", "1.jpg", "2.jpg")))


def test_a_feed_whose_roles_are_not_known_is_told_how_to_do_without():
    said = [row("A", RowPicture("1.jpg", "natural")), row("B", RowPicture("2.jpg", "detail"))]
    _, notes = assemble(*said)
    assert [line.endswith("or leave the column out: --map role=-") for line in notes.lines()] == [False, True]
    _, notes = assemble(*said, row("C", RowPicture("3.jpg", "Hauptbild")))
    assert len(notes.lines()) == 1


def test_where_a_front_is_all_there_is_it_is_no_main_picture_and_that_is_told():
    fronts = [
        row(name, RowPicture(f"{name}1.jpg", "Vorderseite"), RowPicture(f"{name}2.jpg", "Rückseite")) for name in "AB"
    ]
    records, notes = assemble(*fronts, row("C", RowPicture("c1.jpg", "main"), RowPicture("c2.jpg", "front")))
    assert [placement.role.value for placement in of(Placement, records)] == ["secondary"] * 4 + ["main", "secondary"]
    (line,) = notes.lines()
    assert "is called 'Vorderseite'" in line
    assert "2 listings, such as 'A'" in line
    assert line.endswith("--map role=-")
    _, notes = assemble(row("A", RowPicture("1.jpg", "front"), RowPicture("2.jpg", "")), ordered=True)
    assert notes.lines() == []
