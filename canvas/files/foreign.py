"""Prompts and settings in pictures of A1111, Forge, SwarmUI, Fooocus, ComfyUI, InvokeAI and NovelAI.

Prompt, negative prompt, seed, steps, guidance, sampler and size are taken over where they are understood; what is not
is said in a remark each. Nothing is believed before it is checked.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from canvas.files import comfy_graph, image_io, scene_json
from canvas.files.foreign_marks import marks_in
from canvas.files.opened import Opened, WantedModel
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.lora_tags import take_out
from canvas.model.scene import Scene, Settings
from resources.limits import SAMPLERS

PARAMETERS = "parameters"
_NONE: tuple[Any, ...] = (None, "None", [], "[]", "")
COMFY = "prompt"
INVOKE = "invokeai_metadata"
INVOKE_BEFORE = "sd-metadata"
NOVELAI = "Comment"
_USER_COMMENT, _EXIF_IFD, _MAKE, _MODEL, _DESCRIPTION = 0x9286, 0x8769, 0x010F, 0x0110, 0x010E
_SETTING = re.compile(r'\s*([A-Za-z][\w ./-]{0,60}):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|\Z)')
_NEGATIVE = "Negative prompt:"
_LONGEST = 100_000
_KNOWN = ("Steps", "Seed", "CFG scale", "Model", "Model hash", "Version", "VAE", "VAE hash", "Hashes", "Lora hashes")

# What other programs call the samplers that are known here, in small letters without spaces and signs.
_SAMPLERS = {
    "ddim": "ddim",
    "euler": "euler",
    "eulera": "euler_a",
    "eulerancestral": "euler_a",
    "dpm2m": "dpmpp_2m",
    "dpmpp2m": "dpmpp_2m",
    "dpm2mkarras": "dpmpp_2m_karras",
    "dpmpp2mkarras": "dpmpp_2m_karras",
    "dpmpp2mk": "dpmpp_2m_karras",
    "lcm": "lcm",
    "keuler": "euler",
    "keulera": "euler_a",
    "keulerancestral": "euler_a",
    "kdpmpp2m": "dpmpp_2m",
    "kdpmpp2mkarras": "dpmpp_2m_karras",
    "keulerkarras": "euler",
    "keulerancestralkarras": "euler_a",
    "kdpm2m": "dpmpp_2m",
    "ddimv3": "ddim",
}


@dataclass
class Found:
    """What a picture says of how it was made, as far as its program told; None where it does not."""

    program: str = ""
    prompt: str | None = None
    negative: str | None = None
    seed: Any = None
    steps: Any = None
    guidance: Any = None
    sampler: str | None = None
    size: tuple[Any, Any] | None = None
    model: str | None = None
    digest: str = ""
    others: list[str] = field(default_factory=list)


def texts_of(image: Image.Image) -> dict[str, str]:
    """The texts in an opened PNG, JPEG or WebP by the names under which a PNG carries them."""
    texts = {key: value for key, value in image.info.items() if isinstance(key, str) and isinstance(value, str)}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow tells the terminal what is odd about an EXIF block
            exif = image.getexif()
            comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)
    except Exception:  # a damaged EXIF block says nothing
        return texts
    for text in (_decoded(comment), *(_decoded(exif.get(tag)) for tag in (_MAKE, _MODEL, _DESCRIPTION))):
        name, colon, rest = text.partition(":")
        if colon and name.lower() in (COMFY, "workflow") and rest.lstrip().startswith("{"):
            texts.setdefault(name.lower(), rest)  # how ComfyUI's savers write into JPEG and WebP
        elif text and ("Steps:" in text or text.lstrip().startswith("{")):
            texts.setdefault(PARAMETERS, text)
    return texts


def _decoded(value: object) -> str:
    """The text of an EXIF value."""
    if isinstance(value, str):
        return value.strip("\0 ")
    if not isinstance(value, bytes):
        return ""
    kind, text = value[:8], value[8:]
    if kind.startswith(b"UNICODE"):
        little = text[1:2] == b"\0" and text[:1] != b"\0"  # the standard does not say which end comes first
        return text.decode("utf-16-le" if little else "utf-16-be", "replace").strip("\0 ")
    return (text if kind.startswith(b"ASCII") else value).decode("utf-8", "replace").strip("\0 ")


def opened(image: Image.Image) -> Opened:
    """A decoded picture of another program, with the scene that its texts make, if any."""
    rgb = image_io.rgb_of(image)
    found, rgba = _found_in(texts_of(image)), image_io.rgba_in(image)
    if found is None:
        return Opened(picture=rgb, rgba=rgba)
    try:
        scene, remarks = _scene(found, image.size)
    except SceneFileError as error:
        return Opened(picture=rgb, fault=error)
    return Opened(scene=scene, picture=rgb, wanted=_wanted(found), remarks=remarks, rgba=rgba)


def _wanted(found: Found) -> WantedModel | None:
    """The model that it was made with; None where the picture does not say."""
    if not found.model:
        return None
    name = scene_json.public_name(found.model)[:80]
    digest = re.sub(r"[^0-9a-f]", "", found.digest.lower())[:64]
    return WantedModel(name, digest, f"It was made with the model “{name}”: choose it if you have it.")


def scene_from(texts: Mapping[str, str], picture_size: tuple[int, int]) -> tuple[Scene, tuple[str, ...]] | None:
    """A scene of what another program's texts say, and remarks for the painter; None where they say nothing.

    Args:
        texts: as `texts_of` gives them.
        picture_size: width and height of the picture, taken where the texts name none.

    Raises:
        SceneFileError: the prompt is too long.
    """
    found = _found_in(texts)
    return None if found is None else _scene(found, picture_size)


def _found_in(texts: Mapping[str, str]) -> Found | None:
    """What the first text that is understood says; None where none is."""
    readers: tuple[tuple[str, Callable[[str], Found | None]], ...] = (
        (INVOKE, _invoke),
        (INVOKE_BEFORE, _invoke_before),
        (NOVELAI, _novelai),
        (COMFY, _comfy),
        (PARAMETERS, _parameters),
    )
    for name, read in readers:
        text = texts.get(name)
        if text and len(text) <= scene_json.MAX_JSON:
            found = read(text)
            if found is not None and found.prompt is not None:
                return found
    return None


def _scene(found: Found, picture_size: tuple[int, int]) -> tuple[Scene, tuple[str, ...]]:
    remarks = [f"The prompt and settings of {found.program} were imported; it has no painted words."]
    given: dict[str, Any] = {}
    for name, value, called in (
        ("steps", found.steps, "steps"),
        ("guidance", found.guidance, "guidance"),
        ("seed", found.seed, "seed"),
    ):
        number = _number(value, whole=name != "guidance")
        if number is not None and _fits(Settings, **{name: number}):
            given[name] = number
        elif value is not None:
            remarks.append(f"Its {called} “{str(value)[:40]}” cannot be used here and was left out.")
    if found.sampler:
        sampler = _SAMPLERS.get(re.sub(r"[^a-z0-9]", "", found.sampler.lower()))
        if sampler in SAMPLERS:
            given["sampler"] = sampler
        else:
            remarks.append(f"The sampler “{found.sampler[:60]}” is not known here; {SAMPLERS['dpmpp_2m']} is used.")
    size = picture_size
    if found.size is not None:
        width, height = (_number(side, whole=True) for side in found.size)
        if width is not None and height is not None and _fits(Scene, size=(int(width), int(height))):
            size = (int(width), int(height))
    wanted = _wanted(found)
    if wanted is not None:
        remarks.append(wanted.remark)
    if found.others:
        remarks.append(f"Not understood and left out: {', '.join(sorted(set(found.others))[:12])}.")
    texts = [_clean(found.prompt or ""), _clean(found.negative or "")]
    texts[0], loras = take_out(texts[0])
    if loras:
        given["loras"] = loras
        called = ", ".join(f"“{each.file}” ({each.weight:g})" for each in loras)
        remarks.append(f"It calls the LoRA {called}: keep its file in the folder of LoRA files, or remove it.")
    for text, what in zip(texts, ("prompt", "negative prompt"), strict=True):
        remarks += marks_in(text, what)
    try:
        return Scene(texts[0], texts[1], size, settings=Settings(**given)), tuple(remarks)
    except SceneError as error:
        raise SceneFileError(f"The prompt of this picture cannot be used. {error.message}", hint=error.hint) from error


def _clean(text: str) -> str:
    """A text as the prompt's field keeps it."""
    plain = text.replace("\r\n", "\n").strip()
    return "".join(character for character in plain if not "\ud800" <= character <= "\udfff")


