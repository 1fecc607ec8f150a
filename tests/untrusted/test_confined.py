"""The process in which what others wrote is parsed."""

import os
import resource
import time

import pytest

from dondoc.errors import SourceError, UntrustedError
from dondoc.untrusted import reading_process
from dondoc.untrusted.confined import READER, confined, private_copy


def test_what_is_read_there_is_returned_here():
    assert confined(divmod, "x", 7, 2) == (3, 1)
    first = confined(os.getpid, "x")
    assert (confined(os.getpid, "x"), first != os.getpid()) == (first, True)


def refuse():
    raise SourceError("Hỏng.", where="a", remedy="b")


def test_what_it_refuses_is_refused_here_in_the_same_words():
    with pytest.raises(SourceError, match="Hỏng"):
        confined(refuse, "x")


def crash():
    os.abort()


def swallow():
    return len(bytearray(reading_process.MOST_BYTES))


def loop():
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass


def dive():
    return dive()


def write():
    with open("/tmp/x", "wb") as file:  # noqa: PTH123, S108
        file.write(b"x" * 10)


@pytest.mark.fault(91)
@pytest.mark.parametrize("item", [crash, swallow, loop, dive, write])
def test_what_breaks_its_reader_costs_that_item_alone(item):
    began = time.monotonic()
    with pytest.raises(UntrustedError, match="Không đọc được: "):
        confined(item, "tệp lạ")
    assert confined(divmod, "x", 7, 2) == (3, 1)
    assert time.monotonic() - began < 60


def environment():
    return dict(os.environ)


def test_nothing_secret_is_in_its_environment(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_DONDOC_SMTP", "bí mật")
    READER._stop()
    assert "AIRFLOW_CONN_DONDOC_SMTP" not in confined(environment, "x")


def test_a_private_copy_is_ours_alone_and_gone_afterwards():
    with private_copy(b"x", ".xlsx") as path:
        assert (path.read_bytes(), path.suffix, path.stat().st_mode & 0o077) == (b"x", ".xlsx", 0)
    assert not path.exists()
