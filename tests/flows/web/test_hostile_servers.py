import errno
import gzip
import io
import logging
import socket
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from packshot.collect.stamp import Stamp
from packshot.collect.web.budget import Sign
from packshot.core.errors import MediaError, UsageError, WorkspaceError

from .conftest import answer, drip, flood

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LONG_AGO = "Mon, 02 Jan 2023 03:04:05 GMT"
PICTURE = bytes(range(256)) * 8
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"


@pytest.mark.parametrize(
    "hangs",
    [
        drip(b"HTTP/1.1 200 O", b"K"),
        drip(HEAD, b"X-Header: x\r\n"),
        drip(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        drip(HEAD + b"\r\n", b"x"),
        drip(CHUNKED, b"1\r\nx\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"", b"", seconds=60),
        drip(HEAD + b"Content-Length: 9\r\n\r\nx", b"", seconds=60),
    ],
    ids=["status", "headers", "body", "body without length", "chunks", "continue", "silence", "silence midway"],
)
def test_whoever_is_slow_is_given_up_in_time(server, got, hangs):
    server.answers["/"] = hangs
    began = time.monotonic()
    kind, _ = got(server.url(), total_seconds=0.4, idle_seconds=0.15)
    assert kind in {"timed_out", "unreachable"}
    assert kind == "timed_out" or hangs is None or time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("endless", "kind"),
    [
        (flood(HEAD + b"\r\n", b"x" * 65536), "too_large"),
        (flood(CHUNKED, CHUNK), "too_large"),
        (flood(CHUNKED, b"0" * 65536), "unreachable"),
        (flood(CHUNKED + b"1;", b"x" * 65536), "unreachable"),
        (flood(HEAD, b"X: x\r\n"), "unreachable"),
        (flood(HEAD + b"X: ", b"x" * 65536), "unreachable"),
        (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too_large"),
        (answer(b"x" * 3000), "too_large"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", "too_large"),
    ],
    ids=["body", "chunks", "chunk size", "chunk extension", "headers", "header", "continue", "long", "said to be long"],
)
def test_what_has_no_end_is_too_much(server, got, endless, kind):
    server.answers["/"] = endless
    assert got(server.url(), most_bytes=2000, total_seconds=8)[0] == kind


def test_what_is_no_file_is_not_gathered_up_to_the_limit_of_files(server, got):
    sent = []

    def sends(connection, _, __):
        connection.sendall(CHUNKED + b"-1\r\n")
        while not server.over.is_set():
            sent.append(connection.send(b"x" * 65536))

    server.answers["/"] = sends
    assert got(server.url(), most_bytes=1 << 40, tries=1)[0] == "unreachable"
    assert sum(sent) < 64 << 20, "what the sockets hold, and little more"


PRIVATE = [
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://2130706433/",
    "http://127.1/",
    "http://192.168.257/",
    "http://localhost:22/",
    "http://224.0.0.1/",
    "http://168.63.129.16/",
    "http://%31%32%37.0.0.1/",
    "http://169\u3002254\u3002169\u3002254/",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "http://",
    "http://a b/",
    "http://h:99999/",
    "http://h:0/",
    "http://h\\@127.0.0.1/",
    "http://-/",
]


@pytest.mark.parametrize("uri", PRIVATE)
def test_no_private_place_is_asked_at_once_nor_by_redirect(server, got, connected, uri):
    server.answers["/"] = answer(b"", "302 Found", Location=uri)
    first = got(uri, allow_networks=("127.0.0.1/32",), ports=(80, 443, server.port))
    assert first[0] == "refused"
    assert connected == []
    assert got(server.url())[0] in {"refused", "unreachable"}
    assert set(connected) == {("127.0.0.1", server.port)}


def test_a_redirect_to_a_refused_place_is_refused(server, got, connected):
    for uri in ("http://10.0.0.1/", "//[::1]/", "file:///etc/passwd", "https://0x7f.1/"):
        server.answers["/"] = answer(b"", "301 Moved", Location=uri)
        assert got(server.url())[0] == "refused"
    assert set(connected) == {("127.0.0.1", server.port)}


def test_redirects_that_lead_somewhere_are_followed_and_those_that_do_not_end(server, got):
    server.answers |= {
        "/old": answer(b"", "301 Moved", Location="new/"),
        "/new/": answer(b"moved", "308 Moved", Location="../there?a=b c"),
        "/there": answer(PICTURE),
        "/round": answer(b"", "302 Found", Location="/round2"),
        "/round2": answer(b"", "302 Found", Location="/round#again"),
        "/nowhere": answer(b"", "302 Found"),
        "/on": lambda _, request, __: answer(b"", "307 On", Location=f"/on?{len(request.path)}{request.path[3:]}"),
        "/endless": flood(b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n", b"x" * 65536),
    }
    assert got(server.url("/old")) == PICTURE
    assert server.paths()[-1] == "/there?a=b%20c"
    assert got(server.url("/round")) == ("unreachable", "the redirects go round in circles")
    assert got(server.url("/on")) == ("unreachable", "more than 5 redirects")
    assert got(server.url("/nowhere"))[0] == "unreachable"
    assert got(server.url("/endless")) == PICTURE


def test_a_name_that_leads_elsewhere_a_moment_later_is_refused(server, got, fetcher, connected):
    answers = [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["10.0.0.1", "127.0.0.1"],
    ]
    asked = []

    def resolve(host, seconds):
        asked.append(host)
        assert seconds > 0
        return answers[len(asked) - 1]

    server.answers["/"] = answer(PICTURE, Connection="close")
    using = fetcher(resolve=resolve)
    uri = server.url(host="pictures.example")
    assert got(uri, using=using) == PICTURE
    assert got(uri, using=using)[0] == "refused"
    assert got(uri, using=using)[0] == "refused"
    assert got(uri, using=using) == PICTURE
    assert got(uri, using=using) == PICTURE
    assert asked == ["pictures.example"] * 5, "one look-up for each connection, and that one is connected to"
    assert set(connected) == {("127.0.0.1", server.port)}
    assert server.asked[0].headers["host"] == f"pictures.example:{server.port}"


def test_a_name_is_looked_up_in_time_and_tells_what_is_wrong(got, monkeypatch):
    def error(number):
        def raises(*_, **__):
            raise socket.gaierror(number, "hush")

        return raises

    monkeypatch.setattr(socket, "getaddrinfo", error(socket.EAI_NONAME))
    assert got("http://shop.example/") == ("unreachable", "there is no such host")
    monkeypatch.setattr(socket, "getaddrinfo", error(socket.EAI_AGAIN))
    assert got("http://shop.example/") == ("unreachable", "the name servers do not answer")
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    assert got("http://shop.example/", connect_seconds=0.1, total_seconds=0.3)[0] == "timed_out"
    over.set()


def test_a_network_that_is_allowed_is_no_more_than_that(server, got):
    server.answers["/"] = answer(PICTURE)
    assert got(server.url(), allow_networks=())[0] == "refused"
    assert got(server.url(), allow_networks=("127.0.0.2/32",))[0] == "refused"
    assert got(server.url(), allow_networks=("127.0.0.1",)) == PICTURE
    assert got(server.url(), ports=(80, 443))[0] == "refused"
    named = {"allow_networks": ("pim.intranet",), "resolve": lambda *_: ["127.0.0.1"]}
    assert got(server.url(host="pim.intranet"), **named) == PICTURE
    assert got(server.url(host="sub.pim.intranet"), **named)[0] == "refused"
    metadata = {"resolve": lambda *_: ["169.254.169.254"], "allow_networks": ("pim.intranet", "169.254.0.0/16")}
    assert got(server.url(host="pim.intranet"), **metadata)[0] == "refused"


@pytest.mark.parametrize(
    ("body", "packing", "expected"),
    [
        (gzip.compress(PICTURE), "gzip", PICTURE),
        (gzip.compress(PICTURE[:9]) + gzip.compress(PICTURE[9:]), "gzip", PICTURE),
        (gzip.compress(PICTURE) + b"\0\0and\x1f\x8b", "gzip", PICTURE),
        (gzip.compress(PICTURE) + gzip.compress(PICTURE)[:-9], "gzip", "unreachable"),
        (zlib.compress(PICTURE), "deflate", PICTURE),
        (gzip.compress(bytes(4_000_000)), "gzip", "bomb"),
        (zlib.compress(bytes(4_000_000)), "deflate", "bomb"),
        (gzip.compress(gzip.compress(bytes(40_000_000))), "gzip, gzip", "unreachable"),
        (b"not packed at all", "gzip", "unreachable"),
        (gzip.compress(PICTURE)[:-9], "gzip", "unreachable"),
        (b"\x8b\x00", "br", "unreachable"),
        (gzip.compress(b""), "gzip", "empty"),
    ],
    ids=[
        "gzip",
        "members",
        "padded",
        "cut member",
        "deflate",
        "gzip bomb",
        "deflate bomb",
        "twice",
        "none",
        "cut",
        "other",
        "nothing",
    ],
)
def test_what_is_packed_unpacks_to_no_more_than_the_limit(server, got, body, packing, expected):
    server.answers["/"] = answer(body, Content_Encoding=packing)
    found = got(server.url())
    assert found == expected or found[0] == expected
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_a_storm_of_429_is_waited_out_as_long_as_the_server_says(server, got):
    left = [2]

    def busy(*_):
        left[0] -= 1
        wait = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True) if left[0] else "0.05"
        return answer(b"busy", "429 Slow down", Retry_After=wait) if left[0] >= 0 else answer(PICTURE)

    server.answers["/"] = busy
    assert got(server.url(), tries=4) == PICTURE
    assert len(server.asked) == 3


def test_waiting_for_a_turn_is_no_time_that_a_picture_takes(server, fetcher):
    left = [1]

    def busy(*_):
        left[0] -= 1
        return answer(b"", "429 Slow down", Retry_After="0.6") if left[0] >= 0 else answer(PICTURE)

    server.answers["/"] = busy
    sign, seen = Sign(), []
    using = fetcher(total_seconds=0.5)
    thread = threading.Thread(target=lambda: seen.append(using.get(server.url(), io.BytesIO(), 9999, sign=sign)))
    thread.start()
    while thread.is_alive():
        seen += [True] if sign.up else []
        time.sleep(0.02)
    assert seen[0] is True
    assert seen[-1].stamp.size_bytes == len(PICTURE)


@pytest.mark.usefixtures("few_failures")
def test_pictures_that_only_waited_do_not_count_against_a_host(server, got, fetcher):
    server.answers |= {"/": answer(b"", "503 Busy", Retry_After="3600"), "/fine": answer(PICTURE)}
    using = fetcher(tries=1)
    told = [got(server.url(), using=using)[1] for _ in range(5)]
    assert "busy" in told[0]
    assert all("left alone for" in words for words in told[1:])
    using._turns.cool("127.0.0.1", 0)
    with using._turns._state("127.0.0.1") as state:
        assert state.failures == 1


@pytest.mark.parametrize(
    "wait", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)], ids=["seconds", "date"]
)
def test_a_server_that_asks_for_too_much_patience_is_left_alone(server, got, fetcher, wait):
    server.answers["/"] = answer(b"", "503 Busy", Retry_After=wait)
    using = fetcher(tries=4)
    assert got(server.url(), using=using)[0] == "unreachable"
    assert got(server.url("/other"), using=using)[0] == "unreachable"
    assert len(server.asked) == 1, "nobody asks again while the host wants peace"


@pytest.mark.usefixtures("few_failures")
def test_a_host_that_never_answers_is_left_alone_before_long(server, got, fetcher):
    server.answers["/"] = drip(b"", b"", seconds=60)
    using = fetcher(total_seconds=0.2, idle_seconds=0.1, tries=1)
    assert [got(server.url(), using=using)[0] for _ in range(3)] == ["timed_out", "timed_out", "unreachable"]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 No", "not_found"),
        ("410 Gone", "not_found"),
        ("403 No", "unreachable"),
        ("401 Who", "unreachable"),
        ("204 Nothing", "empty"),
        ("200 OK", "empty"),
        ("500 Oh", "unreachable"),
        ("418 Tea", "unreachable"),
        ("300 Many", "unreachable"),
        ("304 Same", "unreachable"),
        ("999 What", "unreachable"),
    ],
)
def test_each_answer_without_a_picture_has_its_kind(server, got, status, kind):
    server.answers["/"] = answer(b"", status)
    assert got(server.url())[0] == kind
    assert len(server.asked) == (2 if status.startswith("500") else 1)


