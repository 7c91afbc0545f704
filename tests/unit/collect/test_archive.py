import random
import stat
import struct
import zipfile
import zlib

import pytest

from packshot.collect import archive as module
from packshot.collect.archive import Archive
from packshot.collect.digest import SnapshotDigest
from packshot.collect.ingest import fetch_one, stamp_of
from packshot.collect.known_stamps import KnownStamps
from packshot.collect.opening import open_source
from packshot.collect.places import Place
from packshot.core.errors import MediaError, SourceError
from packshot.core.listing import Placement
from packshot.core.trouble import Trouble
from packshot.media.limits import Limits

FEED = "id,image\n1,a.jpg\n2,pics/b.jpg\n"
RECORD = '{"id": 1, "image": "a.jpg"}'
FILES = {"feed.csv": FEED, "a.jpg": b"\xff\xd8\xff\xe0 a", "pics/b.jpg": b"\xff\xd8\xff\xe0 b"}


@pytest.fixture
def pack(tmp_path):
    """Packs `{name: content}` into an archive; a name may be a ZipInfo."""

    def make(files, name="shop.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as file:
            for member, content in files.items():
                file.writestr(member, content)
        return path

    return make


def found(source):
    return {
        record.source_uri: fetch_one(record.source_uri, source.base, blob="referenced")
        for record in source.records()
        if isinstance(record, Placement)
    }


def kind_of(call):
    with pytest.raises(MediaError) as raised:
        call()
    return raised.value.kind.value


@pytest.mark.parametrize("folder", ["", "shop/", "deep/er/"])
def test_a_feed_is_read_with_its_pictures_and_nothing_is_unpacked_to_disk(pack, tmp_path, folder):
    path = pack({f"{folder}{name}": content for name, content in FILES.items()} | {"__MACOSX/feed.csv": FEED})
    before = sorted(tmp_path.rglob("*"))
    source = open_source(path)
    pictures = found(source)
    assert {uri: one.data for uri, one in pictures.items()} == {
        "a.jpg": FILES["a.jpg"], "pics/b.jpg": FILES["pics/b.jpg"],
    }  # fmt: skip
    assert {one.asset.blob for one in pictures.values()} == {"stored"}, "there is no file to refer to"
    assert sorted(tmp_path.rglob("*")) == before
    place = Place.from_json(source.base.as_json())
    assert stamp_of("a.jpg", place).is_that_of(pictures["a.jpg"].stamp)
    assert KnownStamps(["a.jpg"], place).of("a.jpg").is_that_of(pictures["a.jpg"].stamp)


def test_the_same_archive_gives_the_same_ids_and_another_content_another_stamp(pack):
    path = pack(FILES)
    digests, stamps = [], []
    for content in (b"\xff\xd8\xff\xe0 a", b"\xff\xd8\xff\xe0 a", b"\xff\xd8\xff\xe0 c"):
        source = open_source(pack(FILES | {"a.jpg": content}))
        digest = SnapshotDigest()
        for record in source.records():
            digest.add(record)
        digests.append((source.source_id, source.uri, digest.hexdigest()))
        stamps.append(stamp_of("a.jpg", source.base))
    assert digests[0] == digests[1] == digests[2]
    assert digests[0][1] == path.as_uri()
    assert stamps[0].is_that_of(stamps[1])
    assert not stamps[0].is_that_of(stamps[2])


def test_names_that_lead_out_reach_nothing(pack, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = ("../secret.jpg", "/etc/hostname", str(tmp_path / "secret.jpg"), "..\\secret.jpg", "link.jpg", "x/../a.jpg",
             "file:///etc/hostname", "a.jpg/../../secret.jpg", "", "shop.zip/a.jpg")  # fmt: skip
    rows = "".join(f"{number},{name}\n" for number, name in enumerate(names))
    path = pack({"feed.csv": f"id,image\n{rows}", link: "../secret.jpg", "../secret.jpg": b"planted", "a.jpg": b"a"})
    pictures = found(open_source(path))
    assert len(pictures) == len(names) - 1
    assert {one.kind.value for one in pictures.values() if isinstance(one, Trouble)} == {"refused", "not_found"}
    assert not [uri for uri, one in pictures.items() if not isinstance(one, Trouble)]


def test_a_feed_whose_name_leads_out_is_not_taken(pack):
    with pytest.raises(SourceError, match="holds no feed"):
        open_source(pack({"../feed.csv": FEED, "/feed.csv": FEED, "a/../feed.csv": FEED}))


def test_bombs_are_refused_before_they_unpack(pack, monkeypatch):
    path = pack({"feed.csv": FEED, "a.jpg": bytes(3_000_000), "pics/b.jpg": b""})
    place = open_source(path).base
    assert fetch_one("a.jpg", place, Limits(max_bytes=1_000_000)).kind.value == "too_large"
    assert fetch_one("pics/b.jpg", place).kind.value == "empty"
    monkeypatch.setattr(module, "FREE_BYTES", 1_000_000)
    with pytest.raises(SourceError, match="no feed") as raised:
        open_source(pack({"feed.csv": "id,image\n" + " " * 3_000_000}, "bomb.zip"))
    assert raised.value.hint
    monkeypatch.setattr(module, "MOST_DIRECTORY_BYTES", 100)
    with pytest.raises(SourceError, match="too many files"):
        open_source(path)


def test_a_file_that_is_larger_than_the_archive_says_is_corrupt(pack):
    path = pack({"feed.csv": FEED, "a.jpg": b"x" * 5000})
    whole = path.read_bytes()
    (crc,) = (zlib.crc32(b"x" * 5000),)
    assert struct.pack("<L", crc) in whole
    path.write_bytes(whole.replace(struct.pack("<L", 5000), struct.pack("<L", 50)))
    assert fetch_one("a.jpg", open_source(path).base).kind.value == "corrupt"
    path.write_bytes(whole.replace(struct.pack("<L", 5000), struct.pack("<L", 5001)))
    assert fetch_one("a.jpg", open_source(path).base).kind.value == "corrupt"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_every_usual_way_of_packing(pack, method):
    assert found(open_source(pack(FILES, method=method)))["a.jpg"].data == FILES["a.jpg"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_have_no_limit_are_not_read(pack, method):
    with pytest.raises(SourceError, match="packed in a way"):
        open_source(pack(FILES, method=method))
    assert kind_of(lambda: Archive(pack(FILES, method=method)).read("a.jpg", Limits())) == "unsupported"


def test_damaged_encrypted_and_odd_archives(pack, tmp_path):
    path = pack(FILES)
    whole = path.read_bytes()
    for length in (10, 60, len(whole) - 5, len(whole) - 60):
        path.write_bytes(whole[:length])
        with pytest.raises(SourceError):
            open_source(path)
    at = whole.index(b"PK\x01\x02", whole.index(b"a.jpg"))
    central = whole.index(b"PK\x01\x02", at + 4) if whole.count(b"PK\x01\x02") > 1 else at
    encrypted = bytearray(whole)
    encrypted[central + 8] |= 1
    path.write_bytes(bytes(encrypted))
    assert kind_of(lambda: Archive(path).read("a.jpg", Limits())) == "unsupported"
    method = bytearray(whole)
    method[central + 10] = 99
    path.write_bytes(bytes(method))
    assert kind_of(lambda: Archive(path).read("a.jpg", Limits())) == "unsupported"
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 and nothing more")
    assert kind_of(lambda: Archive(tmp_path / "none.zip")) == "corrupt"
    assert kind_of(lambda: Archive(tmp_path / "gone.zip")) == "not_found"


def test_which_feed_is_meant(pack):
    source = open_source(pack({"deep/other.csv": FEED, "feed.jsonl": RECORD, "notes.csv": "a,b\n1,2\n"}))
    assert source.kind == "json_lines"
    with pytest.raises(SourceError, match="2 feeds"):
        open_source(pack({"one.csv": FEED, "two.csv": FEED}))
    with pytest.raises(SourceError, match="holds no feed"):
        open_source(pack({"a.jpg": b"a"}))
    with pytest.raises(SourceError, match="This is a workbook"):
        open_source(pack({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}, "book.xlsx"))
    assert (
        open_source(pack({"feed.csv": "nr,foto\n1,a.jpg\n"}), mapping={"id": "nr", "image": "foto"}).kind == "delimited"
    )


def test_an_archive_with_any_bytes_changed_is_read_or_refused(pack):
    path = pack(FILES)
    whole, chance = path.read_bytes(), random.Random(7)  # noqa: S311 - the same on every run
    ends = set()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(4, len(data))] = chance.choice((0, 1, 255, chance.randrange(256)))
        path.write_bytes(bytes(data))
        try:
            ends |= {type(one).__name__ for one in found(open_source(path)).values()}
        except SourceError:
            ends.add("refused")
    assert ends >= {"Fetched", "Trouble", "refused"}
