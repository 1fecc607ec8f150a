import os
import subprocess

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from tests.mail.kills import POSTGRES


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Return the files of a certificate no authority signed, for `localhost`, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    paths = str(folder / "cert.pem"), str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-out", paths[0], "-keyout", paths[1]]
    subprocess.run(command, check=True, capture_output=True)
    return paths


@pytest.fixture
def postgres_answers(request):
    """Skip a PostgreSQL test where no server answers, unless one is required."""
    if request.node.get_closest_marker("postgres") and not os.environ.get("DONDOC_TEST_REQUIRE_POSTGRES"):
        try:
            create_engine(POSTGRES).connect().close()
        except OperationalError:
            pytest.skip("không có máy chủ PostgreSQL nào trả lời")