def test_a_body_shorter_than_promised_is_gone_on_with(server, got):
    def breaks(connection, request, _):
        if "range" not in request.headers:
            connection.sendall(answer(PICTURE[:700], Content_Length=len(PICTURE), ETag='"v1"'))
            return None
        assert request.headers["if-range"] == '"v1"'
        start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        span = f"bytes {start}-{len(PICTURE) - 1}/{len(PICTURE)}"
        return answer(PICTURE[start:], "206 Part", Content_Range=span, ETag='"v1"')

    server.answers["/"] = breaks
    assert got(server.url()) == PICTURE
    assert [request.headers.get("range") for request in server.asked] == [None, "bytes=700-"]
    server.answers["/"] = lambda connection, *_: connection.sendall(answer(PICTURE[:700], Content_Length=9999))
    assert got(server.url()) == ("unreachable", "the server broke off")


@pytest.mark.parametrize(
    "lie",
    [
        {"Content_Range": "bytes 0-1347/2048"},
        {"Content_Range": "bytes 701-2047/2048"},
        {"Content_Range": "bytes 700-2047/9999"},
        {"Content_Range": "what"},
        {},
        {"Content_Range": "bytes 700-2047/2048", "ETag": '"v2"'},
        {"Content_Range": "bytes 700-2047/2048", "Content_Encoding": "gzip"},
    ],
)
def test_a_part_that_is_another_than_was_asked_for_is_never_taken(server, got, lie):
    def breaks(connection, request, _):
        if len(server.asked) == 1:
            connection.sendall(answer(PICTURE[:700], Content_Length=len(PICTURE), ETag='"v1"'))
            return None
        return answer(PICTURE[700:], "206 Part", **lie) if "range" in request.headers else answer(PICTURE, ETag='"v2"')

    server.answers["/"] = breaks
    assert got(server.url(), tries=3) == PICTURE
    assert [request.headers.get("range") for request in server.asked] == [None, "bytes=700-", None]


