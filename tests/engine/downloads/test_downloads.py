"""Downloads against a hub on this machine: cuts, slow bytes, wrong checksums, full disks, redirects, stopping."""

from __future__ import annotations

import errno
import hashlib
import threading
import time
from collections import namedtuple
from pathlib import Path

import pytest

from engine import Library
from engine.downloads import connection, models, offers, receipt, transfer
from engine.downloads.connection import Stopped
from engine.downloads.transfer import RemoteFile
from engine.errors import DownloadFailed, UnsafeModel
from engine.models import collection
from tests.hub_server import COMMIT, serving

Usage = namedtuple("Usage", "total used free")
UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WORDBRUSH_MODELS", raising=False)
    for name in ("HF_TOKEN", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


@pytest.fixture
def lake(hub, tiny_sd_folder):
    """A repository with a model's folder, and with much beside it that is none of it."""
    files = hub.add("org/lake", tiny_sd_folder)
    files |= {
        "README.md": b"---\nlicense: openrail++\n---\n", "lake.ckpt": b"pickle", "lake.safetensors": b"whole",
        "unet/diffusion_pytorch_model.bin": b"pickle", "unet/diffusion_flax_model.msgpack": b"x",
        "run.py": b"import os", "unet/model.onnx": b"x", ".gitattributes": b"x",
    }  # fmt: skip
    return files


@pytest.fixture
def go():
    return threading.Event()


def bring(source, folder, cancel, **options):
    offer = offers.look_up(source, cancel=cancel)
    return models.download(offer, folder, cancel=cancel, pause=0.01, **options)


def test_a_repository_becomes_a_model(hub, lake, go):
    library = Library()
    offer = offers.look_up("org/lake", cancel=go)
    assert offer.licence == "openrail++" and offer.revision == COMMIT and offer.is_folder and not offer.gated
    names = {file.name for file in offer.files}
    assert UNET in names and "model_index.json" in names and "README.md" in names
    assert not names & {"lake.ckpt", "lake.safetensors", "run.py", ".gitattributes", "unet/model.onnx"}
    assert not any(name.endswith((".bin", ".msgpack", ".py")) for name in names)
    assert offer.size == sum(len(lake[name]) for name in names)
    told = []
    place = models.download(offer, library.folder, cancel=go, report=told.append)
    assert place == library.folder / "lake" and {file.relative_to(place).as_posix() for file in place.rglob("*")
                                                  if file.is_file()} == names | {receipt.FILE_NAME}  # fmt: skip
    assert [each.done for each in told] == sorted(each.done for each in told) and told[-1].done == offer.size
    kept = receipt.read(place)
    assert kept.source == "org/lake" and kept.files[UNET] == (len(lake[UNET]), hashlib.sha256(lake[UNET]).hexdigest())
    (found,) = [each for each in collection.listed(library) if each.info.name == "lake"]
    assert not found.info.problem and found.licence == "openrail++" and found.source == "org/lake"
    assert not models.unfinished(library.folder)
    assert collection.remove(library, "lake").deleted and not place.exists()


def test_a_variant_in_half_precision_goes_first(hub, lake, go):
    lake["unet/diffusion_pytorch_model.fp16.safetensors"] = lake[UNET]
    names = {file.name for file in offers.look_up("org/lake", cancel=go).files}
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in names and UNET not in names
    assert "vae/diffusion_pytorch_model.safetensors" in names, "a part that has no other is taken as it is"


def test_cuts_are_gone_on_with(hub, lake, go, tmp_path):
    hub.cuts[UNET] = [1000, 50_000]
    place = bring("org/lake", tmp_path, go)
    assert (place / UNET).read_bytes() == lake[UNET]
    first, second, third = hub.sent(UNET)
    assert "Range" not in first and second["Range"] == "bytes=1000-" and third["Range"] == "bytes=51000-"
    assert second["If-Range"] == f'"{hashlib.sha256(lake[UNET]).hexdigest()}"'


def test_a_connection_that_brings_nothing_is_given_up_and_gone_on_with_the_next_time(hub, lake, go, tmp_path):
    hub.cuts[UNET] = [1000] + [0] * 5
    with pytest.raises(DownloadFailed, match="was lost") as caught:
        bring("org/lake", tmp_path, go)
    assert "continue from there" in caught.value.hint
    assert not (tmp_path / "lake").exists() and models.unfinished(tmp_path) > 1000
    hub.cuts.clear()
    hub.asked.clear()
    place = bring("org/lake", tmp_path, go)
    assert (place / UNET).read_bytes() == lake[UNET] and hub.sent(UNET)[0]["Range"] == "bytes=1000-"
    assert not hub.sent("model_index.json"), "what is whole is not brought again"


def test_another_file_of_the_same_name_is_begun_again(hub, lake, go, tmp_path):
    part = tmp_path / "x.safetensors"
    url = f"{hub.url}/org/lake/resolve/{COMMIT}/{UNET}"
    hub.cuts[UNET] = [1000] + [0] * 9
    with pytest.raises(DownloadFailed):
        transfer.fetch(RemoteFile("x", url), part, cancel=go, pause=0)
    hub.cuts.clear()
    lake[UNET] = b"another, longer than what was there: " + lake[UNET]
    assert transfer.fetch(RemoteFile("x", url), part, cancel=go, pause=0)[0] == len(lake[UNET])
    assert part.read_bytes() == lake[UNET]


def test_a_server_without_ranges_sends_all_again(hub, lake, go, tmp_path):
    hub.ignores_range, hub.cuts[UNET] = True, [1000]
    assert (bring("org/lake", tmp_path, go) / UNET).read_bytes() == lake[UNET]


def test_wrong_bytes_are_deleted_and_named(hub, lake, go, tmp_path):
    hub.corrupt.add(UNET)
    with pytest.raises(DownloadFailed, match=f"{UNET} did not arrive as it was sent"):
        bring("org/lake", tmp_path, go)
    assert not (tmp_path / "lake").exists() and not list(tmp_path.rglob("unet/*.part"))
    hub.corrupt = {"model_index.json"}
    with pytest.raises(DownloadFailed, match=r"model_index.json did not arrive"):
        bring("org/lake", tmp_path / "other", go)
    hub.corrupt.clear()
    assert bring("org/lake", tmp_path, go).is_dir()


def test_slow_bytes_can_be_stopped_at_once(hub, lake, go, tmp_path):
    hub.slow, hub.piece = 30.0, 500
    offer = offers.look_up("org/lake", cancel=go)
    threading.Timer(0.4, go.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        models.download(offer, tmp_path, cancel=go)
    assert time.monotonic() - began < 5, "not only after the server's next piece"


def test_silence_ends_with_the_timeout(hub, lake, go, tmp_path):
    hub.silent = True
    offer = offers.look_up("org/lake", cancel=go)
    url = next(file.url for file in offer.files if file.name == UNET)
    with pytest.raises(DownloadFailed, match="was lost"):
        transfer.fetch(RemoteFile("x", url), tmp_path / "x", cancel=go, timeout=0.05, pause=0.0)


def test_room_is_looked_for_first(hub, lake, go, tmp_path, monkeypatch):
    monkeypatch.setattr(models.shutil, "disk_usage", lambda _path: Usage(1 << 40, 0, models.RESERVE + 1000))
    with pytest.raises(DownloadFailed, match="are free where models are kept"):
        bring("org/lake", tmp_path / "models", go)
    assert not hub.sent(UNET) and not (tmp_path / "models").exists()


def test_a_disk_that_fills_up_keeps_what_came(hub, lake, go, tmp_path, monkeypatch):
    real = transfer.os.fsync
    full = [True]

    def fsync(descriptor):
        if full[0] and Path(f"/proc/self/fd/{descriptor}").resolve().name.startswith("diffusion_pytorch_model"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(transfer.os, "fsync", fsync)
    with pytest.raises(DownloadFailed, match="The disk is full") as caught:
        bring("org/lake", tmp_path, go)
    assert "Free some space" in caught.value.hint and models.unfinished(tmp_path) > 0
    full[0] = False
    assert bring("org/lake", tmp_path, go).is_dir()


def test_a_token_stays_with_the_hub(hub, lake, go, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    elsewhere = hub.url.replace("127.0.0.1", "localhost")
    path = f"/org/lake/resolve/{COMMIT}/{UNET}"
    hub.moved[path] = f"{elsewhere}/cdn{path}"
    assert (bring("org/lake", tmp_path, go) / UNET).read_bytes() == lake[UNET]
    here, there = hub.sent(UNET)
    assert here["Authorization"] == "Bearer secret" and "Authorization" not in there


def test_endless_redirects_and_plain_http_are_refused(hub, lake, go, tmp_path):
    path = f"/org/lake/resolve/{COMMIT}/{UNET}"
    hub.moved[path] = path
    with pytest.raises(DownloadFailed, match="keeps redirecting"):
        bring("org/lake", tmp_path, go)
    hub.moved[path] = "http://example.org/x.safetensors"
    with pytest.raises(DownloadFailed, match="without encryption"):
        bring("org/lake", tmp_path, go)
    for bad in ("file:///etc/passwd", "ftp://x/y.safetensors", "https://user:word@x/y.safetensors", "https://"):
        with pytest.raises(DownloadFailed):
            connection.check_address(bad)


def test_statuses_say_what_to_do(hub, lake, go, tmp_path):
    path = f"/org/lake/resolve/{COMMIT}/{UNET}"
    hub.status[path] = [403]
    with pytest.raises(DownloadFailed, match="to everyone") as caught:
        bring("org/lake", tmp_path, go)
    assert "HF_TOKEN" in caught.value.hint
    hub.status[path] = [503, 429]
    assert bring("org/lake", tmp_path, go).is_dir(), "a server that is busy is asked again"
    with pytest.raises(DownloadFailed, match="There is no model"):
        bring("org/nothing", tmp_path, go)
    hub.status["/api/models/org/lake/revision/main"] = [200]
    with pytest.raises(DownloadFailed, match="makes no sense"):
        bring("org/lake", tmp_path / "again", go)


@pytest.mark.parametrize(
    "path", ["../../evil.json", "/etc/evil.json", "a\\..\\evil.json", "C:evil.json", "unet/../x.json"]
)
def test_a_repository_cannot_write_outside_of_its_folder(hub, lake, go, tmp_path, path):
    hub.extra = [{"rfilename": path, "size": 3, "blobId": "0" * 40}]
    with pytest.raises(DownloadFailed, match="makes no sense"):
        bring("org/lake", tmp_path / "models", go)


def test_pickles_are_refused_before_a_byte_comes(hub, lake, go, tmp_path):
    for source in ("org/lake:lake.ckpt", f"{hub.url}/org/lake/blob/main/lake.ckpt"):
        with pytest.raises(UnsafeModel, match="pickle"):
            bring(source, tmp_path, go)
    hub.repositories["org/old"] = {"model.ckpt": b"x", "config.json": b"{}"}
    with pytest.raises(UnsafeModel):
        bring("org/old", tmp_path, go)
    assert not hub.sent(".ckpt")


def test_one_file_of_a_repository(hub, lake, go, tmp_path):
    hub.repositories["org/many"] = {"a.safetensors": lake[UNET], "sub/b.safetensors": lake[UNET]}
    with pytest.raises(DownloadFailed, match="There are") as caught:
        hub.repositories["org/two"] = {"a.safetensors": b"", "b.safetensors": b""}
        bring("org/two", tmp_path, go)
    assert "org/two:a.safetensors" in caught.value.hint
    place = bring("org/many:sub/b.safetensors", tmp_path, go)
    assert place == tmp_path / "b.safetensors" and place.read_bytes() == lake[UNET]
    assert receipt.read(place).files == {"b.safetensors": (len(lake[UNET]), hashlib.sha256(lake[UNET]).hexdigest())}
    assert not (tmp_path / models.STAGING).exists() or not models.unfinished(tmp_path)
    with pytest.raises(DownloadFailed, match="already"):
        bring("org/many:sub/b.safetensors", tmp_path, go)
    with pytest.raises(DownloadFailed, match='There is no "c'):
        bring("org/many:c.safetensors", tmp_path, go)


def test_an_address_of_another_server(hub, lake, go, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "https://huggingface.co")
    url = f"{hub.url}/org/lake/resolve/{COMMIT}/{UNET}"
    offer = offers.look_up(url, cancel=go)
    digest = hashlib.sha256(lake[UNET]).hexdigest()
    assert offer.files == (RemoteFile("diffusion_pytorch_model.safetensors", url, len(lake[UNET]), digest),)
    assert models.download(offer, tmp_path, cancel=go).read_bytes() == lake[UNET]
    with pytest.raises(DownloadFailed, match="not a model file"):
        offers.look_up(f"{hub.url}/org/lake/resolve/{COMMIT}/README.md", cancel=go)


def test_what_is_no_model_is_deleted(hub, go, tmp_path):
    hub.repositories["org/page"] = {"x.safetensors": b"<html>log in</html>", "y.gguf": b"<html>"}
    for file in ("x.safetensors", "y.gguf"):
        with pytest.raises(DownloadFailed, match="not what its name says"):
            bring(f"org/page:{file}", tmp_path, go)
    assert not any(path.suffix in (".safetensors", ".gguf") for path in tmp_path.rglob("*"))


def test_nobody_answers(hub, go, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(DownloadFailed, match="cannot be reached"):
        offers.look_up("org/lake", cancel=go)


def test_a_stop_between_two_files(hub, lake, go, tmp_path):
    offer = offers.look_up("org/lake", cancel=go)
    with pytest.raises(Stopped):
        models.download(offer, tmp_path, cancel=go, report=lambda _progress: go.set())
    assert models.unfinished(tmp_path) and not (tmp_path / "lake").exists()
    models.forget_unfinished(tmp_path)
    assert not models.unfinished(tmp_path)


def test_not_a_model_of_anybody(go):
    for bad in ("lake", "", "a/b/c", "../x", "a b/c"):
        with pytest.raises(DownloadFailed, match="neither"):
            offers.look_up(bad, cancel=go)
