"""Where a picture lies, as text: credentials taken out, one spelling for one place, and the ids that hang on it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_to_bytes, urljoin

from blake3 import blake3

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from pathlib import Path

_NETWORK = re.compile(r"([a-z][a-z0-9+.\-]+):(?=[/\\]{2})|(?:https?|ftps?|s3|gs|az|abfss?|wasbs?):", re.IGNORECASE)
_FILE = re.compile(r"file:", re.IGNORECASE)
_WEB = re.compile(r"https?:[/\\]{2}", re.IGNORECASE)
_DATA = re.compile(r"data:", re.IGNORECASE)
_HARD_TO_READ = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, backslashes, line separators, marks that turn text around, bytes that are no UTF-8."""
_WINDOWS_ROOT = re.compile(r"[a-z]:[/\\]|\\\\", re.IGNORECASE)
_USERINFO = re.compile(
    r"^(file:(?=//[^/])[/]{2}|https?:[/\\]{0,3}|(?!file:)[a-z][a-z0-9+.\-]+:[/\\]{1,3})[^/\\?#]*@", re.IGNORECASE
)
_USERINFO_INSIDE = re.compile(r"([/\\]{2})[^/\\?#]*:[^/\\?#]*@")
_HOST = re.compile(r"^([a-z][a-z0-9+.\-]*):[/\\]*([^/\\?#]*)", re.IGNORECASE)
_PLAIN_RELATIVE = re.compile(r"(?:[\w~-][\w.~-]*/)*[\w~-][\w.~-]*", re.ASCII)
_PATH_SESSION = re.compile(r";(?:jsessionid|sid|session|token)=[^/?#;]*", re.IGNORECASE)

_SIGNATURE = re.compile(
    r"x-(?:amz|goog|oss|cos|obs|bz|ms)-.*|sig|signature|sign|hmac|hdnts|hdnea|hash|expires?|exp|policy|key-pair-id"
    r"|awsaccesskeyid|googleaccessid|ossaccesskeyid|acl|token|\w*[_-]?token|st|se|sv|sp|sr|spr|ss|srt|si|sks|skt|ske"
    r"|skv|skoid|sktid|sdd|jsessionid|phpsessid|sid|session\w*|jwt|ticket|nonce"
)
"""Parameters that sign a URL and change from one signing to the next: they name no picture."""
_SECRET = re.compile(r"\w*(?:key|secret|auth|passw|passwd|pwd|pass|cred|oauth|bearer|apikey|user(?:name)?|login)\w*")
"""Parameters that may hold a secret, or may name the picture (`?key=shoes/1.jpg`): kept in the key, never shown."""
_SHORT_SAS = frozenset({"st", "se", "sv", "sp", "sr", "spr", "ss", "srt", "si", "sks", "skt", "ske", "skv", "sdd"})
"""Two-letter parameters of a shared access signature; ordinary words anywhere but beside `sig`."""
_AMBIGUOUS = frozenset({"hash", "exp", "policy", "acl", "sign"}) | _SHORT_SAS
_SIGNED_BY = frozenset({"sig", "signature", "key-pair-id", "token", "hmac", "expires"})
"""Where one of these stands, the ambiguous parameters belong to the signature as well."""
_NESTED_DEPTH = 3
_SAFE = "/?&=;:@!$'()*+,~[]"
_LITERAL = frozenset({"s3", "gs", "az", "memory"})
_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}
_LOCAL_HOSTS = ("", "localhost")


def is_network(uri: str) -> bool:
    """Whether `uri` names something that only a network can give (any scheme with `//`, other than `file:`)."""
    return _NETWORK.match(uri) is not None and _FILE.match(uri) is None


def redact(uri: str) -> str:
    """The URI as it may stand in tables, logs and reports.

    User and password, fragment, session path parameters and signing parameters are taken out; the value of a parameter
    that may be a secret becomes `***`; a URL inside a parameter is treated in the same way. Plain paths stay as they
    are: a file may be called `a?sig=b.jpg`.
    """
    if ":" not in uri and "//" not in uri:
        return uri
    return _without_secrets(uri, mask=True)


