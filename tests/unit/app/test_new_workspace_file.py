from dataclasses import replace

import pytest

from packshot.app.beginning import Answers, look
from packshot.app.new_workspace_file import hold_found
from packshot.core.errors import UsageError


@pytest.fixture
def looked(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text("sku,title,image\nA,The A,a.jpg\n")
    return look(str(feed), Answers())


def test_a_feed_is_never_written_over(looked, tmp_path):
    (tmp_path / "link.toml").symlink_to(tmp_path / "feed.csv")
    for name in ("feed.csv", "link.toml"):
        with pytest.raises(UsageError, match="the feed itself"):
            hold_found([looked], (), tmp_path / name, "")
    hold_found([looked], (), tmp_path / "packshot.toml", "")


def test_a_name_that_would_be_read_as_a_variable_is_refused(looked, tmp_path):
    for name in ("${HOME}/feed.csv", "a ${X} b.csv"):
        with pytest.raises(UsageError, match="environment variable"):
            hold_found([replace(looked, at=name)], (), tmp_path / "packshot.toml", "")
    hold_found([replace(looked, at="$HOME/{a}.csv")], (), tmp_path / "packshot.toml", "")
