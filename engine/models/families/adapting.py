"""What LoRA files do to a loaded model: merged for the whole picture, live for the words that hear them.

What is merged stays so between runs, until other files, or none, are asked for.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from engine.errors import UnsupportedModel
from engine.models.adapters.changes import Change
from engine.models.adapters.choosing import ChosenAdapter
from engine.models.adapters.merging import Weighted, merged_of
from engine.models.adapters.notes import ANOTHER
from engine.models.adapters.reading import AdapterFile, hold_only
from engine.models.adapters.word_adapter import (
    Hooks,
    WordAdapter,
    change_of,
    hear_in_cells,
    hear_in_text,
    text_hooks_of,
)
from engine.models.architectures import architectures
from engine.text.spans import token_positions
from engine.weights.offload import OffloadedWeights
from engine.weights.placing import stored_in_eight_bits

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig
    from engine.text.learnt_words import LearntWord

_log = logging.getLogger(__name__)

_merged: weakref.WeakSet[nn.Module] = weakref.WeakSet()
"""Networks into which files may be merged; denoisers share encoders, so that each has to look here."""

_learnt_by: weakref.WeakKeyDictionary[Any, tuple[LearntWord, ...]] = weakref.WeakKeyDictionary()
"""By text reader: the learnt words with which it reads."""


class Adapting:
    """The adapters of one denoiser and the text encoders that it reads with, which others may share.

    Args:
        networks: by part, as `AdapterFile.of` has them; the denoiser is the first. readers: of the text encoders, by
            part. made_for: what files have to be made for, see `Architecture.loras`. layers: see `Architecture.layers`.

    Attributes:
        half: which of a model's transformers this is, see `AdapterFile.for_half`.
    """

    def __init__(
        self,
        networks: Mapping[str, Any],
        readers: Mapping[str, Any],
        *,
        made_for: str,
        layers: Mapping[str, str] | None = None,
    ) -> None:
        self._networks, self._by_part = dict(networks), dict(readers)
        self._readers = tuple(readers.values())
        self._learners = {part: reader for part, reader in readers.items() if hasattr(reader, "learn")}
        self._encoders = {part: reader.encoder for part, reader in readers.items()}
        self._denoiser = next(iter(networks))
        self._made_for, self._layers = made_for, layers
        self.half = ""
        self._words: list[WordAdapter] = []
        self._cells, self._everywhere = Hooks(), Hooks()
        self._found: weakref.WeakKeyDictionary[AdapterFile, dict[str, dict[str, Change]]] = weakref.WeakKeyDictionary()
        self._chosen: tuple[ChosenAdapter, ...] = ()

    @property
    def hears(self) -> bool:
        """Whether words hear files of their own now."""
        return bool(self._words)

    @property
    def _learnt(self) -> tuple[LearntWord, ...]:
        """What the encoders read now, whichever denoiser asked for it."""
        return next((_learnt_by.get(reader, ()) for reader in self._learners.values()), ())

    @_learnt.setter
    def _learnt(self, words: tuple[LearntWord, ...]) -> None:
        for reader in self._learners.values():
            _learnt_by[reader] = words

    def use(self, chosen: tuple[ChosenAdapter, ...], prompt: str) -> None:
        """Work with these files alone, until others are given; () puts all weights back as they were loaded.

        Raises:
            UnsupportedModel: one of them was made for another kind of model; then none is used.
        """
        if not chosen:
            if self._chosen or any(network in _merged for network in self._networks.values()):
                self._chosen = ()
                self._put_back()
                hold_only(())
            return
        try:
            self._use(chosen, prompt)
        except BaseException:
            self._chosen = ()
            self._put_back()
            raise

    def _use(self, chosen: tuple[ChosenAdapter, ...], prompt: str) -> None:
        fresh = chosen is not self._chosen
        for each in chosen if fresh else ():
            if each.source not in self._found:
                self._check_kind(each.source)
                self._found[each.source] = each.source.of(self._networks, self._layers, half=self.half)
        self._chosen = chosen
        changed = False
        for part, network in self._networks.items():
            _merged.add(network)
            changed |= merged_of(network).use(self._mergeable(part))
        self._hear_everywhere()
        if fresh:
            changed |= bool(self._words)
            self._words = [
                WordAdapter(each.source, self._found[each.source], each.weight, *each.word)
                for each in chosen
                if each.word is not None
            ]
            self._hear_in_text(prompt)
            changed |= bool(self._words)
        if changed:
            self._forget()

    def _check_kind(self, source: AdapterFile) -> None:
        """UNets of all sizes have layers of the same names: only their sizes tell, and they say so themselves."""
        other = source.made_for if source.made_for not in (self._made_for, ANOTHER) else ""
        if other and (self._layers or any(each.loras == other and each.layers for each in architectures().values())):
            raise source.misfit(f"it was made for {other}")

    def _mergeable(self, part: str) -> list[Weighted]:
        """Those that are merged: into weights that are stored in 8 bits they would be lost."""
        lossy = part == self._denoiser and stored_in_eight_bits(self._networks[part])
        return [] if lossy else self._whole(part)

    def _hear_everywhere(self) -> None:
        """Let a denoiser that files cannot be merged into hear them live, in the whole picture."""
        network = self._networks[self._denoiser]
        self._everywhere.end()
        for file in self._whole(self._denoiser) if stored_in_eight_bits(network) else ():
            for path, change in file.changes.items():
                layer = network.get_submodule(path)
                self._everywhere.add(layer, _adding(change_of(file, path, layer, change)))

    def _whole(self, part: str) -> list[Weighted]:
        """The files that act in the whole picture and change a part."""
        whole = [each for each in self._chosen if each.word is None]
        files = [Weighted(each.source, self._found[each.source][part], each.weight) for each in whole]
        return [file for file in files if file.changes]

    def learn(self, words: tuple[LearntWord, ...]) -> None:
        """Let the encoders read these words as their vectors, until others are given.

        Raises:
            UnsupportedModel: one of them was made for other text encoders; then all words are read as ever.
        """
        if not self._learners:
            if words:
                names = ", ".join(f'"{word.name}"' for word in words)
                _log.warning(
                    "%s is read as ordinary text: this model takes no embeddings: a language model reads for it",
                    names,
                )
            return
        if words == self._learnt:
            return
        from engine.models.embeddings import spans_of
        from engine.text.learnt_words import Vocabulary

        for reader in self._learners.values():
            reader.learn(None)
        self._learnt = ()
        if not words:
            return
        readers = self._learners
        found = {word.name: word.of({part: reader.width for part, reader in readers.items()}) for word in words}
        for part, reader in readers.items():
            vectors = {name: each[part] for name, each in found.items()}
            reader.learn(Vocabulary(vectors, lambda text: spans_of(text, found)))
        self._learnt = words

    def rest(self) -> None:
        """A run is over: words hear nothing more. What is merged stays, in case the next run asks for the same."""
        if self._words:
            self._silence()
            self._forget()
        self._chosen = ()

    def again(self) -> None:
        """Merge into the denoiser once more, after its weights were put back to be moved or cast."""
        merged_of(self._networks[self._denoiser]).use(self._mergeable(self._denoiser))

    def end(self) -> None:
        """The run's end: the denoiser hears the words' files no more."""
        self._cells.end()

    def _hear_in_text(self, prompt: str) -> None:
        """Let the text encoders hear the words' files when they read the prompt."""
        raise NotImplementedError

    def _silence(self) -> None:
        for encoder in self._encoders.values():
            text_hooks_of(encoder).end()
        self._cells.end()
        self._everywhere.end()
        self._words = []

    def _put_back(self) -> None:
        self._silence()
        for network in self._networks.values():
            merged_of(network).restore()
            _merged.discard(network)
        self._forget()

    def _forget(self) -> None:
        for reader in self._readers:
            reader.forget()


