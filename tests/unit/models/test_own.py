import shutil

import pytest

from packshot.core.errors import ModelDamaged, UnknownName
from packshot.models import own


def test_every_listed_model_is_whole():
    listed = (own.files("packshot.models") / own.FOLDER / own.CHECKSUMS).read_text(encoding="utf-8").splitlines()
    for line in listed:
        assert own.arrays_of(line.split()[0])


def test_one_that_is_not_there_is_told():
    with pytest.raises(UnknownName, match="overlay_text"):
        own.arrays_of("overlay_txt")


def test_a_file_that_was_changed_is_refused(tmp_path, monkeypatch):
    here = own.files("packshot.models") / own.FOLDER
    shutil.copytree(str(here), tmp_path / own.FOLDER)
    changed = tmp_path / own.FOLDER / "overlay_text.npz"
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(own, "files", lambda _package: tmp_path)
    with pytest.raises(ModelDamaged, match="overlay_text"):
        own.arrays_of.__wrapped__("overlay_text")
