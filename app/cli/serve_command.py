"""The command `wordbrush serve`: lets windows on other machines use this one's engine."""

from __future__ import annotations

import ssl
from pathlib import Path

from app.cli.output import DONE, CommandError, put, put_json, say
from app.cli.parser import Parser, cancel_on_interrupt, number, whole
from app.paths import Paths

TOKEN_NAME = "server-token"

_EPILOG = """\
Only this machine can connect, unless --host names another address: 0.0.0.0 for all. Then a token is asked for, which
is shown at the first start and kept in a file that only you can read. Give --cert and --key too where others use the
network: without TLS they could read the pictures and the token.

In the window: Machines… in the menu Generate. On the command line: wordbrush render --device HOST:PORT, with the token
in WORDBRUSH_TOKEN. Pictures, prompts and paint stay in memory; nothing that clients send is written to the disk.
Ctrl+C ends the server.
"""


def run(arguments: list[str]) -> int:
    """Serve until Ctrl+C or a polite kill; returns the exit code."""
    from engine.remote.address import PORT, is_loopback

    parser = Parser(
        prog="wordbrush serve",
        description="Run the engine on this machine for windows on other machines.",
        epilog=_EPILOG,
    )
    add = parser.add_argument
    add("--host", metavar="H", default="127.0.0.1", help="the address to listen at; 127.0.0.1 by default")
    add("--port", metavar="P", type=whole, default=PORT, help=f"the port; {PORT} by default, 0 takes a free one")
    add("--models", metavar="NAME", nargs="+", help="let clients use only these models; all by default")
    add("--cert", metavar="FILE", type=Path, help="the certificate for TLS, as PEM")
    add("--key", metavar="FILE", type=Path, help="its private key, as PEM; may be in the same file")
    add("--new-token", action="store_true", help="make a new token; the old one is no longer accepted")
    add("--grace", metavar="S", type=number, default=60.0,
        help="seconds after which the pictures of a client that is gone are given up; 60 by default")  # fmt: skip
    add("--json", action="store_true", help="print one JSON object to stdout once the server is ready")
    options = parser.parse_args(arguments)
    if not 0 <= options.port < 65536:
        raise CommandError(f"There is no port {options.port}.", hint=f"Choose one up to 65535, such as {PORT}.")
    if not options.grace >= 0:
        raise CommandError("The grace time is not a number of seconds.", hint="Give 0 or more, such as --grace 60.")
    tls = _tls(options.cert, options.key)

    from engine.remote import token as tokens
    from engine.remote.limits import Limits
    from engine.remote.names import Names
    from engine.remote.needs import websockets
    from engine.remote.server import Server

    websockets("server")  # before a token is made
    token, is_new = None, False
    file = Paths.of_user().config / TOKEN_NAME
    if options.new_token:
        file.unlink(missing_ok=True)
    if not is_loopback(options.host):
        token, is_new = tokens.take(file)
    import sys

    from engine import Library, LocalExecutor
    from engine.remote.device import Device

    sys.setswitchinterval(0.0005)  # or an event would wait 5 ms for the engine's thread
    library = Library(paths=lambda: ())
    names = Names(library, only=options.models)
    for model in options.models or ():
        library.inspect(model)
    device = Device()
    server = Server(
        LocalExecutor(library=library), host=options.host, port=options.port, token=token, tls=tls,
        limits=Limits(grace=options.grace), names=names, device=device.read,
    )  # fmt: skip
    with cancel_on_interrupt() as stop:
        try:
            port = server.start()
        except OSError as error:
            raise CommandError(
                f"Nothing can be served at {options.host}:{options.port}.",
                hint="Another program may use that port, or the address is not this machine's: choose another one.",
                details=repr(error),
            ) from error
        device.look()
        scheme = "wss" if tls is not None else "ws"
        if token is not None and tls is None:
            say("Without --cert and --key, others on the network can read the pictures and the token.")
        if is_new:
            say(f"The token of this machine, shown only now: {token}")
        elif token is not None:
            say("The token is the one that was shown at the first start; --new-token makes another.")
        if options.json:
            put_json({"schema": 1, "host": options.host, "port": port, "tls": tls is not None,
                      "token": token is not None})  # fmt: skip
        else:
            put(f"Serving at {scheme}://{options.host}:{port}. Ctrl+C ends it.")
        while not stop.wait(3600):
            pass
        server.close()
    return DONE


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What TLS needs; None for none."""
    if certificate is None:
        if key is not None:
            raise CommandError("--key needs a certificate.", hint="Give its file with --cert.")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CommandError(
            "The certificate and its key cannot be used.",
            hint="Give PEM files that belong together, with a key that has no password.",
            details=repr(error),
        ) from error
    return context
