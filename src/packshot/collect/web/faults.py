"""What goes wrong between here and a web server, as troubles; never with what the server said: it may hold secrets."""

from __future__ import annotations

import http.client
import os
import ssl
from typing import TYPE_CHECKING

import urllib3.exceptions as faults

from packshot.collect.patience import Passing
from packshot.collect.web.budget import out_of_time, too_slow
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from packshot.collect.web.budget import Budget

ERRORS: tuple[type[Exception], ...] = (faults.HTTPError, http.client.HTTPException, OSError, ValueError)
"""What urllib3 and what lies below it raise; ValueError for headers that nobody expected."""
NOT_THERE = frozenset({404, 410})
PASSING = frozenset({408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Answers after which asking again may help."""
_NOTHING = frozenset({204, 205})
_DENIED = frozenset({401, 402, 403, 407, 451})
_TLS_WORDS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 -_'.")


def unreachable(detail: str) -> MediaError:
    """The trouble of an answer that is of no use, and would be none if one asked again."""
    return MediaError(TroubleKind.UNREACHABLE, detail)


def of_error(error: Exception, budget: Budget) -> MediaError:
    """The trouble that an error of `ERRORS` stands for."""
    causes = list(_causes(error))
    if any(isinstance(cause, TimeoutError | faults.TimeoutError) for cause in causes):
        return too_slow("the server sent nothing for too long") if budget.left() > 0 else out_of_time(budget.total)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return unreachable(f"the server's TLS certificate is not to be trusted: {_plain(cause.verify_message)}")
    for cause in causes:
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError):
            return unreachable(f"no TLS with the server: {_plain(cause.reason or 'unknown reason')}")
    for cause in causes:
        if isinstance(cause, http.client.RemoteDisconnected | ConnectionError | http.client.IncompleteRead):
            return Passing(TroubleKind.UNREACHABLE, "the server broke off")
        if isinstance(cause, http.client.HTTPException | faults.InvalidHeader | faults.ResponseNotChunked | ValueError):
            return unreachable(f"the answer is not HTTP ({type(cause).__name__})")
    errno = next((cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno), None)
    return Passing(TroubleKind.UNREACHABLE, os.strerror(errno) if errno else "the server broke off")


def of_status(status: int) -> MediaError:
    """The trouble of an answer that brings no picture."""
    if status in NOT_THERE:
        return MediaError(TroubleKind.NOT_FOUND, f"the server says that it is not there ({status})")
    if status in _NOTHING:
        return MediaError(TroubleKind.EMPTY, f"the server says that there is nothing in it ({status})")
    if status in _DENIED:
        return unreachable(f"the server denies access ({status})")
    if status in PASSING:
        return Passing(TroubleKind.UNREACHABLE, f"the server is busy or broken ({status})")
    return unreachable(f"the server answers with {status}")


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error with what it was made of and from."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        at = waiting.pop(0)
        if at is None or at in found:
            continue
        found.append(at)
        waiting += [arg for arg in at.args if isinstance(arg, BaseException)]
        waiting += [getattr(at, "reason", None)] if isinstance(getattr(at, "reason", None), BaseException) else []
        waiting += [at.__cause__, at.__context__]
    return found


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter in _TLS_WORDS).replace("_", " ")[:120]