def test_a_full_disk_is_no_fault_of_the_server(server, fetcher):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "no space")

    server.answers["/"] = answer(PICTURE)
    with pytest.raises(WorkspaceError, match="No space left") as raised:
        fetcher().get(server.url(), Full(), 9999)
    assert "TMPDIR" in raised.value.hint
    assert len(server.asked) == 1, "asking again makes no room"


def test_a_changed_file_is_not_mixed_with_what_came_before(server, got):
    def breaks(connection, request, _):
        if "range" in request.headers:
            return answer(b"another file", ETag='"v2"')
        connection.sendall(answer(PICTURE[:700], Content_Length=len(PICTURE), Last_Modified=LONG_AGO))
        return None

    server.answers["/"] = breaks
    assert got(server.url()) == b"another file"
    server.answers["/"] = lambda *_: answer(b"", "416 No") if "range" in _[1].headers else breaks(*_)
    assert got(server.url())[0] == "unreachable"


def test_a_part_that_nobody_asked_for_is_refused(server, got):
    server.answers["/"] = answer(PICTURE[10:], "206 Part", Content_Range=f"bytes 10-{len(PICTURE) - 1}/{len(PICTURE)}")
    assert got(server.url())[0] == "unreachable"


def test_more_bytes_than_promised_do_not_leak_into_the_next_answer(server, got, fetcher):
    server.answers |= {"/long": answer(PICTURE, Content_Length=100), "/next": answer(b"next")}
    using = fetcher()
    assert got(server.url("/long"), using=using) == PICTURE[:100]
    assert got(server.url("/next"), using=using) == b"next"


