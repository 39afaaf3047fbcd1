"""What reads files, headers and prompts of others, given what is damaged or hostile: no crash, no hang, no stray write.

A target takes bytes and answers, or refuses with an error of ours that has a hint. `run_one` calls it under watch, with
a gigabyte of memory. What was found wrong once lies in `tests/soak/found`, and the tests read it again each time.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import re
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from canvas.files import foreign, image_io, lossy, ora, png, reading, scene_json
from canvas.files.colour_maps import scene_of
from canvas.files.colour_tables import Entry, prefilled, read_table, write_table
from canvas.model import edits
from canvas.model.errors import CanvasError
from canvas.model.lora_tags import take_out
from canvas.model.retarget import retarget
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import find_phrase, occurrences, word_spans
from engine.errors import EngineError
from engine.models.file_kinds import recognise
from engine.weights.headers import read_header
from tests.canvas.files.test_kra_psd import SPOT, kra, png_of, psd
from tests.soak import mutations
from tests.soak.memory import Memory

MAX_SECONDS = 2.0
"""The most that one input may take of a core; on a machine with other work waiting comes on top of it."""
MAX_WAIT = 20.0
FOUND = Path(__file__).with_name("found")
"""Inputs that something went wrong with once: NAME OF THE TARGET/WHAT WENT WRONG.input"""
PROMPT = "a lake under a red sky, a house on a hill, a second lake"

GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 7, "steps": 20, "cfg": 7.5, "sampler_name": "euler",
          "scheduler": "karras", "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0],
          "model": ["4", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": PROMPT, "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "fog", "clip": ["4", 1]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0]}},
}  # fmt: skip
INVOKE = {"positive_prompt": PROMPT, "negative_prompt": "fog", "seed": 3, "steps": 30, "cfg_scale": 7,
          "scheduler": "euler", "width": 512, "height": 512, "model": {"name": "b"}}  # fmt: skip
SWARM = {"sui_image_params": {"prompt": PROMPT, "seed": 1, "steps": 20, "cfgscale": 7, "width": 64, "height": 64}}


@dataclass(frozen=True)
class Target:
    """Something that reads what others made.

    Attributes:
        read: takes the bytes. seeds: good inputs. mutate: makes bad ones of them.
    """

    name: str
    read: Callable[[bytes, Path], object]
    seeds: Callable[[], list[bytes]]
    mutate: mutations.Mutate

    def file(self, folder: Path) -> Path:
        """Where the target's input lies in a folder; the ending is one that such files have."""
        return folder / f"in{ {'ora': '.ora', 'picture': '.png'}.get(self.name, '.bin') }"


@cache
def scene() -> Scene:
    """A scene with words, paint and a style."""
    found = Scene(prompt=PROMPT, negative="fog", size=(72, 64))
    for phrase, number in (("lake", 1), ("sky", 1), ("lake", 2)):
        span = find_phrase(PROMPT, phrase, number)
        assert span is not None
        found, word = edits.add_word(found, span)
        alpha = np.zeros((64, 72), np.uint8)
        alpha[number * 9 :, len(phrase) * 3 :] = 200
        found = found.with_mask(word, TiledMask.from_array(alpha))
    found, _ = edits.add_style(found, "dusk", image_io.style_picture(np.full((9, 9, 3), 70, np.uint8)), strength=0.5)
    return found


def _pictures() -> list[bytes]:
    """Pictures of Wordbrush and of other programs, with what each writes beside the pixels."""
    rgb = np.full((64, 72, 3), 90, np.uint8)
    found = [png.to_bytes(rgb, scene(), png.parameters_text(scene(), model="starter"), notes={"scores": "{}"})]
    for name, text in (("prompt", json.dumps(GRAPH)), ("invokeai_metadata", json.dumps(INVOKE)),
                       ("parameters", json.dumps(SWARM))):  # fmt: skip
        info = png.PngImagePlugin.PngInfo()
        info.add_text(name, text)
        out = io.BytesIO()
        Image.fromarray(rgb).save(out, "PNG", pnginfo=info)
        found.append(out.getvalue())
    for kind in ("JPEG", "WEBP", "GIF", "TIFF", "BMP"):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + f"{PROMPT}\nSteps: 20, Seed: 3, Size: 64x64".encode("utf-16-be")
        out = io.BytesIO()
        Image.fromarray(rgb).save(out, kind, **({"exif": exif} if kind in ("JPEG", "WEBP") else {}))
        found.append(out.getvalue())
    found += [lossy.to_bytes(rgb, kind, scene(), "Steps: 3", notes={"scores": "{}"}) for kind in ("WEBP", "JPEG")]
    return [*found, psd([("Layer 1", (0, 0, 4, 6), SPOT), ("lake", (14, 20, 18, 26), SPOT)])]


