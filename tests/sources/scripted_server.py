"""A source system on this machine that answers as a test says."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Asked(NamedTuple):
    """One request as the server saw it: `params` come from the query or the JSON body."""

    method: str
    path: str
    params: dict
    headers: dict


class Reply(NamedTuple):
    """One answer; `body` may be bytes, a document, or a generator of bytes sent as they come."""

    body: object
    status: int = 200
    headers: dict | None = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, body):
        parts = urlsplit(self.path)
        asked = Asked(self.command, parts.path, body or dict(parse_qsl(parts.query)), dict(self.headers))
        self.server.asked.append(asked)
        try:
            self.send(self.server.answer(asked))
        except OSError:  # the client gave up, as it should
            self.close_connection = True

    def send(self, reply):
        body = reply.body
        if not isinstance(body, bytes) and not hasattr(body, "__next__"):
            body = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Connection": "close"} | (reply.headers or {})
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if isinstance(body, bytes):
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            body = [body]
        self.end_headers()
        for part in body:
            self.wfile.write(part)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answer = [], None
        self.url = f"http://127.0.0.1:{self.server_port}"

    def play(self, *replies):
        """Answer with `replies` in turn; the last stays. A reply may be a function of the request."""
        left = list(replies)

        def answer(asked):
            reply = left.pop(0) if len(left) > 1 else left[0]
            reply = reply(asked) if callable(reply) else reply
            return reply if isinstance(reply, Reply) else Reply(reply)

        self.asked.clear()
        self.answer = answer

    def handle_error(self, request, client_address):
        pass
