from packshot.engines.ray import AHEAD
from packshot.testing import every_engine


def test_ray_gives_every_shard_once(engine):
    every_engine.gives_every_shard_once(engine)


def test_ray_reads_shards_lazily(engine):
    every_engine.reads_shards_lazily(engine, most_ahead=2 * AHEAD + 1)


def test_ray_survives_a_dying_worker(engine):
    every_engine.survives_a_dying_worker(engine)
