"""`wordbrush serve`, and `render --device HOST:PORT`: the same bits from there, a token that is shown once, bad use."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from canvas.files import png
from engine.remote import token as tokens
from engine.remote.address import Address, is_loopback, looks_remote
from engine.remote.token import BadToken
from resources.pictures import read_picture

ROOT = Path(__file__).resolve().parents[3]


def test_a_picture_from_another_machine_is_bit_for_bit_the_same_and_does_not_say_where_it_is_from(
    tmp_path, monkeypatch, capsys
):
    home = tmp_path / "home"
    monkeypatch.setenv("WORDBRUSH_HOME", str(home))
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--host", "0.0.0.0", "--port", "0", "--json"], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    ready = json.loads(server.stdout.readline())
    assert ready["token"] and not ready["tls"] and ready["schema"] == 1
    file = home / "config" / "server-token"
    token = file.read_text().strip()
    assert tokens.is_token(token)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    flags = ["--prompt", "a house by a lake", "--size", "64x64", "--steps", "2", "--seed", "3", "--json"]
    far, near = tmp_path / "far.png", tmp_path / "near.png"
    elsewhere = ["--device", f"127.0.0.1:{ready['port']}"]
    assert main.main(["render", *flags, *elsewhere, "--out", str(far)]) == 1
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["error"]["type"] == "NotLetIn"
    monkeypatch.setenv("WORDBRUSH_TOKEN", token)
    assert main.main(["render", *flags, *elsewhere, "--out", str(far)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert main.main(["render", *flags, "--out", str(near)]) == 0
    assert np.array_equal(np.asarray(read_picture(far)), np.asarray(read_picture(near)))
    assert said["model"] == "starter" and said["images"][0]["seed"] == 3
    assert png.load_scene(far).settings.device == "auto"
    assert token.encode() not in far.read_bytes() and b"127.0.0.1" not in far.read_bytes()
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=30)
    assert server.returncode == 0 and not out
    assert err.count(token) == 1 and "shown only now" in err and "--cert" in err
    log = home / "wordbrush.log"
    assert not log.is_file() or token not in log.read_text()


@pytest.mark.parametrize(
    ("arguments", "says", "code"),
    [
        (["serve", "--port", "99999"], "port", 2),
        (["serve", "--port", "x"], "port", 2),
        (["serve", "--grace", "nan"], "grace", 2),
        (["serve", "--key", "k.pem"], "--cert", 2),
        (["serve", "--cert", "none.pem"], "certificate", 2),
        (["serve", "--models", "nothing-of-that-name"], "nothing-of-that-name", 2),
        (["serve", "--host", "203.0.113.77", "--port", "0"], "203.0.113.77", 2),
        (["render", "--prompt", "a", "--out", "f.png", "--device", "a:b:c"], "address", 2),
        (["render", "--prompt", "a", "--out", "f.png", "--device", "127.0.0.1:1"], "cannot be reached", 1),
    ],
)
def test_bad_use_is_told(arguments, says, code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    monkeypatch.setattr("engine.remote.generating.CONNECT", 0.1)
    monkeypatch.setattr("engine.remote.generating.Remote.wait.__defaults__", (0.1,))
    assert main.main([*arguments, "--json"]) == code
    error = json.loads(capsys.readouterr().err.splitlines()[-1])["error"]
    assert says in f"{error['message']} {error['hint']}"


def test_without_the_package_both_ends_say_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    for part in ("websockets", "websockets.asyncio.server", "websockets.asyncio.client"):
        monkeypatch.setitem(sys.modules, part, None)
    for arguments in (["serve"], ["render", "--prompt", "a", "--out", "f.png", "--device", "127.0.0.1:9"]):
        assert main.main(arguments) == 1
        assert 'pip install "wordbrush[remote]"' in capsys.readouterr().err
    assert not (tmp_path / "config" / "server-token").exists()


def test_a_token_is_made_once_and_only_its_user_may_read_it(tmp_path):
    file = tmp_path / "config" / "token"
    made, is_new = tokens.take(file)
    assert is_new and tokens.take(file) == (made, False) and tokens.fits(made, made)
    for wrong in (None, "", made[:-1], made + "a", "ä"):
        assert not tokens.fits(made, wrong)
    if os.name == "posix":
        file.chmod(0o644)
        with pytest.raises(BadToken, match="read its token"):
            tokens.take(file)
        file.chmod(0o600)
    file.write_text("short")
    with pytest.raises(BadToken, match="damaged"):
        tokens.take(file)
    with pytest.raises(BadToken, match="cannot be"):
        tokens.take(file / "below a file")


def test_addresses_are_read_as_people_write_them():
    assert Address.of("studio") == Address("studio", 8765)
    assert Address.of(" 10.0.0.2:99/ ") == Address("10.0.0.2", 99)
    assert Address.of("wss://a.b:1") == Address("a.b", 1, secure=True) and Address.of("ws://[::1]:7").host == "::1"
    assert Address.of("[::1]:7").url == "ws://[::1]:7/"
    for wrong in ("", "a b", "http://a", "a:0", "a:70000", "a:b", "a/b", "user@a"):
        with pytest.raises(Exception, match="not the address"):
            Address.of(wrong)
    assert [looks_remote(each) for each in ("auto", "cuda:1", "mps", "a:8765", "wss://a")] == [False] * 3 + [True] * 2
    assert [is_loopback(each) for each in ("localhost", "127.3.2.1", "::1", "0.0.0.0", "studio")] == [True] * 3 + [
        False
    ] * 2
