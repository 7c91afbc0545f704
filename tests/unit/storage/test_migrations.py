import sqlite3
import subprocess
import sys
import textwrap

import pytest
from sqlalchemy import inspect

from packshot.core.errors import WorkspaceError
from packshot.storage.catalog import Catalog
from packshot.storage.catalog_tables import FORMAT_VERSION, RunState
from packshot.storage.migrations import STEPS

# What `.dump` gave of a catalog that packshot 0.1.0 made and filled, in its format 1.
FORMAT_1 = """
CREATE TABLE workspace (format_version INTEGER NOT NULL, PRIMARY KEY (format_version));
CREATE TABLE source (source_id VARCHAR(128) NOT NULL, uri_redacted TEXT NOT NULL, mapping_json TEXT NOT NULL,
    current_snapshot_id VARCHAR(128), PRIMARY KEY (source_id));
CREATE TABLE pass (pass_id VARCHAR(128) NOT NULL, digest TEXT NOT NULL, measures_json TEXT NOT NULL,
    PRIMARY KEY (pass_id), UNIQUE (digest));
CREATE TABLE run (run_id VARCHAR(128) NOT NULL, plan_hash TEXT NOT NULL, plan_json TEXT NOT NULL, state TEXT NOT NULL,
    counters_json TEXT NOT NULL, started_at BIGINT NOT NULL, heartbeat BIGINT NOT NULL, PRIMARY KEY (run_id));
CREATE TABLE policy (policy_hash VARCHAR(128) NOT NULL, id TEXT NOT NULL, toml TEXT NOT NULL,
    PRIMARY KEY (policy_hash));
CREATE TABLE snapshot (snapshot_id VARCHAR(128) NOT NULL, source_id VARCHAR(128) NOT NULL, digest TEXT NOT NULL,
    rows BIGINT, committed_at BIGINT, ordinal INTEGER, PRIMARY KEY (snapshot_id), UNIQUE (ordinal),
    FOREIGN KEY(source_id) REFERENCES source (source_id));
CREATE INDEX ix_snapshot_source_id ON snapshot (source_id);
CREATE TABLE judgement (judgement_id VARCHAR(128) NOT NULL, policy_hash VARCHAR(128) NOT NULL,
    rules_as_of VARCHAR(10) NOT NULL, pins_json TEXT NOT NULL, wanted_json TEXT NOT NULL, labels_seq BIGINT NOT NULL,
    state TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (judgement_id),
    FOREIGN KEY(policy_hash) REFERENCES policy (policy_hash));
CREATE TABLE current (policy_id VARCHAR(128) NOT NULL, judgement_id VARCHAR(128) NOT NULL, match_generation TEXT,
    choice_id TEXT, PRIMARY KEY (policy_id), FOREIGN KEY(judgement_id) REFERENCES judgement (judgement_id));
INSERT INTO workspace VALUES (1);
INSERT INTO source VALUES ('s', 'feed.csv', '{"id":"sku"}', 'snap');
INSERT INTO snapshot VALUES ('snap', 's', 'digest', 7, 1795000000000000, 1);
INSERT INTO run VALUES ('r', 'hash', '{"policy":"h"}', 'finished', '{"decoded":3}', 1795000000000000, 1795000009000000);
INSERT INTO policy VALUES ('h', 'house', 'rules = []');
INSERT INTO judgement VALUES ('j', 'h', '2026-11-22', '{"listings":1}', '{"size":1}', 0, 'committed', 1795000005000000);
INSERT INTO current VALUES ('house', 'j', 'm', 'j');
"""


@pytest.fixture
def old(tmp_path):
    place = tmp_path / "catalog.sqlite"
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(FORMAT_1)
    connection.close()
    return place


def version_of(place):
    connection = sqlite3.connect(place)
    try:
        return connection.execute("SELECT format_version FROM workspace").fetchone()[0]
    finally:
        connection.close()


