"""The rules docker-compose.yaml and the Dockerfile keep: no known password, nothing open to the network, no root."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dondoc.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
BASE = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

AIRFLOW = {"api-server", "scheduler", "dag-processor", "triggerer", "worker"}
LONG_RUNNING = AIRFLOW | {"postgres", "redis", "mailpit"}
ONE_SHOT = {"airflow-init"}
SECRETS = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_DB_PASSWORD",
    "DONDOC_DB_PASSWORD",
    "DONDOC_OWNER_PASSWORD",
    "REDIS_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_SECRET_KEY",
    "AIRFLOW_ADMIN_PASSWORD",
}
# Which secrets reach which service: each gets what it uses and no other.
NEEDED = {
    "postgres": {"POSTGRES_PASSWORD", "AIRFLOW_DB_PASSWORD", "DONDOC_DB_PASSWORD", "DONDOC_OWNER_PASSWORD"},
    "redis": {"REDIS_PASSWORD"},
    "mailpit": set(),
    "airflow-init": {
        "AIRFLOW_DB_PASSWORD",
        "AIRFLOW_FERNET_KEY",
        "DONDOC_DB_PASSWORD",
        "DONDOC_OWNER_PASSWORD",
        "AIRFLOW_ADMIN_PASSWORD",
    },
    "api-server": {
        "AIRFLOW_DB_PASSWORD",
        "AIRFLOW_FERNET_KEY",
        "AIRFLOW_JWT_SECRET",
        "AIRFLOW_SECRET_KEY",
        "DONDOC_DB_PASSWORD",
    },
    "scheduler": {"AIRFLOW_DB_PASSWORD", "AIRFLOW_JWT_SECRET", "REDIS_PASSWORD"},
    "dag-processor": {"AIRFLOW_DB_PASSWORD"},
    "triggerer": {"AIRFLOW_DB_PASSWORD", "AIRFLOW_FERNET_KEY", "AIRFLOW_SECRET_KEY"},
    "worker": {"AIRFLOW_DB_PASSWORD", "AIRFLOW_SECRET_KEY", "REDIS_PASSWORD", "DONDOC_DB_PASSWORD"},
}
# Mailboxes and accounts of mail may hold passwords too.
OF_THE_WORKER = {"AIRFLOW_CONN_DONDOC_SMTP", "DONDOC_ALARM_SMTP", "DONDOC_ARCHIVE_MAILBOX", "DONDOC_BOUNCE_MAILBOX"}
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|AUTH$")
REQUIRED = re.compile(r"\$\{\w+:\?[^}]*\w[^}]*\}")  # ${NAME:?what to set}
REFERENCE = re.compile(r"(?<!\$)\$\{?(\w+)([^}\s]*)")
VERSION_PARTS = {"postgres": 2}  # 16.15 is a whole version of PostgreSQL; the others count three


def strings(node: object) -> Iterator[str]:
    """Yield every string value under `node`, keys left out."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, str):
        yield node


def environments() -> Iterator[tuple[str, str]]:
    """Yield each variable a service is given, and its value."""
    for service in SERVICES.values():
        yield from service.get("environment", {}).items()


def test_every_service_of_the_cluster_is_there_and_no_other():
    assert set(SERVICES) == LONG_RUNNING | ONE_SHOT


def test_every_secret_is_asked_for_and_a_missing_one_stops_the_start():
    references = {name for text in strings(COMPOSE) for name, _ in REFERENCE.findall(text) if SECRET_NAME.search(name)}
    required = {name for text in strings(COMPOSE) for name in re.findall(r"\$\{(\w+):\?[^}]*\w", text)}

    assert references == SECRETS
    assert required == SECRETS | {"AIRFLOW_ADMIN_EMAIL"}


def test_no_secret_has_a_default():
    rest = [REQUIRED.sub("", text) for text in strings(COMPOSE)]

    assert [text for text in rest for name, _ in REFERENCE.findall(text) if SECRET_NAME.search(name)] == []


