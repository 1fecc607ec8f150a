"""The operator's commands: `dondoc --help`, or `python -m dondoc --help`."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
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


def run() -> None:
    """Run the command of this process and end it: the program `dondoc`."""
    status = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads, such as `head`, has read enough: the end of the process must not write the rest either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    run()
