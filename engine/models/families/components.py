"""The parts of a Stable Diffusion folder or file, loaded one by one: encoders, denoiser, autoencoder, noise levels."""

from __future__ import annotations

import importlib
import json
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

import resources
from engine.errors import UnsupportedModel
from engine.facts import InstalledModel
from engine.models import single_file
from engine.models.architectures import architectures
from engine.sampling.schedule import NoiseSchedule
from engine.surroundings import secluded
from engine.text.spans import TokenizedPrompt, tokenize
from engine.weights import loading
from engine.weights.files import find_weights, incomplete, read_index, read_json
from engine.weights.placing import place_denoiser, place_encoder
from engine.weights.precision import computed

if TYPE_CHECKING:
    from engine.text.learnt_words import Vocabulary

_KEPT_PROMPTS = 64
_AUTOENCODERS = {
    "AutoencoderKL": "autoencoder_kl",
    "AutoencoderTiny": "autoencoder_tiny",
    "AutoencoderKLFlux2": "autoencoder_kl_flux2",
    "AutoencoderKLQwenImage": "autoencoder_kl_qwenimage",
    "AutoencoderKLQwenImage21": "autoencoder_kl_qwenimage21",
    "AutoencoderKLWan": "autoencoder_kl_wan",
}
"""Classes of autoencoders that are known -> their modules in diffusers."""


class TextReader:
    """A tokenizer and its CLIP text encoder: prompts of any length to `[1, T, C]`, the latest ones cached.

    Args:
        layer: which hidden state is the context: None the last one (normalised), -2 the second to last (raw).
    """

    def __init__(self, tokenizer: Any, encoder: Any, *, layer: int | None = None) -> None:
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.layer = layer
        self.length = min(int(tokenizer.model_max_length), int(encoder.config.max_position_embeddings))
        self._kept: OrderedDict[tuple[str, int], tuple[Tensor, Tensor | None]] = OrderedDict()
        self._learnt: Vocabulary | None = None

    @property
    def width(self) -> int:
        """Numbers of the vector of a word."""
        return int(self.encoder.config.hidden_size)

    def learn(self, vocabulary: Vocabulary | None) -> None:
        """Read texts with these learnt words; None for the tokenizer's own alone."""
        if vocabulary is not self._learnt:
            self._learnt = vocabulary
            self.forget()

    def forget(self) -> None:
        """Drop what was read: the encoder's weights have changed."""
        self._kept.clear()

    def tokenize(self, prompt: str, *, chunks: int = 1) -> TokenizedPrompt:
        """The prompt cut into at least `chunks` chunks of this encoder's length."""
        if self._learnt is not None:
            return self._learnt.tokenize(self.tokenizer, prompt, max_length=self.length, chunks=chunks)
        return tokenize(self.tokenizer, prompt, max_length=self.length, chunks=chunks)

    def looking_up(self, tokenized: TokenizedPrompt) -> AbstractContextManager[None]:
        """In here the encoder finds the vectors of the learnt words in this text."""
        return nullcontext() if self._learnt is None else self._learnt.looked_up(self.encoder, tokenized)

    def read(self, tokenized: TokenizedPrompt) -> tuple[Tensor, Tensor | None]:
        """Conditioning `[1, chunks * length, C]`, and the first chunk's pooled embedding `[1, P]` if there is one.

        Raises:
            NotFinite: the encoder fails.
        """
        key = (tokenized.prompt, tokenized.chunks)
        if key not in self._kept:
            ids = torch.from_numpy(tokenized.input_ids).to(self.encoder.device)

            def compute() -> tuple[Tensor, Tensor | None]:
                out = self.encoder(ids, output_hidden_states=self.layer is not None)
                states = out[0] if self.layer is None else out.hidden_states[self.layer]
                sentence = getattr(out, "text_embeds", None)
                return states.reshape(1, -1, states.shape[-1]), None if sentence is None else sentence[:1]

            with self.looking_up(tokenized):
                self._kept[key] = computed("text encoder", self.encoder, compute, tensors=list)
            if len(self._kept) > _KEPT_PROMPTS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def load_reader(
    facts: InstalledModel, *, device: torch.device, dtype: torch.dtype, suffix: str = "", layer: int | None = None
) -> TextReader:
    """The tokenizer and text encoder in the subfolders of that suffix ("" or "_2"); see `TextReader` for `layer`."""
    from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection

    kind = CLIPTextModelWithProjection if suffix else CLIPTextModel
    network = load_part(facts, kind, f"text_encoder{suffix}", dtype=dtype)
    return TextReader(load_tokenizer(facts.config / f"tokenizer{suffix}"), place_encoder(network, device), layer=layer)


def load_part(facts: InstalledModel, kind: Any, part: str, *, dtype: torch.dtype) -> Any:
    """One network of a model, of a diffusers or transformers class, in eval mode on the CPU.

    Raises:
        ModelIncomplete, UnsafeModel, UnsupportedModel: as their names say.
    """
    if facts.is_assembled:
        from engine.models.assembly import reading

        with secluded():
            return reading.load_part(kind, facts, part, dtype=dtype)
    if facts.path.is_file():
        with secluded():
            return single_file.load_part(
                kind, facts.files.get(part, facts.path), facts.config, part, family=facts.family, dtype=dtype
            )
    return loading.load_part(kind, facts.path, part, dtype=dtype)