def shape(catalog):
    looked = inspect(catalog._engine)
    return {
        name: (
            {(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looked.get_columns(name)},
            looked.get_pk_constraint(name)["constrained_columns"],
        )
        for name in looked.get_table_names()
    }


def test_an_old_catalog_keeps_all_it_held(old):
    catalog = Catalog.open(old)
    assert catalog.source("s").mapping == {"id": "sku"}
    assert catalog.committed_snapshots() == ["snap"]
    assert catalog.current_snapshot("s").rows == 7
    assert catalog.current("house").judgement_id == "j"
    (run,) = catalog.runs()
    assert (run.run_id, run.state, run.counters, run.result) == ("r", RunState.FINISHED, {"decoded": 3}, {})
    assert len(catalog.workspace_id) == 36
    catalog.close()
    again = Catalog.open(old)
    assert again.workspace_id == catalog.workspace_id
    assert version_of(old) == FORMAT_VERSION
    again.close()


def test_a_renewed_catalog_has_the_tables_of_a_new_one(old, tmp_path):
    renewed, new = Catalog.open(old), Catalog.open(tmp_path / "new.sqlite")
    assert shape(renewed) == shape(new)
    assert renewed.workspace_id != new.workspace_id
    renewed.close()
    new.close()


def test_the_old_catalog_lies_beside_the_new(old):
    Catalog.open(old).close()
    copy = old.with_name("catalog-format-1.sqlite")
    assert version_of(copy) == 1
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT run_id FROM run").fetchall() == [("r",)]
    connection.close()
    before = copy.read_bytes()
    Catalog.open(old).close()
    assert copy.read_bytes() == before, "made once, by the renewal"
    assert not list(old.parent.glob("*.tmp"))


def test_every_format_has_its_step():
    assert sorted(STEPS) == list(range(1, FORMAT_VERSION))


@pytest.mark.parametrize("moment", ["while copying", "before", "after"])
def test_a_kill_in_the_middle_of_it_harms_nothing(old, moment):
    code = """
        import os, signal, sys
        from packshot.storage import catalog, migrations, sqlite
        place, moment = sys.argv[1:]
        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)
        if moment == "while copying":
            sqlite.sync_file = die
        else:
            step = migrations.STEPS[1]
            migrations.STEPS[1] = die if moment == "before" else lambda connection: (step(connection), die())
        catalog.Catalog.open("sqlite:///" + place)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(old), moment]
    assert subprocess.run(command, check=False).returncode == -9
    assert version_of(old) == 1
    catalog = Catalog.open(old)
    assert catalog.runs()[0].run_id == "r"
    assert version_of(old) == FORMAT_VERSION
    assert version_of(old.with_name("catalog-format-1.sqlite")) == 1
    assert not list(old.parent.glob("*.tmp")), "what the killed one left is gone"
    catalog.close()


def test_many_may_open_an_old_catalog_at_once(old):
    code = "import sys; from packshot.storage.catalog import Catalog; Catalog.open('sqlite:///' + sys.argv[1]).close()"
    opening = [subprocess.Popen([sys.executable, "-c", code, str(old)]) for _ in range(3)]
    assert [process.wait() for process in opening] == [0, 0, 0]
    assert version_of(old) == FORMAT_VERSION
    assert version_of(old.with_name("catalog-format-1.sqlite")) == 1


def test_a_failed_step_changes_nothing(old, monkeypatch):
    def fail(connection):
        STEPS_1(connection)
        raise WorkspaceError("The disk is full.", "Free some.")

    STEPS_1 = STEPS[1]  # noqa: N806 - it is the constant's entry
    monkeypatch.setitem(STEPS, 1, fail)
    with pytest.raises(WorkspaceError, match="full"):
        Catalog.open(old)
    monkeypatch.undo()
    assert version_of(old) == 1
    Catalog.open(old).close()


def test_a_full_disk_leaves_the_old_catalog_as_it_is(old):
    connection = sqlite3.connect(old)
    connection.execute("INSERT INTO policy VALUES ('large', 'house', ?)", ("x" * 200_000,))
    connection.commit()
    connection.close()
    code = """
        import resource, sys
        from packshot.core.errors import WorkspaceError
        from packshot.storage.catalog import Catalog
        # No file may grow beyond this: the copy does not fit.
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
        try:
            Catalog.open("sqlite:///" + sys.argv[1])
        except WorkspaceError as error:
            print(error.message)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(old)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "opying catalog.sqlite to catalog-format-1.sqlite" in told
    assert version_of(old) == 1
    assert sorted(file.name for file in old.parent.glob("catalog-*")) == []
    Catalog.open(old).close()
    assert version_of(old) == FORMAT_VERSION
