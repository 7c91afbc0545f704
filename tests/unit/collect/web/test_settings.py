import json

import pytest

from packshot.collect.web.settings import WebSettings
from packshot.core.errors import UsageError


def test_settings_come_whole_through_json():
    given = WebSettings(allow_networks=("10.0.0.0/8",), ports=(80, 8080), host_gap_seconds=0.5, contact="me@a.example")
    assert WebSettings.from_json(json.loads(json.dumps(given.as_json()))) == given
    assert WebSettings.from_json({"of": "another version"}) == WebSettings()
    assert given.differing() == {
        "allow_networks": ("10.0.0.0/8",),
        "ports": (80, 8080),
        "host_gap_seconds": 0.5,
        "contact": "me@a.example",
    }
    assert WebSettings().differing() == {}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"ports": (0,)},
        {"ports": (70000,)},
        {"allow_networks": ("10.0.0.1/8",)},
        {"host_connections": 0},
        {"tries": 0},
        {"most_redirects": -1},
        {"idle_seconds": 0},
        {"total_seconds": float("nan")},
        {"connect_seconds": float("inf")},
        {"host_gap_seconds": -1},
        {"refresh_seconds": -1},
        {"contact": "a\r\nHeader: b"},
        {"contact": "é"},
    ],
)
def test_nonsense_is_refused_with_a_word_on_what_to_do(nonsense):
    with pytest.raises(UsageError) as raised:
        WebSettings(**nonsense)
    assert raised.value.hint