def _number(value: object, *, whole: bool) -> float | int | None:
    """A number of a JSON value or a text, None for what is none."""
    if isinstance(value, str) and len(value) <= 40 and value.strip():
        try:
            value = int(value) if whole else float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if whole and value == value and abs(value) < 2**63 else None if whole else float(min(value, 1e9))


def _fits(kind: Callable[..., object], **values: Any) -> bool:
    try:
        kind(**values)
    except SceneError:
        return False
    return True


def _object(text: str) -> dict[str, Any] | None:
    try:
        return scene_json.loads(text, numbers_only=False)  # ComfyUI writes NaN where it cannot tell what changed
    except SceneFileError:
        return None


def _parameters(text: str) -> Found | None:
    """The text of A1111 and of what is like it, or the JSON that SwarmUI and Fooocus write in its place."""
    if text.lstrip().startswith("{"):
        value = _object(text)
        return None if value is None else _flat(value)
    if len(text) > _LONGEST:
        return None
    lines = text.strip().replace("\r\n", "\n").split("\n")
    fields = {match[1].strip(): _unquoted(match[2]) for match in _SETTING.finditer(lines[-1])}
    if "Steps" in fields or "Seed" in fields:
        lines = lines[:-1]
    else:
        fields = {}
        if not any(line.startswith(_NEGATIVE) for line in lines):
            return None
    at = next((index for index, line in enumerate(lines) if line.startswith(_NEGATIVE)), len(lines))
    negative = "\n".join(lines[at:])[len(_NEGATIVE) :]
    sampler = fields.pop("Sampler", None)
    schedule = fields.pop("Schedule type", "")
    if sampler and schedule.lower() == "karras":
        sampler += " Karras"
    elif schedule and schedule.lower() not in ("automatic", "uniform", "normal"):
        fields[f"Schedule type {schedule}"] = ""
    width, _, height = fields.pop("Size", "").partition("x")
    return Found(
        program="A1111 or Forge",
        prompt="\n".join(lines[:at]),
        negative=negative,
        seed=fields.get("Seed"),
        steps=fields.get("Steps"),
        guidance=fields.get("CFG scale"),
        sampler=sampler,
        size=(width, height) if width and height else None,
        model=fields.get("Model") or fields.get("Model hash"),
        digest=fields.get("Model hash", ""),
        others=[name for name in fields if name not in _KNOWN],
    )


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        try:
            return str(json.loads(value))
        except ValueError:
            return value.strip('"')
    return value.strip()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _common(value: Mapping[str, Any], *, prompt: str, negative: str, guidance: str) -> dict[str, Any]:
    """The fields that SwarmUI, Fooocus and InvokeAI write alike; their keys are given where they differ."""
    return {
        "prompt": _text(value.get(prompt)),
        "negative": _text(value.get(negative)),
        "seed": value.get("seed"),
        "steps": value.get("steps"),
        "guidance": value.get(guidance),
    }


