"""Typer in the operator's language: help and refusals in Vietnamese, in plain text of 80 columns."""

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from dondoc.errors import DondocError, told

if TYPE_CHECKING:
    from typer._click import Command as AnyCommand
    from typer._click import Context, HelpFormatter

    from dondoc.installation import Installation

NAME = "dondoc"
OPTIONS = "[tùy chọn]"
NO_BREAK = "\N{NO-BREAK SPACE}"
NO_COMMAND = "Missing command."
# Typer's own words, which it keeps no translation of, and ours.
REFUSALS = [
    (NO_COMMAND, "Thiếu tên lệnh."),
    (r"No such command '(.*)'\. Did you mean (.*)\?", "Không có lệnh “{}”; có phải là {}?"),
    (r"No such command '(.*)'\.", "Không có lệnh “{}”."),
    (r"Missing argument '(.*)'\.", "Thiếu <{}>."),
    (r"Missing option '(.*)'\.", "Thiếu {}."),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "Không có tùy chọn {}; có phải là {}?"),
    (r"No such option: (.*)", "Không có tùy chọn {}."),
    (r"Option '(.*)' requires an argument\.", "Sau {} phải có nội dung."),
    (r"Option '(.*)' does not take a value\.", "Sau {} không ghi gì thêm."),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "Thừa: {}"),
    (r"Invalid value for '(.*)': .*'(.*)' is not one of (.*)\.", "{}: không có “{}”; chọn: {}."),
    (r"Invalid value for '(.*)': (.*)", "{}: {}."),
    (r"Invalid value: (.*)", "{}."),
]


class _InVietnamese:
    """What a command and a group of commands share of their help."""

    params: list[Any]

    def format_usage(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the line that shows how the words follow each other."""
        pieces: list[str] = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        pieces += [f"{one.opts[0]} {one.metavar}" for one in self.params if one.opts[0][0] == "-" and one.required]
        # A line is broken between what is asked for, not within its name.
        words = " ".join(piece.replace(" ", NO_BREAK) for piece in pieces)
        formatter.write_usage(ctx.command_path, words.replace("{", "<").replace("}", ">"), prefix="Cách dùng: ")

    def get_help_option(self, ctx: "Context") -> Any:
        """Return the option that prints the help."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option:
            option.help = "in phần hướng dẫn này"
        return option

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write what the command asks for, and what it can be told besides."""
        shown = [param for param in self.get_params(ctx) if not param.hidden]  # type: ignore[attr-defined]
        arguments = [(param.metavar, param.help or "") for param in shown if param.param_type_name == "argument"]
        options = [_option(param) for param in shown if param.param_type_name == "option"]
        for heading, rows in (("Ghi theo thứ tự", arguments), ("Tùy chọn", options)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the example as it is typed: a line that were broken could not be copied."""
        if self.epilog:  # type: ignore[attr-defined]
            formatter.write(f"\nVí dụ:\n  {self.epilog}\n")  # type: ignore[attr-defined]


class Command(_InVietnamese, TyperCommand):
    """One command: whatever goes wrong in it ends in the operator's words and a status of 1."""

    def invoke(self, ctx: "Context") -> int:
        """Run the command; return its status."""
        try:
            return super().invoke(ctx) or 0
        except (typer.TyperException, typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 (told without what it quotes)
            doing = f"lệnh {ctx.command_path.removeprefix(f'{NAME} ')}"
            print(f"LỖI: {told(_of_the_ledger(error), doing=doing)}", file=sys.stderr)
            return 1


class CommandGroup(_InVietnamese, TyperGroup):
    """Commands under one noun, or all of them."""

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the commands, those that stand alone first."""
        super().format_options(ctx, formatter)
        commands = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        alone = [(name, _first_line(one)) for name, one in commands if not isinstance(one, TyperGroup)]
        nouns = [(name, _first_line(one)) for name, one in commands if isinstance(one, TyperGroup)]
        for heading, rows in (("Lệnh", alone), ("Lệnh theo từng việc", nouns)):
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write nothing: the commands stand with the options."""


def group(about: str) -> typer.Typer:
    """Return a new group of commands; `about` is its line in the help."""
    return typer.Typer(
        cls=CommandGroup,
        help=about,
        options_metavar=OPTIONS,
        subcommand_metavar="<lệnh> …",
        add_completion=False,
        rich_markup_mode=None,
    )


def command(of: typer.Typer, name: str, *, example: str) -> Callable[[Callable[..., int | None]], Any]:
    """Return a decorator that makes a function the command `name` of a group; its docstring is the help.

    Args:
        of: the group.
        name: as it is typed.
        example: what may follow the program's name, short enough to be copied as one line.
    """
    return of.command(name, cls=Command, epilog=f"{NAME} {example}", options_metavar=OPTIONS)


def this_installation() -> "Installation":
    """Return the installation that the environment describes; what it stands on loads when a command runs, not before.

    Raises:
        DondocError: a variable is wrong.
    """
    from dondoc.installation import Installation

    return Installation.from_environment()


def refusal(error: typer.TyperException) -> str:
    """Return what is wrong with the words that were typed, and how the command is used."""
    said = error.format_message()
    context: Context | None = getattr(error, "ctx", None)
    lines = [f"LỖI: {_in_vietnamese(said)}"]
    if context is None:
        lines.append(f"Xem thêm: {NAME} --help")
    elif said == NO_COMMAND:
        lines += ["", context.get_help()]
    else:
        example = context.command.epilog
        lines += [context.get_usage(), *([f"Ví dụ: {example}"] if example else [])]
        lines.append(f"Xem thêm: {context.command_path} --help")
    return "\n".join(lines)


def _in_vietnamese(said: str) -> str:
    for pattern, words in REFUSALS:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            return words.format(*(part.replace("'", "") for part in found.groups()))
    return said


def _option(param: Any) -> tuple[str, str]:
    words = ", ".join(param.opts) + (f" {param.metavar}" if param.metavar else "")
    return words, f"{param.help}{' (bắt buộc)' if param.required else ''}"


def _first_line(command: "AnyCommand") -> str:
    return (command.help or "").partition("\n\n")[0].replace("\n", " ")


def _of_the_ledger(error: Exception) -> Exception:
    if isinstance(error, DondocError):
        return error
    # The database's driver loads for its own failures alone.
    from dondoc.ledger.troubles import in_words

    return in_words(error, this_installation().ledger_url)
