"""Looks a host's addresses up, without waiting for a name server for ever."""

from __future__ import annotations

import queue
import socket
import threading
from typing import TYPE_CHECKING, TypeAlias

from packshot.collect.patience import Passing
from packshot.collect.web.budget import too_slow
from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Resolve: TypeAlias = Callable[[str, float], Sequence[str]]

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def look_up(host: str, seconds: float) -> Sequence[str]:
    """The addresses of `host`, in the system's order, within `seconds`.

    The system's look-up knows no time limit, so a thread of its own waits for it and may be left behind. Raises
    MediaError: UNREACHABLE where there is no such name, or where no name server knows at the moment; TIMED_OUT.
    """
    answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="packshot look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise too_slow("no name server answered in time") from None
    if isinstance(answer, socket.gaierror) and answer.errno not in _NO_SUCH_NAME:
        raise Passing(TroubleKind.UNREACHABLE, "the name servers do not answer") from answer
    if isinstance(answer, OSError | UnicodeError):
        raise MediaError(TroubleKind.UNREACHABLE, "there is no such host") from answer
    return answer