def _sampler(value: Mapping[str, Any]) -> str | None:
    """The sampler of SwarmUI's or Fooocus' JSON, with its schedule where that makes another sampler here."""
    sampler = _text(value.get("sampler"))
    return f"{sampler} karras" if sampler and value.get("scheduler") == "karras" else sampler


def _flat(value: dict[str, Any]) -> Found | None:
    """SwarmUI's JSON (`sui_image_params`), or Fooocus' own."""
    inner = value.get("sui_image_params")
    if isinstance(inner, dict):
        return Found(
            program="SwarmUI",
            **_common(inner, prompt="prompt", negative="negativeprompt", guidance="cfgscale"),
            sampler=_sampler(inner),
            size=(inner.get("width"), inner.get("height")),
            model=_text(inner.get("model")),
            others=[name for name in ("loras", "controlnets", "initimage") if inner.get(name)],
        )
    if not isinstance(value.get("prompt"), str):
        return None
    size = re.findall(r"\d+", str(value.get("resolution", "")))[:2]
    return Found(
        program="Fooocus",
        **_common(value, prompt="prompt", negative="negative_prompt", guidance="guidance_scale"),
        sampler=_sampler(value),
        size=(size[0], size[1]) if len(size) == 2 else None,
        model=_text(value.get("base_model")),
        others=[name for name in ("styles", "refiner_model", "loras") if value.get(name) not in _NONE],
    )


