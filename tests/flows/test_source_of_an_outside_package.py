import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import packshot
from packshot import plugins
from packshot.cli import app
from packshot.collect.opening import open_source
from packshot.core.listing import Listing
from packshot.testing.every_source import every_example, gives_what_its_example_says, keeps_the_contract

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"


def block(language):
    """The first block of the page in that language."""
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]


def forget_plugins():
    plugins._our_points.cache_clear()
    plugins.discover.cache_clear()


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs the package of the docs, as pip would lay it out, with this line as its entry point."""

    def installed(line):
        site = tmp_path / "site"
        info = site / "acme_feeds-1.0.dist-info"
        info.mkdir(parents=True)
        (site / "acme_feeds.py").write_text(block("python"), encoding="utf-8")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-feeds\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[packshot.sources]\n{line}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        forget_plugins()

    yield installed
    monkeypatch.undo()
    sys.modules.pop("acme_feeds", None)
    forget_plugins()


def test_the_source_of_the_docs_is_found_chosen_and_keeps_the_contract(install, tmp_path):
    line = re.search(r'^(acme_pim) = "(.+)"$', block("toml"), re.MULTILINE)
    assert '[project.entry-points."packshot.sources"]' in block("toml")
    install(f"{line[1]} = {line[2]}")
    cases = [case for case in every_example() if case[0] == "acme_pim"]
    assert len(cases) == 2
    for number, (kind, example) in enumerate(cases):
        gives_what_its_example_says(kind, example, tmp_path / f"said{number}")
        keeps_the_contract(kind, example, tmp_path / f"kept{number}")
    opened = open_source(tmp_path / "said0" / "export.json")
    assert opened.kind == "acme_pim"
    assert [one.title for one in opened.records() if isinstance(one, Listing)] == ["Mug"]
    listed = CliRunner().invoke(app, ["plugins", "--json"]).output
    assert re.search(r'"id": "acme_pim"[^}]*acme', listed, re.DOTALL)


@pytest.mark.parametrize(
    ("line", "words"),
    [("delimited = acme_feeds:AcmePim", "Two plug-ins"), ("acme_pim = acme_feeds:GOOD", "is no Source")],
)
def test_a_source_that_takes_a_name_or_is_none_is_told(install, tmp_path, line, words):
    install(line)
    with pytest.raises(packshot.PluginError, match=words):
        open_source(tmp_path)