def test_not_changed_is_believed_where_it_was_asked(server, fetcher, got):
    stamp = Stamp(9, None, 'W/"v1"', LONG_AGO)
    server.answers["/"] = answer(b"", "304 Same", Content_Length=None)
    found = fetcher().get(server.url(), io.BytesIO(), 100, known=stamp)
    assert found.unchanged
    assert found.stamp == stamp
    asked = server.asked[0].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == (stamp.etag, stamp.last_modified)
    assert got(server.url())[0] == "unreachable"
    server.answers["/"] = answer(b"new", ETag='"v2"')
    found = fetcher().get(server.url(), io.BytesIO(), 100, known=stamp)
    assert (found.unchanged, found.stamp.etag) == (False, '"v2"')


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n" + PICTURE, PICTURE),
        (b"\x00\xff\x16\x03garbage\r\n\r\n", "unreachable"),
        (b"SSH-2.0-OpenSSH_9.7\r\n", "unreachable"),
        (b"HTTP/1.1 OK 200\r\n\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "unreachable"),
        (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 404 No\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nabc", "not_found"),
        (CHUNKED + b"zz\r\nx", "unreachable"),
        (CHUNKED + b"-1\r\nx", "unreachable"),
        (CHUNKED + b"5\r\nab", "unreachable"),
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", b"abc"),
        (b"", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nETag: a\r\n b\r\nContent-Length: 9\r\n\r\nx", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nLast-Modified: \xff\x00\r\nContent-Length: 9\r\n\r\nx", "unreachable"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n", "refused"),
        (b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n", "not_found"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: \r\nContent-Length: 3\r\n\r\nabc", b"abc"),
    ],
)
def test_odd_answers_are_read_or_refused(server, got, raw, expected):
    server.answers["/"] = lambda connection, *_: connection.sendall(raw)
    found = got(server.url())
    if expected is None:
        assert isinstance(found, bytes) or found[0] in {"unreachable", "empty"}
    else:
        assert found == expected or found[0] == expected


def test_nobody_there_and_a_connection_that_is_reset(server, got):
    def reset(connection, *_):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    server.answers["/"] = reset
    assert got(server.url())[0] == "unreachable"
    assert len(server.asked) == 2
    server.close()
    assert got(server.url())[0] == "unreachable"


def test_credentials_go_to_their_own_server_alone_and_into_no_message(server, got, caplog, fetcher):
    caplog.set_level(logging.DEBUG)
    elsewhere = f"http://localhost:{server.port}/there?token=hush"
    server.answers |= {"/": answer(b"", "302 Found", Location=elsewhere), "/there": answer(PICTURE)}
    uri = f"http://me:hush%40@127.0.0.1:{server.port}/?X-Amz-Signature=hush"
    assert got(uri, resolve=lambda *_: ["127.0.0.1"]) == PICTURE
    assert server.asked[0].headers["authorization"] == "Basic bWU6aHVzaEA="
    assert "authorization" not in server.asked[1].headers
    assert server.asked[0].headers["user-agent"].startswith("packshot/")
    server.answers["/there"] = b"HTTP/1.1 200 OK\r\ngarbage hush\r\n\r\n"
    with pytest.raises(MediaError) as raised:
        fetcher(resolve=lambda *_: ["127.0.0.1"], total_seconds=0.5).get(uri, io.BytesIO(), 100)
    assert "hush" not in repr(raised.value)
    assert "hush" not in caplog.text


def test_one_host_is_asked_by_so_many_at_a_time_and_so_far_apart(server, fetcher):
    lock, now, most, begins = threading.Lock(), [0], [0], []

    def slow(*_):
        with lock:
            begins.append(time.monotonic())
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return answer(PICTURE)

    server.answers["/"] = slow
    # Two fetchers share turns by their folder, as two processes do.
    both = [fetcher(host_connections=2, total_seconds=9, host_gap_seconds=0.01) for _ in range(2)]
    threads = [
        threading.Thread(target=using.get, args=(server.url(), io.BytesIO(), 9999)) for using in both for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begins) == 12
    assert most[0] <= 2
    assert max(begins) - min(begins) >= 11 * 0.01 - 0.02, "a gap before each but the first"


def test_robots_are_respected_when_asked_for(server, got):
    server.answers |= {
        "/robots.txt": answer(
            b"User-agent: *\nDisallow: /private\nUser-agent: packshot\nDisallow: /ours", X_Robots_Tag="noindex"
        ),
        "/ours": answer(PICTURE),
        "/private": answer(PICTURE),
        "/noai": answer(PICTURE, X_Robots_Tag="noarchive, NoAI"),
        "/other": answer(PICTURE, X_Robots_Tag="otherbot: noindex"),
        "/named": answer(PICTURE, X_Robots_Tag="packshot: noimageai"),
    }
    assert got(server.url("/ours")) == got(server.url("/noai")) == PICTURE
    paths = ("/ours", "/private", "/noai", "/other", "/named")
    found = {path: got(server.url(path), respect_robots=True) for path in paths}
    assert [path for path in paths if found[path] == PICTURE] == ["/private", "/other"]
    assert {found[path][0] for path in ("/ours", "/noai", "/named")} == {"refused"}
    del server.answers["/robots.txt"]
    assert got(server.url("/ours"), respect_robots=True) == PICTURE
    server.answers["/robots.txt"] = answer(b"", "500 Oh")
    assert got(server.url("/ours"), respect_robots=True)[0] == "refused"


def test_a_proxy_is_used_when_asked_for_and_is_not_asked_for_private_places(server, got, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url("", host="me:hush@127.0.0.1"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answers["http://shop.example/a.jpg"] = answer(PICTURE)
    nobody = {"resolve": lambda *_: pytest.fail("the proxy looks names up"), "allow_networks": ()}
    assert got("http://shop.example/a.jpg", use_proxy=True, **nobody) == PICTURE
    for uri in ("http://10.0.0.1/", "http://localhost/", "http://metadata.internal/", "http://shop.example:8080/"):
        assert got(uri, use_proxy=True, **nobody)[0] == "refused"
    assert server.paths() == ["http://shop.example/a.jpg"]
    assert server.asked[0].headers["proxy-authorization"] == "Basic bWU6aHVzaA=="
    monkeypatch.setenv("http_proxy", "socks5://me:hush@127.0.0.1:1")
    with pytest.raises(UsageError) as raised:
        got("http://shop.example/a.jpg", use_proxy=True)
    assert "hush" not in str(raised.value)
    assert got("http://shop.example/a.jpg", resolve=lambda *_: ["10.0.0.1"])[0] == "refused"


def test_a_proxy_is_no_place_to_fetch_from(server, got, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", server.url(""))
    server.answers["/"] = answer(PICTURE)
    assert got(server.url(), use_proxy=True, allow_networks=(), ports=(80, 443))[0] == "refused"
    assert server.asked == []


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:no", "http://127.0.0.1:99999", "http://[::1"])
def test_a_proxy_whose_address_makes_no_sense_is_told(fetcher, monkeypatch, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(UsageError, match="proxy"):
        fetcher(use_proxy=True)