def read_ahead(facts: InstalledModel, part: str, what: str, low: float, high: float) -> Iterator[tuple[str, float]]:
    """Reads the files of a part ahead, see `loading.read_ahead`; a single file as a whole, with its denoiser."""
    if facts.is_assembled:
        yield from loading.read_ahead([facts.files.get(part, facts.path)], what, low, high)
    elif facts.path.is_file():
        if part == "unet":
            yield from loading.read_ahead([facts.path], what, low, high)
    elif (facts.path / part / "config.json").is_file():
        stem = "model" if part.endswith(("encoder", "encoder_2", "encoder_3")) else "diffusion_pytorch_model"
        yield from loading.read_ahead(find_weights(facts.path / part, stem, part=part).files, what, low, high)


def load_tokenizer(folder: Path) -> Any:
    """A CLIP tokenizer that reads its padding token as ordinary text where it occurs in a prompt.

    Some tokenizers pad with "!". Treated as a special token, it would split "!?" in two, and give "!" in the prompt
    another token than the text encoder was trained on.

    Raises:
        ModelIncomplete: its vocabulary is missing or damaged.
    """
    from transformers.models.clip.tokenization_clip import CLIPTokenizer

    ships = folder.parent.parent == resources.path("models")  # they share one vocabulary
    if not ships and not (folder / "tokenizer.json").is_file():
        for name in ("vocab.json", "merges.txt"):
            if not (folder / name).is_file():
                raise incomplete("tokenizer", f"{name} is missing")
    try:
        with secluded():
            tokenizer = _shipped(folder) if ships else CLIPTokenizer.from_pretrained(folder, local_files_only=True)
        _read_padding_as_text(tokenizer)
    except Exception as error:
        raise incomplete("tokenizer", "its files do not load", details=f"{type(error).__name__}: {error}") from error
    for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
        if not isinstance(getattr(tokenizer, name), int):
            raise incomplete("tokenizer", f"it has no {name}")
    return tokenizer


def _shipped(folder: Path) -> Any:
    """The tokenizer of a model whose config files ship with the program: CLIP's, with its own padding."""
    from transformers.models.clip.tokenization_clip import CLIPTokenizer

    from engine.text.clip_vocabulary import shipped_merges, vocabulary

    merges = shipped_merges()
    settings = read_json(folder / "tokenizer_config.json", part="tokenizer")
    named = {key: settings[key] for key in ("pad_token", "model_max_length")}
    pairs = [tuple(line.split()) for line in merges.splitlines()[1:]]
    return CLIPTokenizer(vocabulary(merges), pairs, **named)


def _read_padding_as_text(tokenizer: Any) -> None:
    """Remove the padding token from the special tokens, unless it also begins or ends prompts."""
    from tokenizers import Tokenizer

    rules = json.loads(tokenizer.backend_tokenizer.to_str())
    kept = {tokenizer.bos_token, tokenizer.eos_token, tokenizer.unk_token}
    special = [
        each
        for each in rules["added_tokens"]
        if each["content"] in kept
        or each["content"] not in rules["model"]["vocab"]
        or each["content"] != tokenizer.pad_token
    ]
    if len(special) < len(rules["added_tokens"]):
        rules["added_tokens"] = special
        tokenizer._tokenizer = Tokenizer.from_str(json.dumps(rules))


def load_unet(facts: InstalledModel, *, device: torch.device, dtype: torch.dtype) -> Any:
    """The denoiser on `device`, laid out channels_last (several times faster for convolutions on a CPU)."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    unet = load_part(facts, UNet2DConditionModel, "unet", dtype=dtype)
    return place_denoiser(unet.to(memory_format=torch.channels_last), device)


def load_vae(facts: InstalledModel, *, device: torch.device, dtype: torch.dtype) -> Any:
    """The autoencoder on `device`, channels_last; in float32 where its config says that half precision overflows.

    Raises:
        UnsupportedModel: it is of a class that Wordbrush does not know.
    """
    config = read_json(facts.config / "vae" / "config.json", part="vae")
    module = _AUTOENCODERS.get(str(config.get("_class_name")))
    if module is None:
        raise UnsupportedModel(
            f"The model's autoencoder is a {config.get('_class_name')}, which is not supported.",
            hint=f"Choose a model with one of: {', '.join(_AUTOENCODERS)}.",
        )
    kind = getattr(importlib.import_module(f"diffusers.models.autoencoders.{module}"), config["_class_name"])
    upcast = architectures()[facts.family].upcasts_vae and config.get("force_upcast", True)
    vae = load_part(facts, kind, "vae", dtype=torch.float32 if upcast else dtype)
    return vae.to(device, memory_format=torch.channels_last) if "block_out_channels" in vae.config else vae.to(device)


def load_noise(facts: InstalledModel) -> NoiseSchedule:
    """The noise levels that the model was trained on.

    Raises:
        UnsupportedModel: they are of a kind that is not known. ModelIncomplete: a value makes no sense.
    """
    config = read_json(facts.config / "scheduler" / "scheduler_config.json", part="scheduler")
    if facts.path.is_file() and not facts.is_assembled:
        config |= single_file.schedule_marks(facts.path, facts.config)
    if facts.is_few_steps:
        config["timestep_spacing"] = "trailing"  # distilled models begin at the noisiest step, as they were taught
    architecture = architectures()[facts.family]
    if architecture.spaced_by_steps:
        config["spaced_by_steps"] = True
    config |= architecture.schedule(read_index(facts.config))
    try:
        return NoiseSchedule(config)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise incomplete("scheduler", "scheduler_config.json makes no sense", details=str(error)) from error
