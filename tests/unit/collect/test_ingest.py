import os

import cv2
import numpy as np
import pytest
from blake3 import blake3
from PIL import Image

from packshot.collect import ingest
from packshot.collect.ingest import REFERENCED, Fetched, describe, fetch_one, read_referenced, stamp_of
from packshot.collect.places import Place
from packshot.core.asset import AssetKind
from packshot.core.errors import MediaError
from packshot.core.trouble import Trouble, TroubleKind
from packshot.media.limits import Limits

JPEG = cv2.imencode(".jpg", np.full((30, 40, 3), 200, np.uint8))[1].tobytes()


def test_a_picture(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(JPEG)
    fetched = fetch_one("a.png", Place.of(tmp_path))
    assert isinstance(fetched, Fetched)
    asset = fetched.asset
    assert asset.asset_id == blake3(JPEG).hexdigest()
    facts = (asset.kind, asset.format, asset.bytes, asset.width_px, asset.height_px, asset.blob, asset.ref_uri)
    assert facts == (AssetKind.IMAGE, "jpeg", len(JPEG), 40, 30, "stored", None)
    assert fetched.data == JPEG
    assert fetched.stamp == stamp_of("a.png", Place.of(tmp_path))
    assert fetched.header is not None


def test_an_animation(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    fetched = fetch_one("a.gif", Place.of(tmp_path))
    assert fetched.asset.kind is AssetKind.ANIMATION


def test_what_is_no_picture_is_fetched_all_the_same():
    asset, header = describe(b"<html></html>")
    assert header is None
    assert (asset.format, asset.width_px, asset.kind) == ("", None, AssetKind.IMAGE)
    assert describe(JPEG[:20])[0].format == "jpeg"


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("empty.jpg", TroubleKind.EMPTY),
        ("large.jpg", TroubleKind.TOO_LARGE),
        ("none.jpg", TroubleKind.NOT_FOUND),
        ("../out.jpg", TroubleKind.REFUSED),
        ("https://h.example/a.jpg", TroubleKind.REFUSED),
        ("pipe.jpg", TroubleKind.REFUSED),
    ],
)
def test_what_cannot_be_read_is_a_trouble(tmp_path, uri, kind):
    base = tmp_path / "base"
    base.mkdir()
    (base / "empty.jpg").write_bytes(b"")
    (base / "large.jpg").write_bytes(b"x" * 101)
    (tmp_path / "out.jpg").write_bytes(JPEG)
    os.mkfifo(base / "pipe.jpg")
    trouble = fetch_one(uri, Place.of(base), Limits(max_bytes=100), placement_id="p")
    assert isinstance(trouble, Trouble)
    assert (trouble.stage, trouble.kind, trouble.source_uri, trouble.placement_id) == ("fetch", kind, uri, "p")


def test_a_stamp_changes_with_the_file(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG)
    before = stamp_of("a.jpg", Place.of(tmp_path))
    os.utime(path, ns=(1, before.mtime_ns + 1))
    assert stamp_of("a.jpg", Place.of(tmp_path)) != before
    with pytest.raises(MediaError):
        stamp_of("b.jpg", Place.of(tmp_path))


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG)
    stamp = ingest._stamp

    def growing(descriptor):
        found = stamp(descriptor)
        with path.open("ab") as file:
            file.write(b"more")
        return found

    monkeypatch.setattr(ingest, "_stamp", growing)
    trouble = fetch_one("a.jpg", Place.of(tmp_path))
    assert trouble.kind is TroubleKind.CHANGED
    assert trouble.retryable


def test_referenced_files_are_proved_when_read_again(tmp_path):
    path = tmp_path / os.fsdecode(b"odd \xff.jpg")
    path.write_bytes(JPEG)
    asset = fetch_one("file:odd%20%FF.jpg", Place.of(tmp_path), blob=REFERENCED).asset
    assert asset.blob == "referenced"
    asset.ref_uri.encode()
    assert read_referenced(asset) == JPEG
    path.write_bytes(JPEG + b"!")
    with pytest.raises(MediaError) as caught:
        read_referenced(asset)
    assert caught.value.kind is TroubleKind.CHANGED
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(MediaError):
        read_referenced(asset)
