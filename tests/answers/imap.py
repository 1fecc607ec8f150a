"""A scripted IMAP server with one mailbox that many sessions may read, by the numbers that last (UID)."""

import socket
import threading


class Mailbox:
    """The server; `fetched` counts how often each message was asked for whole."""

    def __init__(self, *messages, validity=7):
        self.messages, self.validity, self.fetched = list(messages), validity, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK IMAP4rev1 ready\r\n")
            for line in lines:
                tag, verb, rest = (*line.strip().split(b" ", 2), b"")[:3]
                connection.sendall(self.answer(verb.upper(), rest) + tag + b" OK done\r\n")

    def answer(self, verb, rest):
        if verb == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if verb == b"EXAMINE":
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n" % (len(self.messages), self.validity)
        if verb == b"UID" and rest.startswith(b"SEARCH"):
            return b"* SEARCH " + b" ".join(b"%d" % (100 + n) for n in range(len(self.messages))) + b"\r\n"
        if verb == b"UID" and rest.startswith(b"FETCH"):
            return self.fetch(int(rest.split()[1]), rest)
        return b""

    def fetch(self, uid, rest):
        content = self.messages[uid - 100]
        if b"RFC822.SIZE" in rest:
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid - 99, uid, len(content))
        self.fetched.append(uid)
        return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid - 99, uid, len(content), content)
