"""Plan, shard, run: composes the stages, resumes, commits."""
