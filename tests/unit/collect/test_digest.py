from dataclasses import replace

import pytest

from packshot.collect.digest import SnapshotDigest
from packshot.core.listing import Listing, Placement, Role
from packshot.core.trouble import Trouble, TroubleKind

LISTING = Listing("A", title="Mug", attributes={"x": "1", "y": "2"})
PLACEMENT = Placement("p" * 32, "A", "k" * 64, "a.jpg", Role.MAIN, 0)
TROUBLE = Trouble("collect", TroubleKind.BAD_ROW, "line 2: bad", "feed.csv")
RECORDS = [LISTING, PLACEMENT, TROUBLE]


def digest(*records):
    found = SnapshotDigest()
    for record in records:
        found.add(record)
    return found.hexdigest()


def test_order_does_not_count():
    assert digest(*RECORDS) == digest(*reversed(RECORDS))
    assert digest(replace(LISTING, attributes={"y": "2", "x": "1"})) == digest(LISTING)


@pytest.mark.parametrize(
    "changed",
    [
        replace(LISTING, title="Jug"),
        replace(LISTING, title=None),
        replace(LISTING, attributes={"x": "1"}),
        replace(PLACEMENT, role=Role.SECONDARY),
        replace(PLACEMENT, position=1),
        replace(PLACEMENT, source_uri="./a.jpg"),
        replace(TROUBLE, detail="line 3: bad"),
    ],
)
def test_every_change_counts(changed):
    records = [changed if type(record) is type(changed) else record for record in RECORDS]
    assert digest(*records) != digest(*RECORDS)


def test_number_counts():
    assert digest() != digest(TROUBLE) != digest(TROUBLE, TROUBLE)
