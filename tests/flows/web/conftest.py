"""A web server on loopback that does what it is told, byte for byte, and a fetcher that is watched while it asks."""

import contextlib
import io
import socket
import threading
from typing import NamedTuple

import pytest

from packshot.collect.fetch import Fetcher
from packshot.collect.web import turns, waits
from packshot.collect.web.settings import WebSettings
from packshot.collect.web.sockets import MeteredSocket, tls_context
from packshot.core.errors import MediaError

NOTHING_THERE = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"


class Request(NamedTuple):
    method: str
    path: str
    headers: dict


class Hostile:
    """Serves `answers[path]`: bytes, or a function of (connection, request, server)."""

    def __init__(self, context=None):
        self.answers = {}
        self.asked = []
        self.over = threading.Event()
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path="/", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self):
        return [request.path for request in self.asked]

    def close(self):
        self.over.set()
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.settimeout(10)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection):
                while (request := _read(connection)) and not self.over.is_set():
                    self.asked.append(request)
                    answer = self.answers.get(request.path.partition("?")[0], NOTHING_THERE)
                    if callable(answer):
                        answer = answer(connection, request, self)
                    if answer is None:
                        return
                    connection.sendall(answer)


def _read(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(4096)
        if not more:
            return None
        head += more
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    method, path, _ = first.split(" ")
    return Request(method, path, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)})


def answer(body=b"a picture", status="200 OK", **headers):
    """A whole answer; `ETag="x"` becomes a header, None leaves the usual one out."""
    told = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items() if value is not None)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drip(head, piece, seconds=0.02):
    """An answer that sends `piece` now and then, without end."""

    def sends(connection, _, server):
        connection.sendall(head)
        while not server.over.wait(seconds):
            connection.sendall(piece)

    return sends


def flood(head, piece):
    """An answer that sends `piece` as fast as it is taken, without end."""

    def sends(connection, _, server):
        connection.sendall(head)
        while not server.over.is_set():
            connection.sendall(piece)

    return sends


@pytest.fixture
def server():
    found = Hostile()
    yield found
    found.close()


@pytest.fixture
def connected(monkeypatch):
    """Every address that a connection was tried to."""
    found = []
    connect = MeteredSocket.connect

    def watched(self, address):
        found.append(address[:2])
        return connect(self, address)

    monkeypatch.setattr(MeteredSocket, "connect", watched)
    return found


@pytest.fixture(scope="session")
def trusting():
    """What the system trusts: read once, since it is much."""
    return tls_context()


@pytest.fixture
def fetcher(server, monkeypatch, tmp_path, trusting):
    """Makes a Fetcher that is allowed loopback and the server's port, tries twice and waits little in between."""
    monkeypatch.setattr(waits, "FIRST_SECONDS", 0.01)

    def make(**settings):
        tools = {"context": trusting} | {
            name: settings.pop(name) for name in ("resolve", "context") if name in settings
        }
        short = {"connect_seconds": 2.0, "idle_seconds": 3.0, "total_seconds": 9.0, "wait_seconds": 9.0, "tries": 2}
        usual = {"allow_networks": ("127.0.0.0/8",), "ports": (80, 443, server.port)} | short
        return Fetcher(WebSettings(**(usual | settings)), turns=tmp_path / "turns", **tools)

    return make


@pytest.fixture
def few_failures(monkeypatch):
    monkeypatch.setattr(turns, "MOST_FAILURES", 2)


@pytest.fixture
def got(fetcher):
    """Fetches and gives the bytes, or the trouble: `(kind, words)`."""

    def get(uri, most_bytes=1 << 20, using=None, **settings):
        into = io.BytesIO()
        try:
            (using or fetcher(**settings)).get(uri, into, most_bytes)
        except MediaError as error:
            told = error
        else:
            return into.getvalue()
        assert "hush" not in str(told)
        return told.kind.value, told.message

    return get
