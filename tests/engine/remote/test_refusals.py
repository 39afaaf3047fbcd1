"""What a server does not let happen: bad messages, wrong tokens, floods, browsers, paths; it serves on after each."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import random
import socket
import ssl
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as open_socket

from engine.errors import BadRequest, EngineError, ModelNotFound
from engine.models.library import Library
from engine.protocol import Failed, Finished, Lora, Refinement, WordSearch, dumps
from engine.remote import messages
from engine.remote.limits import Guesses, Limits, Rate
from engine.remote.messages import Hello, Refused, from_server, pack
from engine.remote.names import Names
from tests.engine.remote.conftest import ask, until
from tests.fake_executor import FakeExecutor

CERTIFICATE = Path(__file__).with_name("loopback.pem")


def talk(port: int, **settings):
    """A WebSocket without the program's own client."""
    given = {"compression": None, "proxy": None, "close_timeout": 0.2, "subprotocols": [messages.PROTOCOL]} | settings
    return open_socket(f"ws://127.0.0.1:{port}/", **given)


def still_serves(connect, port: int, **settings) -> None:
    client, heard = connect(port, **settings)
    client.submit(ask("after"))
    assert isinstance(heard.final("after"), Finished)


def orders(rng: random.Random) -> list[bytes]:
    """One of each thing that a client may say, and some that it may not, with a valid form."""
    request = dumps(ask(f"{rng.random()}"))
    search = dumps(WordSearch(rgb=np.zeros((8, 8, 3), np.uint8), prompt="a", words=((0, 1),)))
    number = rng.randint(-5, 50)
    said = [
        messages.Submit(number, "x", request), messages.Submit(number, "y", request[: rng.randint(0, len(request))]),
        messages.Cancel(number, None), messages.WarmUp(number, "../../etc", "cpu"), messages.Stop(number, 7),
        messages.Ask(number, "facts", "/etc/passwd"), messages.Ask(number, "sigmas", "tiny", "ddim", 10**9),
        messages.Work(number, search=search), messages.Work(number, search=request), messages.Seen(number),
        Hello(1),
    ]  # fmt: skip
    return [pack(each) for each in said]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Those bytes with some of them changed, cut or doubled, or something else in their place."""
    kind, damaged = rng.randrange(5), bytearray(data)
    if kind == 0:
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    elif kind == 1:
        del damaged[rng.randrange(len(damaged)) :]
    elif kind == 2:
        damaged += damaged[rng.randrange(len(damaged)) :]
    elif kind == 3:
        return rng.randbytes(rng.randint(0, 200))
    else:
        return msgspec.msgpack.encode([[[[rng.random()]]]] * 50)
    return bytes(damaged)


OPENING = (
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: {messages.PROTOCOL}\r\n\r\n"
).encode()


def frame(data: bytes, first: int = 0x82) -> bytes:
    """A frame of a WebSocket client, masked with zeros; `first` is its first byte: 0x82 is a whole binary message."""
    size = len(data)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([first]) + length + bytes(4) + data


def test_two_thousand_fuzzed_frames_are_refused_and_the_server_lives(serve, connect, caplog):
    """Each in a connection of its own, so that each is read: some are what a client may say, most are not."""
    server, port = serve(limits=Limits(grace=0.0, handshake=1.0))
    caplog.set_level(logging.INFO, "engine.remote.server")
    rng = random.Random(16)
    valid, hello = orders(rng), frame(pack(Hello(messages.VERSION)))
    last = frame(pack(messages.Welcome("", True, 0)))  # what no client says ends it, if nothing did before
    for _ in range(100):
        talks = []
        for number in range(20):
            said = rng.choice(valid) if number % 8 == 0 else mutated(rng.choice(valid), rng)
            sent = frame(said, 0x82 if number % 4 else rng.randrange(256))
            greeting = hello
            if number % 5 == 0:  # at the start, or with a length that is not its own
                greeting, sent = b"", mutated(hello + sent, rng)
            raw = socket.create_connection(("127.0.0.1", port))
            raw.settimeout(0.1)  # what is cut off leaves the server waiting for its rest
            raw.sendall(OPENING + greeting + sent + last)
            talks.append(raw)
        for raw in talks:
            answer = b""
            with contextlib.suppress(OSError), raw:
                while b"Refused" not in answer and (more := raw.recv(65536)):
                    answer += more
        until(lambda: server._door._inside < 4, 5)
    refused = sum("A connection ends" in each.message and "Welcome" not in each.message for each in caplog.records)
    assert refused > 700
    until(lambda: not server._sessions and server._door._inside == 0)
    still_serves(connect, port)


def test_a_bad_message_is_answered_and_ends_the_connection(serve, connect):
    _, port = serve()
    with talk(port) as raw:
        raw.send(b"\xff\x00")
        said = from_server(raw.recv())
        assert isinstance(said, Refused) and "understood" in messages.read_error(said.error).message
        with pytest.raises(ConnectionClosed):
            raw.recv()
    with talk(port) as raw:
        raw.send(pack(Hello(version=99)))
        assert isinstance(from_server(raw.recv()), Refused)
    still_serves(connect, port)


def test_what_is_too_large_is_refused_before_it_is_read(serve, connect):
    _, port = serve(limits=Limits(message_bytes=100_000))
    with talk(port) as raw, pytest.raises(ConnectionClosed):
        raw.send(pack(Hello(messages.VERSION)))
        raw.send(b"x" * 200_000)
        while True:
            raw.recv()
    still_serves(connect, port)


def test_a_wrong_token_does_not_come_in_and_many_of_them_are_not_even_looked_at(serve, connect, caplog):
    _, port = serve(token="right-token-0123456789", limits=Limits(wrong_tokens=3))
    client, heard = connect(port, ready=False, token="wrong")
    client.submit(ask())
    final = heard.final("1")
    assert isinstance(final, Failed) and "token" in final.error.message
    assert client.machine.phase == "refused"
    still_serves(connect, port, token="right-token-0123456789")
    for headers in ({}, {"Authorization": "Basic x"}):
        with pytest.raises(InvalidStatus) as refused:
            talk(port, additional_headers=headers)
        assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus) as refused:
        talk(port, additional_headers={"Authorization": "Bearer right-token-0123456789"})
    assert refused.value.response.status_code == 429
    assert "right-token" not in caplog.text and "wrong-token" not in caplog.text


def test_web_pages_and_other_paths_are_refused(serve, connect):
    _, port = serve()
    for settings, path, status in (({"origin": "http://evil.example"}, "", 403), ({}, "etc/passwd", 404)):
        with pytest.raises(InvalidStatus) as refused:
            open_socket(f"ws://127.0.0.1:{port}/{path}", proxy=None, **settings)
        assert refused.value.response.status_code == status
    still_serves(connect, port)


def test_those_that_never_say_anything_are_hung_up_on(serve, connect):
    server, port = serve(limits=Limits(connections=6, handshake=0.3))
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(12)]
    for slow in silent[:6]:
        slow.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    with contextlib.suppress(EngineError), contextlib.suppress(Exception):
        talk(port, open_timeout=0.2).close()  # there is no room as long as they stay
    until(lambda: server._door._inside == 0, 3)
    for slow in silent:
        slow.settimeout(1)
        with contextlib.suppress(OSError):
            assert b"HTTP/1.1 101" not in slow.recv(100)
        slow.close()
    with talk(port) as raw, pytest.raises(ConnectionClosed):  # a WebSocket that does not say hello
        raw.recv(timeout=3)
    still_serves(connect, port)


def test_more_people_than_there_is_room_for_are_told_so(serve, connect):
    _, port = serve(limits=Limits(sessions=1, grace=30))
    first, heard = connect(port)
    second, _ = connect(port, ready=False)
    until(lambda: second.machine.error)
    assert "as many people" in second.machine.error.message and second.machine.phase == "lost"
    first.submit(ask())
    assert isinstance(heard.final("1"), Finished)
    first.close()
    until(lambda: second.machine.phase == "connected")


def test_one_client_cannot_pile_up_requests(serve, connect):
    far = FakeExecutor()
    far.step_seconds = 0.2
    _, port = serve(far, limits=Limits(requests=3))
    client, heard = connect(port)
    for number in range(5):
        client.submit(ask(str(number), steps=1))
    ends = [heard.final(str(number)) for number in range(5)]
    assert [type(each) for each in ends[:3]] == [Finished] * 3
    assert all(isinstance(each, Failed) and "More than 3" in each.error.message for each in ends[3:])


def test_too_many_messages_have_to_wait(serve, connect):
    now = [0.0]
    rate = Rate(Limits(rate=10, burst=5), clock=lambda: now[0])
    assert [rate.wait() for _ in range(5)] == [0.0] * 5 and rate.wait() == pytest.approx(0.1)
    now[0] = 10.0
    assert rate.wait() == 0.0
    _, port = serve(limits=Limits(rate=100, burst=20))
    client, heard = connect(port)
    began = time.monotonic()
    for number in range(40):
        client.cancel(f"none-{number}")
    client.submit(ask())
    heard.final("1")
    assert time.monotonic() - began > 0.15


def test_guesses_are_forgotten_after_a_while_and_never_grow():
    now = [0.0]
    guesses = Guesses(Limits(wrong_tokens=2, wrong_seconds=60), clock=lambda: now[0])
    for number in range(2000):
        guesses.note(f"10.0.{number // 256}.{number % 256}")
    guesses.note("a")
    assert not guesses.too_many("a")
    guesses.note("a")
    assert guesses.too_many("a") and not guesses.too_many("b") and len(guesses._wrong) == 1000
    now[0] = 61.0
    assert not guesses.too_many("a")


def test_no_request_reaches_a_file_that_is_not_in_the_library(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.safetensors").write_bytes(b"x")
    models, loras = tmp_path / "a home" / "models", tmp_path / "a home" / "loras"
    models.mkdir(parents=True)
    loras.mkdir()
    (loras / "inside.safetensors").write_bytes(b"x")
    names = Names(Library(models, paths=lambda: ()))
    request = ask(model="starter")
    for name in ("../x", "/etc/passwd", "~root", "..", "a\\b", "C:\\x", "x" * 400, "a\0b"):
        for bad in (request.replace(model=name), request.replace(loras=(Lora(name),))):
            with pytest.raises(BadRequest):
                names.request(bad)
    with pytest.raises(ModelNotFound):
        names.request(request.replace(loras=(Lora("here.safetensors"),)))
    with pytest.raises(ModelNotFound):
        names.request(request.replace(model="here.safetensors", loras=(Lora("here"),)))
    found = names.request(request.replace(loras=(Lora("Inside", 0.5),))).adapters.loras
    assert found == (Lora(str(loras / "inside.safetensors"), 0.5),)
    with pytest.raises(BadRequest):
        names.request(request.replace(refine=Refinement(upscaler="network.safetensors")))
    with pytest.raises(BadRequest):
        names.model("/x")
    with pytest.raises(ModelNotFound):
        Names(only=("tiny",)).request(ask(model="trio"))
    assert Names(only=("tiny",)).request(ask()).model == "tiny"


def test_errors_name_no_folder_of_the_server(tmp_path, serve, connect):
    home = tmp_path / "some body" / "models"
    home.mkdir(parents=True)
    names = Names(Library(home, paths=lambda: ()))
    for text, said in (
        (f'Put it into the folder "{home / "x"}", or not.', 'Put it into the folder "x", or not.'),
        ("No file /srv/models/a.bin here: /etc/x.", "No file a.bin here: x."),
        (r"Bad C:\Users\bob\x.bin!", "Bad x.bin!"),
        ("and/or 1/2 km/h https://example.org/a", "and/or 1/2 km/h https://example.org/a"),
    ):
        assert names.scrubbed(text) == said
    far = FakeExecutor()
    far.failure = ModelNotFound(f"Nothing in {home}/deep/x.safetensors.", hint=f"See {home}.", details=f"{home}")
    _, port = serve(far, names=names)
    client, heard = connect(port)
    client.submit(ask())
    error = heard.final("1").error
    assert type(error) is ModelNotFound and "x.safetensors" in error.message
    assert str(tmp_path) not in f"{error.message} {error.hint} {error.details}"


def test_with_tls_only_a_trusted_certificate_will_do(serve, connect):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)
    _, port = serve(tls=tls)
    still_serves(connect, port, secure=True, certificate=CERTIFICATE)
    client, _ = connect(port, ready=False, secure=True)
    until(lambda: client.machine.phase == "refused")
    assert "certificate" in client.machine.error.message
    plain, _ = connect(port, ready=False)
    until(lambda: plain.machine.error)
    still_serves(connect, port, secure=True, certificate=CERTIFICATE)


def test_another_host_is_not_served_without_a_token():
    from engine.remote.server import Server

    with pytest.raises(BadRequest, match="token"):
        Server(FakeExecutor(), host="0.0.0.0")


def test_a_message_has_exactly_its_fields():
    for said in (messages.Seen(3), messages.Cancel(1, None), messages.Ask(2, "models")):
        assert messages.from_client(pack(said)) == said
    plain = msgspec.msgpack.decode(pack(messages.Seen(3)))
    for damaged in ({**plain, "more": 1}, {**plain, "news": "3"}, {"type": "Seen"}, {**plain, "type": "Told"}, []):
        with pytest.raises(messages.BadMessage):
            messages.from_client(msgspec.msgpack.encode(damaged))
    assert dataclasses.is_dataclass(Limits)