def _invoke(text: str) -> Found | None:
    value = _object(text)
    if value is None:
        return None
    model = value.get("model")
    names = [model.get("name"), model.get("model_name")] if isinstance(model, dict) else [model]
    return Found(
        program="InvokeAI",
        **_common(value, prompt="positive_prompt", negative="negative_prompt", guidance="cfg_scale"),
        sampler=_text(value.get("scheduler")),
        size=(value.get("width"), value.get("height")),
        model=next((name for name in names if isinstance(name, str)), None),
        others=[name for name in ("loras", "controlnets", "ipAdapters", "ref_images", "regions") if value.get(name)],
    )


def _invoke_before(text: str) -> Found | None:
    """InvokeAI 2's text, of which the prompt may be a list of parts with weights; negative words stand in brackets."""
    value = _object(text)
    image = None if value is None else value.get("image")
    if value is None or not isinstance(image, dict):
        return None
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        parts = [part.get("prompt") for part in prompt if isinstance(part, dict)]
        prompt = " ".join(part for part in parts if isinstance(part, str))
    if not isinstance(prompt, str):
        return None
    negative = " ".join(re.findall(r"\[([^\[\]]{1,2000})\]", prompt))
    return Found(
        program="InvokeAI",
        prompt=re.sub(r"\s*\[[^\[\]]{1,2000}\]", "", prompt),
        negative=negative,
        seed=image.get("seed"),
        steps=image.get("steps"),
        guidance=image.get("cfg_scale"),
        sampler=_text(image.get("sampler")),
        size=(image.get("width"), image.get("height")),
        model=_text(value.get("model_weights")),
        others=[name for name in ("variations", "postprocessing", "init_image_path") if image.get(name)],
    )


def _novelai(text: str) -> Found | None:
    """NovelAI's Comment; since its fourth version with the prompts of single characters, whose places are said here."""
    value = _object(text)
    if value is None or not isinstance(value.get("prompt"), str) or not value.keys() & {"uc", "scale"}:
        return None
    sampler, schedule = _text(value.get("sampler")), value.get("noise_schedule")
    fourth = value.get("v4_prompt")
    caption = fourth.get("caption") if isinstance(fourth, dict) else None
    characters = caption.get("char_captions") if isinstance(caption, dict) else None
    others = [name for name in ("image", "reference_strength_multiple", "controlnet_model") if value.get(name)]
    if isinstance(characters, list) and characters:
        others.append(f"{len(characters)} characters with prompts of their own")
    return Found(
        program="NovelAI",
        **_common(value, prompt="prompt", negative="uc", guidance="scale"),
        sampler=f"{sampler} karras" if sampler and schedule == "karras" else sampler,
        size=(value.get("width"), value.get("height")),
        others=others,
    )


def _comfy(text: str) -> Found | None:
    value = _object(text)
    read = None if value is None else comfy_graph.read(value)
    return None if read is None else Found(program="ComfyUI", **read)
