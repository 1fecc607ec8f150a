"""What tests of sources lean on: files under a shipped profile, a scripted server, a clock that waits at once."""

import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import books
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from scripted_server import Server
from specimens import PORTAL, SECRET, portal, profile_of

from dondoc.sources.account import ApiAccount
from dondoc.sources.api import pull_records
from dondoc.sources.exchange import Patience
from dondoc.sources.files import read_rows
from dondoc.sources.intake import take_in


@pytest.fixture(scope="session")
def live_server():
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def server(live_server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    live_server.asked.clear()
    return live_server


@pytest.fixture
def account(server):
    return ApiAccount("nguon", server.url, "van-phong", SECRET)


@pytest.fixture
def tls_server(tmp_path):
    """Return the address of a server whose certificate nobody has signed."""
    key, path = ec.generate_private_key(ec.SECP256R1()), tmp_path / "server.pem"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, began, began + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Waiting:
    """Sleeps at once; its clock still runs on."""

    def __init__(self):
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)

    def clock(self):
        return time.monotonic() + sum(self.slept)


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def patience(waiting):
    return Patience(total_seconds=600, sleep=waiting.sleep, clock=waiting.clock, chance=lambda: 1.0)


@pytest.fixture
def pull(server, account, patience):
    def pull_list(*replies, patience=patience, account=account, profile=None, **api):
        server.play(*replies)
        accounts = account if callable(account) else lambda: account
        return pull_records(profile or profile_of(**api), accounts, patience=patience)

    return pull_list


@pytest.fixture
def portal_take(pull, account, hai_phong):
    def take(*cases):
        pulled = pull(portal(*cases), profile=PORTAL, account=account)
        return take_in(pulled.raw, PORTAL, source="cases", units=hai_phong.unit_by_name)

    return take


@pytest.fixture
def read(hai_phong):
    """Return what came of a file under a shipped profile, the sum of its rows checked."""

    def read_file(path, name="one-stop-export", as_of=None, **changes):
        profile = books.profile_of(name, **changes)
        intake = take_in(read_rows(path, profile), profile, source="s", units=hai_phong.unit_by_name, as_of=as_of)
        assert intake.rows_in == len(intake.accepted) + len(intake.quarantined) + intake.duplicates
        return intake

    return read_file
