"""Runs under screens, and thorough ones after and before them."""

import pytest

from packshot.evaluate.screens import mark
from packshot.models import desk
from packshot.testing.stand_in_models import tiny_cache

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

POLICY = """
id = "seen"
title = "Seen"
[[rules]]
check = "nudity_shown"
on_fail = "review"
says = "Nobody is naked."
"""


@pytest.fixture
def asking(small_shop, tmp_path, tmp_path_factory, monkeypatch):
    """The small shop, a policy that asks for the nudity model, and stand-ins for the models."""
    for name, value in tiny_cache(tmp_path_factory.mktemp("stand-ins")).items():
        monkeypatch.setenv(name, value)
    policy = tmp_path / "seen.toml"
    policy.write_text(POLICY, encoding="utf-8")
    small_shop.policy = str(policy)
    yield small_shop
    desk.sit_at(None)
    desk.use(None)


def versions(shop):
    with shop.opened() as place:
        return [held["nudity"] for held in place._stores.catalog.passes().values() if "nudity" in held]


def test_what_screens_spared_is_measured_again_by_a_thorough_run_and_by_no_other(asking):
    assert asking.run(policy=asking.policy).decoded == 4
    assert all(one.endswith(f" {mark()}") for one in versions(asking))
    assert asking.run(policy=asking.policy).decoded == 0
    assert asking.run(policy=asking.policy, thorough=True).decoded == 4
    assert not all(one.endswith(f" {mark()}") for one in versions(asking))
    assert asking.run(policy=asking.policy).decoded == 0, "what was measured thoroughly serves every run"


def test_a_thorough_run_knows_no_screens(asking):
    assert asking.run(policy=asking.policy, thorough=True).decoded == 4
    assert not any(mark() in str(one) for one in versions(asking))
