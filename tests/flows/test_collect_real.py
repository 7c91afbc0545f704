"""Real feeds and folders are read whole, and every file of the hostile corpora is accounted for."""

from pathlib import Path

import pytest

from packshot.collect.ingest import Fetched, fetch_one
from packshot.collect.opening import open_source
from packshot.core.listing import Listing, Placement
from packshot.core.trouble import Trouble

DATA = Path(__file__).parents[2] / "../shared/data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is absent")


@pytest.mark.parametrize(
    ("feed", "listings", "placements"),
    [
        ("mixed_catalog.csv", 193, 823),
        ("magento2", 72, 120),
        ("solidus/catalog.csv", 12, 23),
        ("tailwindtraders/catalog.csv", 31, 62),
    ],
)
def test_a_feed(feed, listings, placements):
    opened = open_source(DATA / feed)
    records = list(opened.records())
    assert sum(isinstance(record, Listing) for record in records) == listings
    placed = [record for record in records if isinstance(record, Placement)]
    assert len(placed) == placements
    assert not [record for record in records if isinstance(record, Trouble)]
    assert all(isinstance(fetch_one(one.source_uri, opened.base), Fetched) for one in placed[:50])


@pytest.mark.parametrize("corpus", ["fuzz_corpus", "pillow_images"])
def test_every_file_is_a_placement_a_trouble_or_counted(corpus):
    opened = open_source(DATA / corpus)
    records = list(opened.records())
    named = {record.source_uri for record in records if isinstance(record, Placement | Trouble)}
    left_out = sum(count for note, count in opened.notes.counts().items() if "left out" in note)
    files = [path for path in (DATA / corpus).rglob("*") if path.is_file()]
    assert len(named) + left_out == len(files)
