"""The command line as a person meets it: help, what it refuses, days, completion, and how soon it answers."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import date
from importlib import import_module

import pytest
import typer

from dondoc.__main__ import COMMAND, main
from dondoc.commands.mail import SENT_BY_HAND, read_kind
from dondoc.commands.parameters import read_day
from dondoc.installation import ROOT
from dondoc.ledger.mail_kinds import MAIL_KINDS

GROUPS = [("", COMMAND), *((noun, one) for noun, one in COMMAND.commands.items() if hasattr(one, "commands"))]
LEAVES = {f"{noun} {name}".strip(): one for noun, group in GROUPS for name, one in group.commands.items()}
COMMANDS = {words: one for words, one in LEAVES.items() if not hasattr(one, "commands")}
HEAVY = ("airflow", "pandas", "pyarrow", "sqlalchemy", "numpy", "openpyxl", "docx", "lxml", "rich")
# Words of Typer that a person may meet.
ENGLISH = re.compile(
    r"\b(?:usage|try|error|missing|argument|option|options|command|commands|invalid|value|show|exit|message|required|"
    r"default|such|mean|requires|unexpected|traceback)\b",
    re.IGNORECASE,
)


def without_names(told):
    """Return what is printed without the names of commands and options, which are English."""
    return re.sub(r"dondoc [\w ]*|--\w+|^  [a-z0-9]+ ", "", told, flags=re.MULTILINE)


@pytest.fixture
def narrow(monkeypatch):
    """Make the terminal 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")


def dondoc(*words, variables=None, **settings):
    command = [sys.executable, "-m", "dondoc", *words]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | (variables or {}), **settings)


@pytest.mark.parametrize("words", [name for name, _ in GROUPS] + list(COMMANDS), ids=lambda words: words or "all")
def test_help_is_in_vietnamese_on_80_columns(narrow, capsys, words):
    assert main([*words.split(), "--help"]) == 0
    told = capsys.readouterr().out
    help_, _, example = told.partition("\nVí dụ:\n  ")
    assert max(map(len, help_.splitlines())) <= 80
    assert not ENGLISH.search(without_names(help_)), help_
    assert bool(example) == (words in COMMANDS)


@pytest.mark.parametrize("words", COMMANDS)
def test_the_example_of_a_command_is_one_that_it_takes(words):
    typed = shlex.split(COMMANDS[words].epilog)
    assert typed[: 1 + len(words.split())] == ["dondoc", *words.split()]
    COMMANDS[words].make_context(words, typed[1 + len(words.split()) :])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Thiếu tên lệnh."),
        ("mail", "Thiếu tên lệnh."),
        ("chek", "Không có lệnh “chek”; có phải là check?"),
        ("zzz", "Không có lệnh “zzz”."),
        ("mail lst", "Không có lệnh “lst”; có phải là list?"),
        ("show", "Thiếu <mã đợt>."),
        ("show x", "Thiếu <ngày>."),
        ("show x 2023-11-14 y", "Thừa: y"),
        ("show x 31/11/2023", "ngày: “31/11/2023”: tháng 11/2023 không có ngày 31."),
        ("mail stop --by A", "Thiếu --reason."),
        ("mail stop --by A --reason", "Sau --reason phải có nội dung."),
        ("mail stop --by ' ' --reason b", "--by: không được để trống."),
        ("mail stop --resaon b", "Không có tùy chọn --resaon; có phải là --reason?"),
        ("mail list --xyz", "Không có tùy chọn --xyz."),
        ("--version=1", "Sau --version không ghi gì thêm."),
        (
            "mail send x 2023-11-14 thu",
            "loại thư: không có “thu”; chọn: nhắc việc, báo cáo, báo cáo cuối cùng, kết thúc đợt.",
        ),
        ("mail resolve k --by A --reason b", "Ghi đúng một trong --sent, --resend, --keep."),
        ("mail resolve k --sent --keep --by A --reason b", "Ghi đúng một trong --sent, --resend, --keep."),
    ],
)
def test_words_that_cannot_be_understood_are_answered_with_the_way_to_write_them(narrow, capsys, words, told):
    assert main(shlex.split(words)) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"LỖI: {told}\n")
    assert "--help" in printed.err
    assert not ENGLISH.search(without_names(printed.err)), printed.err


@pytest.mark.parametrize(
    ("text", "kind"),
    [("báo cáo", "report"), ("bao-cao-cuoi-cung", "final"), ("Nhắc việc", "reminder"), ("closing", "closing")],
)
def test_a_kind_of_mail_is_written_as_people_read_it(text, kind):
    assert read_kind(text) == kind


