"""`decree30`: whether Word files have the form that Decree 30/2020 asks for."""

from pathlib import Path
from typing import Annotated

import typer

from dondoc.commands.terminal import command, group

decree30 = group("Thể thức văn bản Word theo Nghị định 30/2020/NĐ-CP.")


@command(decree30, "check", example="decree30 check cong-van.docx thu-xin-loi.docx")
def check(files: Annotated[list[Path], typer.Argument(metavar="tệp", help="tệp .docx, một hoặc nhiều tệp")]) -> int:
    """Kiểm tra thể thức văn bản Word, in từng chỗ sai."""
    from dondoc.decree30 import find_departures

    in_form = True
    for path in files:
        departures = find_departures(path)
        in_form = in_form and not departures
        print(f"{path}: {f'{len(departures)} điểm sai thể thức' if departures else 'đúng thể thức'}")
        for departure in departures:
            print(f"  - {departure}")
    return 0 if in_form else 1