def test_a_variable_that_holds_a_secret_holds_nothing_written_here():
    held = {name: value for name, value in environments() if SECRET_NAME.search(name)}

    assert held
    assert {name: value for name, value in held.items() if not REQUIRED.fullmatch(value)} == {}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(r"://[^/\s:@]*:(?!<secret>@)[^@\s]*@", id="in an address"),
        pytest.param(r"(?i)\"\w*(?:password|secret|token)\w*\"\s*:\s*\"(?!<secret>\")", id="in a connection"),
        pytest.param(r"(?i)\bpassword\s+'", id="in SQL"),
        pytest.param(r"(?i)--(?:password|requirepass)[ =](?!\"\$\$)", id="in a command"),
    ],
)
def test_no_password_is_written(written):
    hidden = [REQUIRED.sub("<secret>", text) for text in strings(COMPOSE)]

    assert [text for text in hidden if re.search(written, text)] == []


def test_the_queue_asks_for_a_password():
    command = SERVICES["redis"]["command"]

    assert REQUIRED.fullmatch(command[command.index("--requirepass") + 1])


def test_the_queue_outlives_its_server_and_what_is_lost_all_the_same_is_queued_again_in_two_minutes():
    command, environment = SERVICES["redis"]["command"], SERVICES["scheduler"]["environment"]

    assert command[command.index("--appendonly") + 1] == "yes"
    assert "redis:/data" in SERVICES["redis"]["volumes"]
    assert float(environment["AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT"]) <= 120
    assert float(environment["AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL"]) <= 30


def test_no_task_waits_in_the_queue_for_workers_that_are_busy():
    environment = SERVICES["scheduler"]["environment"]

    assert environment["AIRFLOW__CORE__PARALLELISM"] == environment["AIRFLOW__CELERY__WORKER_CONCURRENCY"]


def test_the_header_says_how_to_make_every_variable_that_is_asked_for():
    header = TEXT.split("\nname:")[0]

    assert {name for name in SECRETS | {"AIRFLOW_ADMIN_EMAIL"} if name not in header} == set()


@pytest.mark.parametrize("name", sorted(LONG_RUNNING))
def test_a_service_that_runs_on_is_watched_restarted_and_bounded(name):
    service = SERVICES[name]

    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])


@pytest.mark.parametrize("name", sorted(AIRFLOW))
def test_airflow_waits_for_its_databases(name):
    waits = {other: on["condition"] for other, on in SERVICES[name]["depends_on"].items()}

    assert waits["airflow-init"] == "service_completed_successfully"
    assert waits["postgres"] == waits["redis"] == "service_healthy"


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_store_is_not_published(name):
    assert not {"ports", "network_mode"} & set(SERVICES[name])


def test_a_published_port_is_open_to_this_machine_only():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert ports == {"api-server": ["127.0.0.1:${PORT:-8080}:8080"], "mailpit": ["127.0.0.1:8025:8025"]}


def test_nothing_runs_as_root():
    users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1:]
    users += [str(service["user"]) for service in SERVICES.values() if "user" in service]

    assert users[0] == "dondoc"
    assert [user for user in users if re.match(r"(?:root|0)\b", user)] == []
    assert {name for name in SERVICES if "user" not in SERVICES[name] and "build" not in SERVICES[name]} == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_can_gain_no_privilege(name):
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add"} & set(service)


@pytest.mark.parametrize("image", sorted({service["image"] for service in SERVICES.values()} | set(BASE)))
def test_an_image_is_named_by_its_whole_version(image):
    name, _, tag = image.partition("@")[0].rpartition(":")
    version = re.match(r"v?(\d+(?:\.\d+)*)", tag)

    assert name
    assert version
    assert version[1].count(".") + 1 >= VERSION_PARTS.get(name, 3)


