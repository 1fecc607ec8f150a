"""Things in a folder that are no plain file, and names no program should choke on."""

import os
import socket

GIGABYTES = 3 * 2**30
NAMES = {
    "a name of 255 bytes": lambda suffix: b"n" * (255 - len(suffix)) + suffix,
    "a name of 255 bytes in Vietnamese": lambda suffix: ("ệ" * 83).encode() + b"x" * (6 - len(suffix)) + suffix,
    "a name that is no UTF-8": lambda suffix: b"tr\xe1 l\xf2i\xff" + suffix,
    "a name with line breaks": lambda suffix: b"a\n\r\tb" + suffix,
    "a name with control characters": lambda suffix: b"a\x01\x1b[31m\x7f" + suffix,
    "a name that reads backwards": lambda suffix: "a\u202excod".encode() + suffix,
    "a name of a device": lambda suffix: b"CON" + suffix,
    "a name that is a formula": lambda suffix: b"=cmd|' C'!A1" + suffix,
    "a name that is an option": lambda suffix: b"--help" + suffix,
    "a name of quotes": lambda suffix: b"\"'`$(x);&<b>" + suffix,
    "a name in decomposed letters": lambda suffix: "tra\u0309 lo\u031b\u0300i".encode() + suffix,
    "a name with its ending in capitals": lambda suffix: b"A" + suffix.upper(),
}


def link(target):
    return lambda path, outside: path.symlink_to(outside / target if target else path.name)


def fifo(path, _outside):
    os.mkfifo(path)


def server(path, _outside):
    # A socket's address is short: it is said from within its folder.
    here = os.open(".", os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(path.parent)
        try:
            one.bind(path.name)
        finally:
            os.fchdir(here)
            os.close(here)


def hard_link(path, outside):
    os.link(outside / "private.bin", path)


def folder(path, _outside):
    path.mkdir()


def sparse(path, _outside):
    with path.open("wb") as file:
        file.truncate(GIGABYTES)


def locked(path, _outside):
    with path.open("wb") as file:
        file.write(b"x")
    path.chmod(0)


THINGS = {
    "a link to a file elsewhere": link("private.bin"),
    "a link to a folder elsewhere": link("."),
    "a link to nothing": link("nothing"),
    "a link to itself": link(None),
    "a pipe": fifo,
    "a socket": server,
    "another name of a file elsewhere": hard_link,
    "a folder": folder,
    "three gigabytes of nothing": sparse,
    "a file nobody may read": locked,
}