def _mutate_picture(data: bytes, rng: random.Random) -> bytes:
    return mutations.mutate_png(data, rng) if data[:4] == b"\x89PNG" else mutations.mutate_bytes(data, rng)


def _archives() -> list[bytes]:
    """A scene file, and what is left of it where another program saved it."""
    out = io.BytesIO()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(_folder())
        ora.save(folder / "a.ora", scene(), picture=np.full((64, 72, 3), 90, np.uint8), made_by=scene())
        whole = (folder / "a.ora").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if not name.startswith("wordbrush/"):
                new.writestr(name, old.read(name))
    return [whole, out.getvalue(), kra(mergedimage=png_of(24, 16), preview=png_of(12, 8))]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _jsons() -> list[bytes]:
    extra = {thing.id: {"layer": f"data/word-{thing.id}.png"} for thing in scene().paintables}
    return [scene_json.dumps(scene_json.to_dict(scene(), extra)).encode()]


def _read_json(data: bytes, _file: Path) -> object:
    value = scene_json.loads(data)

    def mask_of(_id: str, _entry: object) -> TiledMask:
        return TiledMask((72, 64))

    return scene_json.from_dict(value, mask_of, lambda _id, _entry: scene().styles[0].picture, remarks=[])


def _headers() -> list[bytes]:
    names = ("model.diffusion_model.input_blocks.0.0.weight", "lora_unet_down.lora_up.weight", "cond_stage_model.x")
    header: dict[str, object] = {"__metadata__": {"format": "pt", "ss_network_dim": "8"}}
    for index, name in enumerate(names):
        header[name] = {"dtype": "F16", "shape": [2, 4], "data_offsets": [index * 16, index * 16 + 16]}
    text = json.dumps(header).encode()
    return [struct.pack("<Q", len(text)) + text + bytes(16 * len(names))]


def _read_header(data: bytes, file: Path) -> object:
    file.write_bytes(data)
    return recognise(read_header(file, part="file"), file.name)


def _prompts() -> list[bytes]:
    marked = (
        f"{PROMPT}, (soft:1.2) [a|b] <lora:ink:0.5> {{x|y}}\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, Seed: 3"
    )
    return [PROMPT.encode(), marked.encode(), "eine Brücke über den Fluß, 山と湖, a\u0301 lake".encode()]


def _read_prompt(data: bytes, _file: Path) -> object:
    text = data.decode("utf-8", "replace")
    changed = edits.set_prompt(scene(), text)  # refuses what is too long: then nothing below sees it either
    take_out(text)
    foreign.marks_in(text)
    word_spans(text)
    occurrences(text, "lake")
    retarget(PROMPT, text, scene().words)
    return changed


def _read_texts(data: bytes, _file: Path) -> object:
    text = data.decode("utf-8", "replace")
    return [foreign.scene_from({name: text}, (64, 64)) for name in ("parameters", "prompt", "invokeai_metadata")]


def _tables() -> list[bytes]:
    table = '{(7, 9, 182): "aurora,0.5,-1", (136, 178, 92): "full moon,1.5", (0, 0, 0): "lake#2"}'
    return [table.encode(), write_table([Entry((1, 2, 3), "a hill", -0.5)]).encode()]


def _read_table(data: bytes, _file: Path) -> object:
    rgb = np.zeros((16, 24, 3), np.uint8)
    rgb[:, 8:16] = 7, 9, 182
    rgb[:, 16:] = np.frombuffer((data * 400)[: 16 * 8 * 3].ljust(16 * 8 * 3, b"x"), np.uint8).reshape(16, 8, 3)
    entries, _remarks = read_table(data.decode("utf-8", "replace"))
    return scene_of(rgb, entries[:40]), prefilled(rgb, table=entries)


def _texts() -> list[bytes]:
    return [*_prompts(), json.dumps(GRAPH).encode(), json.dumps(INVOKE).encode(), json.dumps(SWARM).encode()]


