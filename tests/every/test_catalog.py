import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import pytest

from packshot.testing import every_catalog
from packshot.testing.every_catalog import Place

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
                wait_for(folder / ".s.PGSQL.5432")
                yield f"postgresql+psycopg://{USER}:secret@/{{name}}?host={folder}"
            finally:
                running.send_signal(signal.SIGINT)  # end at once, whoever is connected
    finally:
        shutil.rmtree(folder)


def wait_for(place):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as tried:
            tried.connect(str(place))
            return
        time.sleep(0.1)
    raise TimeoutError(place)


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
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.format(name=name)


@pytest.mark.parametrize("holds", every_catalog.EVERY, ids=lambda holds: holds.__name__)
def test_catalog(holds, place):
    holds(place)
