import time

from packshot.pipeline.profile import TABLE, Laps, Profile


def spend(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_each_stage_gets_the_time_since_the_lap_before():
    lap = Laps(on=True)
    spend(0.02)
    lap("decode")
    lap("rows", 3)
    spend(0.01)
    lap("decode")
    profile = Profile(on=True)
    profile.take("measure", lap.tables())
    decode, rows = profile.costs()
    assert (decode.stage, decode.pictures) == ("measure: decode", 2)
    assert (rows.stage, rows.pictures) == ("measure: rows", 3)
    assert decode.cpu_ms >= 30 > rows.cpu_ms


def test_switched_off_nothing_is_handed_back():
    lap = Laps(on=False)
    lap("decode")
    assert lap.tables() == {}
    profile = Profile()
    profile.take("measure", lap.tables())
    assert profile.costs() == []


def test_the_laps_of_many_shards_add_up_and_are_taken_away_from_what_is_stored():
    profile = Profile(on=True)
    for _ in range(3):
        lap = Laps(on=True)
        lap("read", 2)
        tables = {"measurements": None, **lap.tables()}
        assert TABLE in tables
        profile.take("fetch", tables)
        assert set(tables) == {"measurements"}
    (read,) = profile.costs()
    assert (read.stage, read.pictures) == ("fetch: read", 6)