def _without_secrets(uri: str, *, mask: bool, depth: int = 0) -> str:
    bare = uri
    if "@" in uri:
        bare = _USERINFO.sub(lambda found: found[1], uri)
        bare = _USERINFO_INSIDE.sub(lambda found: found[1], bare)
    if not (is_network(bare) or _FILE.match(bare)):
        return bare
    path, question, query = bare.partition("#")[0].partition("?")
    path = _PATH_SESSION.sub("", path) if ";" in path and is_network(path) else path
    if not question:
        return path
    parts = [part for part in re.split("[&;]", query) if part]
    signed = not _SIGNED_BY.isdisjoint(unquote(part.partition("=")[0]).casefold() for part in parts)
    kept = [text for part in parts if (text := _parameter(part, signed=signed, mask=mask, depth=depth))]
    return f"{path}?{'&'.join(kept)}" if kept else path


def _parameter(part: str, *, signed: bool, mask: bool, depth: int) -> str:
    """One `name=value` without what must not be shown; empty when nothing of it may stay."""
    name, equals, value = part.partition("=")
    word = unquote(name.replace("+", " ")).strip().casefold()
    if _SIGNATURE.fullmatch(word) and (signed or word not in _AMBIGUOUS):
        return ""
    if mask and _SECRET.fullmatch(word.replace("-", "_")):
        return f"{name}=***"
    inner = unquote(value)
    if is_network(inner):
        cleaned = _without_secrets(inner, mask=mask, depth=depth + 1) if depth < _NESTED_DEPTH else "***"
        return part if cleaned == inner else f"{name}={quote(cleaned, safe='')}"
    return f"{name}{equals}{value}"


def uri_of_name(relative: str) -> str:
    """The text by which a file of a folder is called in tables, from its path as the operating system gives it.

    An ordinary path stands for itself. One that is not valid UTF-8, holds control characters or backslashes, or could
    be read as a URI becomes `file:` and the percent-encoded path; `local_name` gives the very same bytes back.
    """
    odd = (
        relative != relative.strip()
        or _HARD_TO_READ.search(relative)
        or _NETWORK.match(relative)
        or _FILE.match(relative)
        or _DATA.match(relative)
        or _WINDOWS_ROOT.match(relative)
    )
    return "file:" + quote(os.fsencode(relative)) if odd else relative


def local_name(uri: str) -> str:
    """The path that `uri` names on this machine, as the operating system writes it (undecodable bytes as surrogates).

    Knows plain paths and `file:` URIs (percent-decoded; no host, or localhost). Raises MediaError of kind REFUSED for
    everything else: the network, another host, `data:`, a drive of Windows, a name with a NUL byte.
    """
    if "\0" in uri:
        raise MediaError(TroubleKind.REFUSED, "the location holds a NUL byte")
    if _FILE.match(uri):
        return _name_of_file_uri(uri)
    if is_network(uri):
        scheme = uri.partition(":")[0].lower()
        message = f"the picture lies on the network ({scheme}); http, https and object stores are what can be fetched"
        raise MediaError(TroubleKind.REFUSED, message)
    if _DATA.match(uri):
        raise MediaError(TroubleKind.REFUSED, "the picture stands in the feed itself (data:); give it as a file")
    if _WINDOWS_ROOT.match(uri):
        raise MediaError(TroubleKind.REFUSED, "the location is a drive or share of Windows; make it relative")
    return uri


def _name_of_file_uri(uri: str) -> str:
    rest = re.split("[?#]", uri[len("file:") :], maxsplit=1)[0]
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        if host.casefold() not in _LOCAL_HOSTS:
            raise MediaError(TroubleKind.REFUSED, "a file: location must not name another machine")
        rest = slash + path
    name = os.fsdecode(unquote_to_bytes(rest))
    if "\0" in name:
        raise MediaError(TroubleKind.REFUSED, "the location holds a NUL byte")
    return name