def _adding(work: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
    return lambda _module, args, out: out + work(args[0])


class UNetAdapting(Adapting):
    """A UNet's, whose readers cut prompts into chunks."""

    def __init__(self, unet: Any, readers: Sequence[Any], *, made_for: str) -> None:
        # A refiner's only encoder is the second one of its base.
        first = 2 if len(readers) == 1 and hasattr(readers[0].encoder, "text_projection") else 1
        names = [f"text_encoder{'' if n == 1 else f'_{n}'}" for n in range(first, first + len(readers))]
        by_part = dict(zip(names, readers, strict=True))
        networks = {"unet": unet, **{part: reader.encoder for part, reader in by_part.items()}}
        super().__init__(networks, by_part, made_for=made_for)

    def begin(self, brief: RunConfig, context: Tensor, rows: slice, latent: tuple[int, int]) -> None:
        """Let the denoiser hear the words' files in a run; see `hear_in_cells`."""
        if not self._words:
            return
        self._cells.end()
        for each in self._words:
            places = brief.context.positions(each.span)
            hear_in_cells(
                self._cells, self._networks["unet"], each, latent=latent, context=context, rows=rows, positions=places
            )

    def _hear_in_text(self, prompt: str) -> None:
        chunks = max((reader.tokenize(prompt).chunks for reader in self._readers), default=1)
        for (part, encoder), reader in zip(self._encoders.items(), self._readers, strict=True):
            tokenized, hooks = reader.tokenize(prompt, chunks=chunks), text_hooks_of(encoder)
            hooks.end()
            for each in self._words:
                places = token_positions(tokenized, each.span)
                hear_in_text(hooks, encoder, part, each, torch.from_numpy(tokenized.input_ids), places)


class Adapted:
    """A family whose files are those of its `adapting`."""

    adapting: Adapting
    offloaded: OffloadedWeights

    def adapt(self, chosen: tuple[ChosenAdapter, ...], prompt: str) -> None:
        """See `Family`."""
        if chosen and self.offloaded.streams:  # what is merged would be lost with each layer that comes and goes
            raise UnsupportedModel(
                f'The LoRA "{chosen[0].source.name}" cannot be used while the model does not fit on its device.',
                hint="Choose a smaller model or picture, the device cpu, or remove the LoRA.",
            )
        self.adapting.use(chosen, prompt)

    def learn(self, words: tuple[LearntWord, ...]) -> None:
        """See `Family`."""
        self.adapting.learn(words)

    def rest(self) -> None:
        """See `Family`."""
        self.adapting.rest()
