import pytest

from packshot.app.given_files import misnamed


def test_a_file_that_is_there_has_no_wrong_name(tmp_path):
    (tmp_path / "mug.jpg").write_bytes(b"")
    assert misnamed(tmp_path / "mug.jpg") is None
    assert misnamed("/dev/null") is None


@pytest.mark.parametrize("wrong", ["mgu.jpg", "MUG.JPG", "mug.jpeg"])
def test_the_nearest_name_is_told(tmp_path, wrong):
    (tmp_path / "mug.jpg").write_bytes(b"")
    (tmp_path / "lamp_23.jpg").write_bytes(b"")
    assert misnamed(tmp_path / wrong).hint == f"Did you mean {tmp_path / 'mug.jpg'}?"


def test_folders_dead_links_and_names_that_none_can_have_are_told(tmp_path):
    (tmp_path / "dead.jpg").symlink_to(tmp_path / "gone.jpg")
    assert "is a folder" in misnamed(tmp_path).message
    assert "link" in misnamed(tmp_path / "dead.jpg").hint
    assert "Nor is there a folder" in misnamed(tmp_path / "no" / "mug.jpg").hint
    assert misnamed(tmp_path / "lamp.jpg").hint == ""
    assert "\x1b" not in misnamed("\x1b[31m.jpg").message
    assert misnamed("a\0b") is not None