def file_uri(path: str | Path) -> str:
    """An absolute path as a `file:` URI, percent-encoded, so that any bytes in names come through."""
    return "file://" + quote(os.fsencode(path))


def normalise(uri: str, base: str) -> str:
    """One spelling for one place, without touching the disk.

    Paths are joined to `base`, an absolute path without `..`, and written as absolute `file:` URIs without `.` and
    `..`. URLs get a lower-case scheme and host, no default port, no credentials and no signing parameters. Where `base`
    is a prefix of an object store, paths are keys below it, as they are but for a `./` before them.
    """
    try:
        name = local_name(uri)
    except MediaError:
        return _normal_url(_without_secrets(uri, mask=False))
    if _WEB.match(base) and not _FILE.match(uri):
        return _normal_url(_without_secrets(_joined(base, name), mask=False))
    if is_network(base):
        while name.startswith("./"):
            name = name[2:]
        return _normal_url(base + name)
    joined = os.path.join(base, name)  # noqa: PTH118 - Path does not take `..` out
    return file_uri("/" + os.path.normpath(joined).lstrip("/"))


def _joined(base: str, name: str) -> str:
    try:
        return urljoin(base, name)
    except ValueError:  # such as `//[`: nothing lies there, and fetching says so
        return base + name


def _normal_url(url: str) -> str:
    found = _HOST.match(url)
    if not found or not is_network(url):
        return url
    scheme = found[1].lower()
    host = found[2].lower().removesuffix(_DEFAULT_PORTS.get(scheme, ":"))
    # In an object store `a%20b` and `a b` are two objects; on the web they are one place.
    safe = _SAFE if scheme in _LITERAL else _SAFE + "%"
    rest = quote(url[found.end() :], safe=safe, errors="surrogateescape") or "/"
    return f"{scheme}://{host}{rest}"


class UriKeys:
    """Keys of URIs, for many that start at the same folder."""

    __slots__ = ("_base", "_prefix")

    def __init__(self, base: str | Path) -> None:
        """Relative places start at `base`, a folder or a prefix of an object store that ends in `/`."""
        if isinstance(base, str) and is_network(base):
            self._base, self._prefix = base, _normal_url(base)
        else:
            self._base = os.path.abspath(base)  # noqa: PTH100 - `..` must go; links stay
            self._prefix = file_uri(self._base).rstrip("/") + "/"

    def key(self, uri: str) -> str:
        """BLAKE3 of the normalised URI, 64 hexadecimal digits."""
        # Nearly all places are of this shape, and joining and quoting would give just this.
        normal = self._prefix + uri if _PLAIN_RELATIVE.fullmatch(uri) else normalise(uri, self._base)
        return blake3(normal.encode("utf-8", "surrogateescape")).hexdigest()


def placement_id(source_id: str, listing_id: str, key: str, ordinal: int) -> str:
    """BLAKE3 of what makes a placement one, 32 hexadecimal digits.

    `ordinal` counts the times that this listing has shown this picture before, so that an id outlives a new order of
    the pictures.
    """
    parts = "\x1f".join((source_id, listing_id.replace("\x1f", "\x1f\x1f"), key, str(ordinal)))
    return blake3(parts.encode()).hexdigest(16)


def source_id_of(location: str | Path) -> str:
    """The id of the source at `location`; 32 hexadecimal digits.

    BLAKE3 of its absolute path, links not followed, or of its address in an object store or, without credentials and
    signatures, on the web.
    """
    if isinstance(location, str) and is_network(location):
        return blake3(_normal_url(_without_secrets(location, mask=False)).encode()).hexdigest(16)
    return blake3(file_uri(os.path.abspath(location)).encode()).hexdigest(16)  # noqa: PTH100 - `..` must go