def test_the_kinds_to_send_by_hand_are_called_as_everywhere(capsys):
    assert all(MAIL_KINDS[key].name == name for name, key in SENT_BY_HAND.items())
    main(["mail", "send", "--help"])
    told = capsys.readouterr().out
    assert all(name in " ".join(told.split()) for name in SENT_BY_HAND)
    assert not re.search(rf"\b({'|'.join(SENT_BY_HAND.values())})\b", told)


@pytest.mark.parametrize("text", ["2023-11-04", "04/11/2023", "4/11/2023", "2023-11-4", " 04/11/2023 "])
def test_a_day_is_written_either_way(text):
    assert read_day(text) == date(2023, 11, 4)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hôm nay", "không phải là ngày; viết 2023-11-14 hoặc 14/11/2023"),
        ("20231114", "không phải là ngày"),
        ("14/11/23", "không phải là ngày"),
        ("14-11-2023", "không phải là ngày"),
        ("", "không phải là ngày"),
        ("11/14/2023", "không có tháng 14; viết"),
        ("2023-00-14", "không có tháng 0"),
        ("29/02/2023", "tháng 2/2023 không có ngày 29"),
        ("2023-11-00", "tháng 11/2023 không có ngày 0"),
        ("0000-11-01", "không có năm 0"),
    ],
)
def test_what_is_no_day_is_told_why(text, told):
    with pytest.raises(typer.BadParameter, match=re.escape(told)):
        read_day(text)


def test_a_failure_names_the_command_and_shows_no_trace(monkeypatch, capsys):
    def fail(*_):
        raise ZeroDivisionError("Nguyễn Văn A")

    monkeypatch.setattr("dondoc.decree30.find_departures", fail)
    assert main(["decree30", "check", "x.docx"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("LỖI: Lỗi phần mềm ở lệnh decree30 check: ZeroDivisionError.\n")
    assert "Nguyễn" not in told
    assert "Traceback" not in told


def test_a_wrong_setting_is_told_like_any_error(monkeypatch, capsys):
    monkeypatch.setenv("DONDOC_REHEARSAL", "hôm qua")
    assert main(["mail", "list"]) == 1
    assert capsys.readouterr().err.startswith("LỖI: Ngày diễn tập “hôm qua” không hợp lệ.\n")


def test_a_command_that_is_interrupted_ends_like_any_other_program(monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("dondoc.decree30.find_departures", interrupt)
    assert main(["decree30", "check", "x.docx"]) == 130


@pytest.mark.parametrize("words", ["--help", "--version", "mail --help", "letters held --help", "show", "chek"])
def test_nothing_heavy_is_loaded_before_a_command_runs(words):
    script = "import sys; from dondoc.__main__ import main; main(sys.argv[1:]); print('loaded:', *sys.modules)"
    command = [sys.executable, "-c", script, *words.split()]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    loaded = {name.partition(".")[0] for name in told.partition("loaded:")[2].split()}
    assert loaded & set(HEAVY) == set()


def test_the_shell_may_complete_the_words():
    asked = {"_DONDOC_COMPLETE": "complete_bash", "COMP_WORDS": "dondoc mail re", "COMP_CWORD": "2"}
    assert dondoc(variables=asked).stdout.split() == ["resume", "resolve", "reconcile"]
    assert "_DONDOC_COMPLETE=complete_bash" in dondoc("--completion", "bash").stdout


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8"}, {"PYTHONIOENCODING": "ascii"}],
    ids=lambda variables: "-".join(variables.values()),
)
def test_it_speaks_vietnamese_whatever_the_terminal_claims(variables):
    told = dondoc("--help", variables={"PYTHONUTF8": "0"} | variables, encoding="utf-8")
    assert "Cách dùng: dondoc" in told.stdout
    assert told.stderr == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", "> /dev/full"])
def test_where_nothing_can_be_printed_no_trace_is_either(closed):
    done = subprocess.run(
        ["sh", "-c", f"{shlex.quote(sys.executable)} -m dondoc --help {closed}"], capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if "full" in closed else 0)


def test_a_reader_that_has_read_enough_is_no_error():
    process = subprocess.Popen(
        [sys.executable, "-m", "dondoc", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait()


def test_the_program_is_the_same_commands():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["dondoc"].partition(":")
    assert callable(getattr(import_module(module), function))
    assert dondoc("--version").stdout == f"Đôn Đốc {project['version']}\n"
