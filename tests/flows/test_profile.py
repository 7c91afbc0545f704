import json

from packshot.evaluate.asked import is_costly
from packshot.evaluate.suite import all_measures

AROUND = {"load", "read", "hash", "decode", "shrink", "thumbnail", "keep thumbnail", "rows"}


def test_a_profile_names_every_stage_and_measure(small_shop):
    profile = small_shop.run(profile=True).profile
    measured = {cost.stage.partition(": ")[2]: cost for cost in profile if cost.stage.startswith("measure: ")}
    always = {name for name, measure in all_measures().items() if not is_costly(measure)}
    asked = {"product_colours", "upscaled", "fringe"}
    assert set(measured) == AROUND | always | asked, "codes serve a rule that lacks its models here"
    assert {cost.pictures for cost in measured.values()} == {4}
    fetched = {cost.stage for cost in profile if cost.stage.startswith("fetch: ")}
    assert fetched == {"fetch: read", "fetch: keep", "fetch: sync", "fetch: rows"}
    assert [cost.cpu_ms for cost in profile] == sorted((cost.cpu_ms for cost in profile), reverse=True)
    assert measured["decode"].cpu_ms > 0


def test_nobody_asked_nobody_counts(small_shop):
    summary = small_shop.run()
    assert summary.profile is None
    assert "profile" not in summary.as_dict()


def test_the_command_line_gives_it_as_data_and_as_a_table(command, small_shop):
    asked = ("run", small_shop.feed, "-w", small_shop.workspace, "--no-report", "--profile")
    told = json.loads(command(*asked, "--json").out)["profile"]
    assert {"stage", "pictures", "cpu_ms"} == set(told[0])
    assert "measure: decode" in {cost["stage"] for cost in told}
    again = command(*asked).out
    assert "ms a picture" in again
    assert "driver: judge and choose" in again
    assert "measure: decode" not in again


def test_nonsense_limits_are_refused_before_anything_is_written(command, small_shop):
    for option, value in (("--file-timeout", "nan"), ("--file-timeout", 0), ("--worker-memory", 3)):
        ended = command("run", small_shop.feed, "-w", small_shop.workspace, option, value)
        assert ended.code == 2
        assert "limit for a" in ended.err
        assert not small_shop.workspace.exists()
