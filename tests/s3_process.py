"""An S3 server on loopback for tests: moto's, with conditional puts that hold when several come at once.

Run as a program, it prints its port and serves until its stdin is closed.
"""

import logging
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


class OneConditionAtATime:
    """moto looks for the object and stores the new one in two steps; a real store does it in one."""

    def __init__(self, app):
        self._app = app
        self._turn = threading.Lock()

    def __call__(self, environ, start_response):
        if "HTTP_IF_NONE_MATCH" not in environ:
            return self._app(environ, start_response)
        with self._turn:
            return self._app(environ, start_response)


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line for each request otherwise
    app = OneConditionAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 - whoever started it waits for this
    sys.stdin.read()


if __name__ == "__main__":
    main()