def _read_file(data: bytes, file: Path) -> object:
    return reading.read_all(data, file.name)


TARGETS = (
    Target("ora", _read_file, _archives, mutations.mutate_archive),
    Target("picture", _read_file, _pictures, _mutate_picture),
    Target("scene json", _read_json, _jsons, mutations.mutate_json),
    Target("safetensors header", _read_header, _headers, mutations.mutate_header),
    Target("prompt", _read_prompt, _prompts, mutations.mutate_text),
    Target("colour table", _read_table, _tables, mutations.mutate_text),
    Target("texts of pictures", _read_texts, _texts, mutations.mutate_json),
)


class Watch:
    """Hears of every file that is opened for writing, removed or renamed, of programs and of connections.

    Attributes:
        memory: what the inputs took of it. keeps: whether what is found wrong is kept among `FOUND`.
    """

    _hooked = False
    _heard: list[str] | None = None
    _own = ""

    def __init__(self, own: Path, *, keeps: bool = False) -> None:
        """`own` is the folder in which the targets may write."""
        self.memory, self.keeps = Memory(), keeps
        if not Watch._hooked:
            sys.addaudithook(Watch._hear)  # it stays for good, and hears nothing unless somebody listens
            Watch._hooked = True
        Watch._own = str(own)

    @staticmethod
    def _hear(event: str, given: tuple[object, ...]) -> None:
        if Watch._heard is None:
            return
        what = ""
        if event == "open":
            flags = given[2] if len(given) > 2 and isinstance(given[2], int) else 0
            if (isinstance(given[1], str) and set(given[1]) & set("wax+")) or flags & 3:
                what = f"wrote {given[0]}"
        elif event.startswith(("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "shutil.")):
            what = f"{event} {given[0]}"
        elif event.startswith(("subprocess.", "os.exec", "os.posix_spawn", "os.system", "socket.connect")):
            what = event
        if what and not (Watch._own and Watch._own in what):
            Watch._heard.append(what)

    def __enter__(self) -> list[str]:
        Watch._heard = []
        return Watch._heard

    def __exit__(self, *_: object) -> None:
        Watch._heard = None


def run_one(target: Target, data: bytes, file: Path, watch: Watch) -> str:
    """What is wrong with how a target takes these bytes; nothing where it answers or refuses as it should."""
    began, busy = time.monotonic(), time.process_time()
    fault = ""
    with watch.memory, watch as heard:
        try:
            target.read(data, file)
        except (CanvasError, EngineError) as error:
            if not error.hint:
                fault = f"no hint: {error!r}"
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
    took, busy = time.monotonic() - began, time.process_time() - busy
    if busy > MAX_SECONDS or took > MAX_WAIT:
        fault = fault or f"it took {took:.1f} s, {busy:.1f} s of a core"
    if watch.memory.was_full:
        fault = fault or f"it took {watch.memory.took / 1e6:.0f} MB of memory"
    fault = fault or "; ".join(heard)
    if fault and watch.keeps:
        keep(target, data, fault)
    return fault


def keep(target: Target, data: bytes, fault: str, folder: Path = FOUND) -> None:
    """Keep an input that something is wrong with; of each fault the shortest one."""
    kind = "-".join(re.findall(r"[a-z]+", fault.lower())[:8])[:60] or "fault"
    file = folder / target.name.replace(" ", "-") / f"{kind}.input"
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or len(data) < file.stat().st_size:
        file.write_bytes(data)


def found(target: Target) -> list[Path]:
    """The inputs of a target that something went wrong with once."""
    return sorted((FOUND / target.name.replace(" ", "-")).glob("*.input"))


def fuzz(
    targets: tuple[Target, ...], each: int, watch: Watch, folder: Path, *, seed: int = 1
) -> tuple[dict[str, int], list[str]]:
    """Give each target so many bad inputs; how many each was given, and what went wrong, with the number to repeat."""
    wrong, counts = [], {}
    for target in targets:
        seeds = target.seeds()
        for number in range(each):
            rng = random.Random(f"{seed} {target.name} {number}")
            data = target.mutate(rng.choice(seeds), rng)
            for _ in range(rng.choice((0, 0, 1, 3))):
                data = target.mutate(data, rng)
            fault = run_one(target, data, target.file(folder), watch)
            if fault:
                wrong.append(f"{target.name} {seed} {number}: {fault[:300]}")
        counts[target.name] = each
    return counts, wrong
