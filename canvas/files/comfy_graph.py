"""A ComfyUI graph, as its pictures carry it: the sampler's settings, and the texts that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DEPTH, _ENDS, _NODES = 40, 20, 5000
_VALUES = ("value", "seed", "noise_seed", "text", "string", "int")
_SAMPLERS = ({"positive", "negative", "steps"}, {"guider", "sigmas"}, {"positive", "negative", "sigmas"})
_FROM = {
    "guider": ("positive", "negative", "cfg", "model"),
    "noise": ("noise_seed",),
    "sampler": ("sampler_name",),
    "sigmas": ("steps", "scheduler", "model"),
}
_KNOWN = (
    "SamplerCustom",
    "RandomNoise",
    "KSamplerSelect",
    "BasicScheduler",
    "BasicGuider",
    "CFGGuider",
    "DualCLIPLoader",
    "KSampler",
    "CLIPTextEncode",
    "EmptyLatentImage",
    "CheckpointLoader",
    "VAEDecode",
    "VAELoader",
    "SaveImage",
    "PreviewImage",
    "CLIPSetLastLayer",
    "CLIPLoader",
    "UNETLoader",
    "String",
    "Primitive",
    "EmptySD3LatentImage",
)


def read(graph: dict[str, Any]) -> dict[str, Any] | None:
    """What a graph in ComfyUI's API form says: fields of `canvas.files.foreign.Found`; None where it samples nothing.

    The sampler nearest to the picture that is saved counts, where there are several.
    """
    dicts = {key: node for key, node in graph.items() if isinstance(node, dict)}
    nodes = {key: node for key, node in dicts.items() if isinstance(node.get("inputs"), dict)}
    sampler = _sampler(nodes) if len(nodes) <= _NODES else None
    if sampler is None:
        return None
    inputs = _gathered(nodes, nodes[sampler]["inputs"])
    above = [nodes[key]["inputs"] for key in _above(nodes, inputs.get("latent_image"))]
    latent: dict[str, Any] = next((each for each in above if "width" in each), {})
    scheduler = _value(nodes, inputs.get("scheduler"))
    name = _value(nodes, inputs.get("sampler_name"))
    return {
        "prompt": _text(nodes, inputs.get("positive")),
        "negative": _text(nodes, inputs.get("negative")),
        "seed": _value(nodes, inputs.get("seed", inputs.get("noise_seed"))),
        "steps": _value(nodes, inputs.get("steps")),
        "guidance": _value(nodes, inputs.get("cfg")),
        "sampler": f"{name} karras" if scheduler == "karras" else name if isinstance(name, str) else None,
        "size": (_value(nodes, latent.get("width")), _value(nodes, latent.get("height"))) if latent else None,
        "model": _model(nodes, inputs.get("model")),
        "others": [kind for node in nodes.values() if not (kind := str(node.get("class_type"))).startswith(_KNOWN)],
    }


def _gathered(nodes: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a sampler, with those of the nodes over which custom samplers spread them."""
    found = dict(inputs)
    for name in ("guider", "noise", "sampler", "sigmas"):
        for key in _above(nodes, inputs.get(name)):
            theirs = nodes[key]["inputs"]
            if name == "guider" and "conditioning" in theirs:
                found.setdefault("positive", theirs["conditioning"])
            for wanted in _FROM[name]:
                if wanted in theirs:
                    found.setdefault(wanted, theirs[wanted])
    return found


def _sampler(nodes: dict[str, Any]) -> str | None:
    samplers = {key for key, node in nodes.items() if any(need <= node["inputs"].keys() for need in _SAMPLERS)}
    ends = [node for node in nodes.values() if str(node.get("class_type")).startswith(("SaveImage", "PreviewImage"))]
    for end in ends[:_ENDS]:
        near = next((each for each in _above(nodes, end["inputs"].get("images")) if each in samplers), None)
        if near is not None:
            return near
    return next((key for key in nodes if key in samplers), None)


def _above(nodes: dict[str, Any], link: object) -> Iterator[str]:
    """The nodes that a link leads to, nearest first; each once, so that no loop lasts."""
    seen: set[str] = set()
    todo = [link]
    for _ in range(_DEPTH):
        keys = [str(each[0]) for each in todo if isinstance(each, list) and each]
        keys = [key for key in dict.fromkeys(keys) if key in nodes and key not in seen]
        if not keys:
            return
        seen.update(keys)
        yield from keys
        todo = [value for key in keys for value in nodes[key]["inputs"].values()]


def _value(nodes: dict[str, Any], value: object) -> object:
    """A number or text; through a link, what the node at its other end holds under a usual name."""
    for _ in range(_DEPTH):
        if not isinstance(value, list):
            return value
        node = nodes.get(str(value[0])) if value else None
        inputs = node["inputs"] if node else {}
        value = next((inputs[name] for name in _VALUES if name in inputs), None)
    return None


def _text(nodes: dict[str, Any], link: object) -> str | None:
    """The texts of the encoder that a link leads to; of SDXL's two boxes both, where they differ."""
    for key in _above(nodes, link):
        inputs = nodes[key]["inputs"]
        texts = [_value(nodes, inputs.get(name)) for name in ("text", "text_g", "text_l", "clip_l", "t5xxl", "prompt")]
        found = list(dict.fromkeys(text for text in texts if isinstance(text, str)))
        if found:
            return "\n".join(found)
    return None


def _model(nodes: dict[str, Any], link: object) -> str | None:
    for key in _above(nodes, link):
        for name in ("ckpt_name", "unet_name"):
            value = nodes[key]["inputs"].get(name)
            if isinstance(value, str):
                return value
    return None