def test_our_image_bears_the_version_of_the_package():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert {SERVICES[name]["image"] for name in AIRFLOW | ONE_SHOT} == {f"dondoc:{version}"}


def test_the_image_takes_from_outside_only_what_the_lock_names():
    installs = re.findall(r"pip3? install ([^&\n]*)", DOCKERFILE)
    ours = [line for line in installs if {"--no-deps", "--no-build-isolation", "-e", "."} <= set(line.split())]

    assert len(ours) == 1
    assert any("--require-hashes" in line and "-r requirements.txt" in line for line in installs)
    assert [line for line in installs if line not in ours and "--require-hashes" not in line] == []


def test_the_image_is_built_from_a_list_of_what_may_enter():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    assert {rule for rule in rules if rule[0] == "!"} == {
        f"!{name}" for name in ("requirements.txt", "pyproject.toml", "include", "plugins", "dags")
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_gets_only_the_secrets_it_uses(name):
    given = {found for text in strings(SERVICES[name]) for found, _ in REFERENCE.findall(text)}

    assert {found for found in given if SECRET_NAME.search(found)} == NEEDED[name]
    assert (OF_THE_WORKER & set(SERVICES[name].get("environment", {}))) == (
        OF_THE_WORKER if name == "worker" else set()
    )


def test_results_lie_on_one_shared_volume_written_where_they_are_made_alone():
    folder = re.search(r"DONDOC_OUT=(\S+)", DOCKERFILE)[1]
    mounted = {
        name: volume.removeprefix(f"out:{folder}")
        for name, service in SERVICES.items()
        for volume in service.get("volumes", [])
        if volume.startswith("out:")
    }

    assert mounted == {"worker": "", "airflow-init": "", "api-server": ":ro"}
    assert "out" in COMPOSE["volumes"]


def test_only_the_start_holds_the_role_that_owns_the_ledgers_tables():
    owners = {name for name, service in SERVICES.items() if "DONDOC_LEDGER_OWNER_URL" in service.get("environment", {})}
    script = COMPOSE["configs"]["databases"]["content"]

    assert owners == {"airflow-init"}
    assert "CREATE DATABASE dondoc OWNER dondoc_owner;" in script
    assert "GRANT CONNECT ON DATABASE dondoc TO dondoc;" in script


@pytest.mark.parametrize("name", sorted(AIRFLOW | ONE_SHOT))
def test_a_task_cannot_change_the_code(name):
    mounted = [volume for volume in SERVICES[name]["volumes"] if volume.partition(":")[0] not in COMPOSE["volumes"]]

    assert SERVICES[name]["read_only"] is True
    assert [volume for volume in mounted if not volume.endswith(":ro")] == []


def test_the_ledger_is_not_in_the_database_of_airflow():
    environment = SERVICES["worker"]["environment"]
    ledger, metadata = environment["DONDOC_LEDGER_URL"], environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]

    assert re.sub(r":\$\{.*\}", "", ledger) == "postgresql+psycopg2://dondoc@postgres/dondoc"
    assert re.sub(r":\$\{.*\}", "", metadata) == "postgresql+psycopg2://airflow@postgres/airflow"


def test_the_start_lays_out_the_ledger(tmp_path, monkeypatch):
    script = SERVICES["airflow-init"]["command"][-1]
    arguments = re.search(r"^python -m dondoc (.+)$", script, re.MULTILINE)[1].split()
    monkeypatch.setenv("DONDOC_LEDGER_URL", f"sqlite:///{tmp_path}/ledger.sqlite")

    assert main(arguments) == 0
    assert (tmp_path / "ledger.sqlite").is_file()


def test_logins_are_real_and_work_is_spread():
    environment = SERVICES["api-server"]["environment"]

    assert environment["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api-server:8080/execution/"


def test_the_worker_finishes_its_task_before_it_stops():
    assert SERVICES["worker"]["init"] is True
    assert re.fullmatch(r"\d+m", SERVICES["worker"]["stop_grace_period"])
