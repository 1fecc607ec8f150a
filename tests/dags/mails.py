"""What the daily DAG mails: the tasks that send, and a server that takes."""

import email
import email.policy
import json
import mailbox
import socket
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

SENDING = ("send_reminders", "send_report", "send_returns", "send_signoff", "send_closing")


def read_message(file):
    return email.message_from_binary_file(file, policy=email.policy.default)


@contextmanager
def caught(folder):
    """Run a real SMTP server, known to Airflow as `dondoc_smtp`; yield its mailbox."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    account = {"conn_type": "smtp", "host": "127.0.0.1", "port": port}
    account["extra"] = {"disable_ssl": True, "disable_tls": True}
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_DONDOC_SMTP", json.dumps(account))
        yield mailbox.Maildir(folder, factory=read_message)
    controller.stop()
