"""What is killed on its way out, or on its way into a bank, is there as a whole or not at all."""

import json
import os

CDN = "https://cdn.shop.example/p/"
KILLED = -9


def killed(shell, point, *arguments):
    """Run a command that is killed at `point`."""
    process = shell(*arguments, env={**os.environ, "PACKSHOT_FAULT": f"{point}=kill"})
    _, err = process.communicate()
    assert process.returncode == KILLED, err


def test_an_export_that_is_killed_leaves_the_file_of_before(run_shop, shell, command, tmp_path):
    feed, at = tmp_path / "google.tsv", ("-w", run_shop.workspace, "--base-url", CDN)
    feed.write_text("of before")
    killed(shell, "output:before-rename", "export", "google", *at, "-o", feed)
    assert feed.read_text() == "of before"
    assert command("export", "google", *at, "-o", feed).code == 0
    assert len(feed.read_text().splitlines()) == 1 + 3


def test_a_bank_that_is_killed_before_its_commit_has_nothing_of_a_list(run_shop, shell, command, tmp_path):
    listed, at = tmp_path / "bad.txt", ("-w", run_shop.workspace, "--json")
    listed.write_text("".join(f"{number:064x}\n" for number in range(1, 501)))
    killed(shell, "append:data-written", "bank", "import", "bad", listed, *at)
    assert json.loads(command("bank", "list", *at).out) == []
    added = [json.loads(command("bank", "import", "bad", listed, *at).out)["added"] for _ in range(2)]
    assert added == [500, 0]
