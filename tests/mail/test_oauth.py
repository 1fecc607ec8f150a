"""OAuth2 against a token server and a mail server of the test's own."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.mail import post
from tests.mail.sink import Behaviour, Sink

from dondoc.errors import MailError, UnreachableError
from dondoc.mail.account import SmtpAccount, TokenGrant
from dondoc.mail.oauth import TokenSource
from dondoc.mail.session import SmtpConnection


class Tokens(HTTPServer):
    """Gives a new token each time it is asked, or the status it was told to give."""

    def __init__(self, status=200):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.asked = status, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def grant(self):
        return TokenGrant(None, "id", "hush-hush", f"http://127.0.0.1:{self.server_port}/token", "mail")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.server.status)
        self.end_headers()
        answer = {"access_token": f"token-{len(self.server.asked)}", "expires_in": 3600}
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        pass


def test_a_token_is_fetched_kept_and_fetched_anew_before_it_runs_out():
    server, clock = Tokens(), [0.0]
    source = TokenSource(server.grant, clock=lambda: clock[0])
    seen = []
    for clock[0] in (0, 3000, 3539, 3541):
        seen.append(source.token())
    assert seen == ["token-1", "token-1", "token-1", "token-2"]
    assert "grant_type=client_credentials" in server.asked[0]


@pytest.mark.parametrize(("status", "error"), [(401, MailError), (503, UnreachableError)])
def test_a_refusal_is_final_and_an_outage_is_not(status, error):
    with pytest.raises(error, match="OAuth2") as caught:
        TokenSource(Tokens(status).grant).token()
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize("given", [True, False], ids=["a token given", "client credentials"])
def test_the_mail_server_is_shown_the_token(given):
    tokens = Tokens()
    extra = {"auth_type": "oauth2", "disable_ssl": True, "disable_tls": True}
    extra |= {"access_token": "token-1"} if given else {}
    extra |= {"client_id": "id", "client_secret": "secret", "token_url": tokens.grant.token_url}
    with Sink(Behaviour(auth="235 ok")) as server:
        account = SmtpAccount.of_connection("127.0.0.1", server.port, "u@x.vn", None, extra)
        SmtpConnection(account, post.pulse()).session().quit()
    mechanism, answer = server.auths[0].split()[1:]
    assert mechanism == "XOAUTH2"
    assert base64.b64decode(answer) == b"user=u@x.vn\x01auth=Bearer token-1\x01\x01"
