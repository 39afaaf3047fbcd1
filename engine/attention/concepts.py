"""Where concepts are in a picture, in the space of attention's outputs: ConceptAttention (arXiv 2502.04320).

Concept tokens go through a joint-attention transformer beside the picture: they ask the image and one another, and
nothing asks them. What they gather (o_c) is likened to what the image cells gather (o_x): in each layer
`softmax_c(o_x o_c')` over the concepts, and of that the mean over the layers.

No forward is copied: the concepts are the text of a second row whose picture is the first row's. The image cells of the
second row get what those of the first gathered, so that both stay the same picture, and its text asks the image and
itself. So a look costs one more row of a call; DAAM's way (`heatmaps`) costs next to nothing, as the scores are there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import torch
from torch import Tensor

from engine.attention.split_softmax import spread_heads
from engine.attention.token_layout import TokenLayout


def later_layers(paths: Sequence[str]) -> tuple[str, ...]:
    """The later half of the layers whose text has weights of its own, or of all where none has.

    The paper takes layers 10 to 18 of Flux's 19 double blocks.
    """
    double = [path for path in paths if "single" not in path] or list(paths)
    return tuple(double[len(double) // 2 :])


class ConceptReader:
    """Computes the attention of a call of two rows, see above, and adds the concepts' maps up.

    Pass it to `TransformerControl.attended_by` for the call. Row 0 is the picture with its prompt, row 1 the same
    picture, with the concepts' tokens at the start of its text; what comes after them there is not looked at.

    Args:
        layout: of the call. concepts: for each concept its positions in row 1's text; together they are 0..K-1.
        layers: module paths of the layers whose maps count; the concepts go through all.
    """

    def __init__(
        self, layout: TokenLayout, concepts: Sequence[Sequence[int]], *, layers: Collection[str] | None = None
    ) -> None:
        self._layout, self._layers = layout, layers
        self._count = sum(len(each) for each in concepts)
        self._members = torch.zeros(len(concepts), self._count)
        for concept, places in enumerate(concepts):
            self._members[concept, list(places)] = 1.0 / len(places)
        self._sum: Tensor | None = None
        self.looks = 0

    def __call__(self, path: str, stock: Any, query: Tensor, key: Tensor, value: Tensor, **rest: Any) -> Tensor:
        """See `engine.attention.interception.Attend`."""
        first, image = self._layout.text[0], slice(*self._layout.image)
        mask = rest.get("attn_mask")
        if mask is not None and mask.shape[0] == len(query):
            rest = {**rest, "attn_mask": mask[:1]}
        whole = stock(query[:1], key[:1], value[:1], **rest).repeat(2, 1, 1, 1)
        own = slice(first, first + self._count)
        keys, values = (torch.cat([each[1:, own], each[1:, image]], dim=1).transpose(1, 2) for each in (key, value))
        gathered = _gathered(query[1:, own].transpose(1, 2), keys, values, rest.get("scale"))
        whole[1:, own] = gathered.to(whole.dtype)
        if self._layers is None or path in self._layers:
            members = self._members.to(gathered.device)
            concepts = members @ gathered[0].flatten(1)
            cells = whole[0, image].float().flatten(1)
            share = torch.softmax(cells @ concepts.T, dim=-1)
            self._sum = share if self._sum is None else self._sum + share
            self.looks += 1
        return whole

    def maps(self) -> Tensor:
        """Float32 `[concepts, rows, columns]`: how far each cell is each concept's, 0..1, together 1."""
        if self._sum is None:
            return torch.zeros(len(self._members), *self._layout.grid)
        return (self._sum / self.looks).T.unflatten(-1, self._layout.grid).contiguous()


def _gathered(query: Tensor, key: Tensor, value: Tensor, scale: float | None) -> Tensor:
    """What queries `[1, heads, K, d]` gather of keys and values `[1, heads or fewer, S, d]`, float32
    `[1, K, heads, d]`."""
    heads = query.shape[1]
    scores = query.float() @ spread_heads(key, heads).float().transpose(-1, -2)
    shares = torch.softmax(scores * (query.shape[-1] ** -0.5 if scale is None else scale), dim=-1)
    return (shares @ spread_heads(value, heads).float()).transpose(1, 2)
