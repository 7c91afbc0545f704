import pytest

from packshot.app.output_places import hold_output
from packshot.collect.uris import file_uri
from packshot.core.errors import UsageError


@pytest.mark.parametrize(
    "name",
    ["catalog.sqlite", "catalog.sqlite-wal", "workspace.json", "blobs/a/b", "tables/x.lance/y", "thumbnails/z.jpg"],
)
def test_files_of_the_workspace_are_no_outputs(tmp_path, name):
    with pytest.raises(UsageError, match="of the workspace itself"):
        hold_output(tmp_path / "w" / ".." / "w" / name, tmp_path / "w", ())


def test_a_catalog_elsewhere_is_no_output_either(tmp_path):
    with pytest.raises(UsageError, match="of the workspace itself"):
        hold_output(tmp_path / "own.db", tmp_path / "w", (), tmp_path / "own.db")
    hold_output(tmp_path / "own.csv", tmp_path / "w", (), "postgresql://db/own.csv")


def test_a_feed_is_never_written_over(tmp_path):
    feed = tmp_path / "feed #1 ü%.csv"
    feed.write_text("sku\n")
    (tmp_path / "link.csv").symlink_to(feed)
    for output in (feed, tmp_path / "link.csv"):
        with pytest.raises(UsageError, match="feed that the workspace was made of"):
            hold_output(output, tmp_path / "w", [file_uri(feed), "https://shop.example/feed.csv"])


def test_other_files_in_and_beside_the_workspace_may_be_written(tmp_path):
    for name in ("w/google.tsv", "w/exports/a.csv", "a.csv", "w/blobs.csv"):
        hold_output(tmp_path / name, tmp_path / "w", [file_uri(tmp_path / "feed.csv")])
