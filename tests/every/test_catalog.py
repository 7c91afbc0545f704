import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import pytest

from packshot.core.errors import WorkspaceError
from packshot.storage import postgres as postgres_catalog
from packshot.testing import every_catalog, every_lease
from packshot.testing.catalog_place import Place

PROGRAMS = next((p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
USER = "packshot"


def installed():
    with contextlib.suppress(ImportError):
        import psycopg  # noqa: F401 - only whether it is there

        return PROGRAMS is not None or shutil.which("initdb") is not None
    return False


@contextlib.contextmanager
def server():
    """A PostgreSQL of our own, on a socket in a temporary folder; gives the URL of a database in it, less its name."""
    # The server refuses to be run by root.
    unprivileged = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    programs = PROGRAMS or Path(shutil.which("initdb")).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="packshot-pg-", dir="/tmp"))
    try:
        data = folder / "data"
        if unprivileged:
            shutil.chown(folder, "nobody", "nogroup")
        made = [programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **unprivileged)
        quick = ["-c", "fsync=off", "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        with subprocess.Popen(
            [programs / "postgres", "-D", data, *quick], stderr=subprocess.DEVNULL, cwd=folder, **unprivileged
        ) as running:
            try:
                url = f"postgresql+psycopg://{USER}:secret@/{{name}}?host={folder}"
                wait_for(url)
                yield url
            finally:
                running.send_signal(signal.SIGQUIT)  # end at once: nobody will read what it holds
    finally:
        shutil.rmtree(folder)


def wait_for(url):
    """Until the server answers: its socket is there while it is still starting up."""
    import psycopg

    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", "").format(name="postgres")).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module")
def postgres():
    if not installed():
        pytest.skip("no PostgreSQL server and psycopg on this machine")
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/catalog.sqlite"
    else:
        url = database(request.getfixturevalue("postgres"))
    place = Place(url)
    yield place
    place.close()


def database(server):
    import psycopg

    name = f"packshot_{uuid.uuid4().hex}"
    plain = server.replace("+psycopg", "")
    with psycopg.connect(plain.format(name="postgres"), autocommit=True) as connection:
        # Before 15 files are copied anyway; a log of every page takes three times as long.
        how = "STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'CREATE DATABASE "{name}" {how}')
    return server.format(name=name)


@pytest.mark.parametrize("holds", [*every_catalog.EVERY, *every_lease.EVERY], ids=lambda holds: holds.__name__)
def test_catalog(holds, place):
    holds(place)


@pytest.fixture
def shared(postgres):
    place = Place(database(postgres))
    yield place
    place.close()


def test_a_database_in_use_is_waited_for_and_then_explained(shared, monkeypatch):
    import psycopg

    monkeypatch.setattr(postgres_catalog, "_BUSY_MS", 200)
    catalog = shared.open()
    with psycopg.connect(shared.url.replace("+psycopg", "")) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({postgres_catalog._WRITERS})")
        assert catalog.sources() == {}, "who reads does not wait"
        with pytest.raises(WorkspaceError, match="in use"):
            catalog.add_source("s", "feed.csv", {})
        other.rollback()
        catalog.add_source("s", "feed.csv", {})


def test_a_connection_that_the_server_ended_is_opened_anew(shared):
    import psycopg

    catalog = shared.open()
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    with psycopg.connect(shared.url.replace("+psycopg", "")) as other:
        assert other.execute(end + "pg_backend_pid()").rowcount > 0
    assert catalog.sources() == {}


def test_what_the_server_refuses_is_explained(shared):
    import psycopg

    shared.open()
    with psycopg.connect(shared.url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("CREATE ROLE reader LOGIN")
        other.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    reader = Place(shared.url.replace("packshot:secret@", "reader@"))
    catalog = reader.open()
    assert catalog.sources() == {}
    with pytest.raises(WorkspaceError, match="may not be written") as caught:
        catalog.add_source("s", "feed.csv", {})
    assert caught.value.hint
    reader.close()
    with pytest.raises(WorkspaceError, match="cannot be reached") as caught:
        Place(shared.url.replace("/packshot_", "/no_")).open()
    assert "secret" not in str(caught.value)
