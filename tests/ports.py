"""Ports for programs that cannot choose one themselves."""

import contextlib
import random
import socket


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody uses.

    It lies below those that systems give to whoever asks for any, so that no other test is given
    it before the program listens there.
    """
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind((host, port))
            return port
