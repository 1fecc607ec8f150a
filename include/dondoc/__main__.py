"""The operator's commands: `dondoc --help`, or `python -m dondoc --help`."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Literal

import typer
from typer.completion import completion_init, get_completion_script
from typer.main import get_command

from dondoc.commands.answers import answers
from dondoc.commands.audit import audit
from dondoc.commands.clock import clock
from dondoc.commands.decree30 import decree30
from dondoc.commands.everyday import everyday
from dondoc.commands.gate import gate
from dondoc.commands.ledger import ledger
from dondoc.commands.letters import letters
from dondoc.commands.mail import mail
from dondoc.commands.rehearsal import rehearsal
from dondoc.commands.report import report
from dondoc.commands.source import source
from dondoc.commands.terminal import NAME, refusal
from dondoc.errors import told

# The variable by which a shell asks what may follow.
COMPLETING = f"_{NAME.upper()}_COMPLETE"
NOUNS = {
    "mail": mail,
    "letters": letters,
    "answers": answers,
    "report": report,
    "gate": gate,
    "source": source,
    "decree30": decree30,
    "ledger": ledger,
    "audit": audit,
    "clock": clock,
    "rehearsal": rehearsal,
}
for noun, commands in NOUNS.items():
    everyday.add_typer(commands, name=noun)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"Đôn Đốc {version(NAME)}")
        raise typer.Exit


def _print_completion(shell: str | None) -> None:
    if shell:
        print(get_completion_script(prog_name=NAME, complete_var=COMPLETING, shell=shell))
        raise typer.Exit


@everyday.callback()
def choose(
    wanted: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="in phiên bản")
    ] = False,
    shell: Annotated[
        Literal["bash", "zsh", "fish"] | None,
        typer.Option(
            "--completion",
            is_eager=True,
            callback=_print_completion,
            metavar="<bash, zsh, fish>",
            help="in đoạn để phím Tab gõ nốt tên lệnh; thêm vào ~/.bashrc của mình",
        ),
    ] = None,
) -> None:
    """Nothing is done before the command that was chosen."""


COMMAND = get_command(everyday)
completion_init()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its status.

    That is 0, or 1 with what went wrong on standard error, or 2 where the words cannot be understood; `watch` returns 2
    where it found something to look at.
    """
    try:
        return COMMAND.main(arguments, prog_name=NAME, standalone_mode=False) or 0
    except typer.TyperException as error:
        print(refusal(error), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        # A command tells its own failures: what is left is a disk that does not take what is printed.
        print(f"LỖI: {told(error, doing='việc in kết quả')}", file=sys.stderr)
        return 1


def run() -> None:
    """Run the command of this process and end it: the program `dondoc`."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]
    for stream in streams:
        # Vietnamese is UTF-8 whatever the terminal claims, and no name of a file keeps the rest from being told.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    status = main()
    try:
        for stream in streams:
            stream.flush()
    except OSError as error:
        # Who reads, such as `head`, may have read enough; the end of the process must not write the rest again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        status = status if isinstance(error, BrokenPipeError) else 1
    sys.exit(status)


if __name__ == "__main__":
    run()
