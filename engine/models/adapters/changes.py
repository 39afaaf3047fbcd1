"""What a LoRA file says about one layer, of whatever kind, as a difference of the layer's weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

ROLES = {
    "lora_down.weight": "down",
    "lora.down.weight": "down",
    "lora_linear_layer.down.weight": "down",
    "lora_A.weight": "down",
    "lora_A.default.weight": "down",
    "down.weight": "down",
    "lora_up.weight": "up",
    "lora.up.weight": "up",
    "lora_linear_layer.up.weight": "up",
    "lora_B.weight": "up",
    "lora_B.default.weight": "up",
    "up.weight": "up",
    "lora_mid.weight": "mid",
    "alpha": "alpha",
    "dora_scale": "magnitude",
    "lora_magnitude_vector": "out_magnitude",
    "lora_magnitude_vector.weight": "out_magnitude",
    "lora_magnitude_vector.default.weight": "out_magnitude",
    "diff": "diff",
    "diff_b": "diff_b",
    **{
        name: name
        for name in (
            *("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2"),
            *("lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2"),
        )
    },
}
"""How the name of a tensor ends, in each dialect -> what the tensor is in its layer."""

_WHOLE = (
    {"down", "up"},
    {"hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b"},
    {"lokr_w1", "lokr_w2"},
    {"lokr_w1", "lokr_w2_a", "lokr_w2_b"},
    {"lokr_w1_a", "lokr_w1_b", "lokr_w2"},
    {"lokr_w1_a", "lokr_w1_b", "lokr_w2_a", "lokr_w2_b"},
    {"diff"},
    {"diff_b"},
)
_BESIDE = {"magnitude", "out_magnitude", "mid", "hada_t1", "hada_t2", "lokr_t2", "diff_b"}


@dataclass(frozen=True, eq=False)
class Change:
    """The change of one layer: `W' = W + strength * difference(W)`.

    With s = alpha / rank (1 where the file has no alpha):

    - LoRA (arXiv 2106.09685): s B A. With a core ("mid", Tucker): s B (core) A over the kernel.
    - LoHa (FedPara, arXiv 2108.06098): s (w1a w1b) * (w2a w2b), by elements.
    - LoKr (LyCORIS, arXiv 2309.14859): s kron(w1, w2), either factor being itself a product; s is 1 where neither is.
    - DoRA (arXiv 2402.09353, eq. 5): m (W + V) / |W + V| - W, with V one of the above and the norm taken over all but
      the axis that m has.
    - a full difference.

    Attributes:
        tensors: what it consists of, by the values of `ROLES`. alpha: None where the file has none.
        rows, whole: half-open ranges of a larger layer's outputs that are meant, of so many; () is all. What can be
            cut at once is, so that it is for kinds that are products alone.
    """

    tensors: Mapping[str, Tensor]
    alpha: float | None = None
    rows: tuple[tuple[int, int], ...] = ()
    whole: int = 0

    def cut(self, rows: tuple[tuple[int, int], ...], whole: int) -> Change:
        """Return the change of some of the layer's outputs; () is all.

        Args:
            whole: how many outputs the layer has.

        Raises:
            ValueError: it has another number of outputs, or magnitudes that belong to all of them.
        """
        if not rows:
            return self
        tensors = dict(self.tensors)
        for role in ("up", "diff", "diff_b", "magnitude", "out_magnitude"):
            if role not in tensors:
                continue
            tensor = tensors[role]
            if role.endswith("magnitude"):
                tensor = tensor.flatten()
            if tensor.shape[0] != whole:
                raise ValueError(f"its shape {list(tensors[role].shape)} does not fit the layer's {whole} outputs")
            tensors[role] = torch.cat([tensor[first:last] for first, last in rows])
        made = tensors.keys() & {"hada_w1_a", "lokr_w1", "lokr_w1_a"}
        return Change(tensors, self.alpha, rows if made else (), whole if made else 0)

    @property
    def fault(self) -> str:
        """What is missing or too much in it, "" if nothing."""
        present = set(self.tensors)
        for whole in _WHOLE:
            if whole <= present and present - whole <= _BESIDE:
                return ""
        return f"it consists of {', '.join(sorted(present)) or 'nothing'}"

    @property
    def plain(self) -> tuple[Tensor, Tensor, float] | None:
        """(A, B, s) of a LoRA without core and magnitude, which can be worked without making W's difference."""
        tensors = self.tensors
        if not {"down", "up"} <= tensors.keys() or tensors.keys() & {"mid", "magnitude", "out_magnitude"}:
            return None
        return tensors["down"], tensors["up"], self._scale(tensors["down"].shape[0])

    def difference(self, weight: Tensor) -> Tensor:
        """Return what is to be added to a weight at strength 1, float32, of its shape, on its device.

        Raises:
            ValueError: the shapes do not fit; the text says how.
        """
        changed = self._low_rank(weight)
        if changed is None:
            return torch.zeros_like(weight, dtype=torch.float32)
        if self.rows:
            if changed.shape[0] != self.whole:
                raise ValueError(f"its shape {list(changed.shape)} does not fit the layer's {self.whole} outputs")
            changed = torch.cat([changed[first:last] for first, last in self.rows])
        if changed.numel() != weight.numel() or changed.shape[0] != weight.shape[0]:
            raise ValueError(f"its shape {list(changed.shape)} does not fit the layer's {list(weight.shape)}")
        changed = changed.reshape(weight.shape)
        magnitude, axis = self._magnitude(weight)
        if magnitude is None:
            return changed
        whole = weight.float() + changed
        norm = torch.linalg.vector_norm(whole, dim=[d for d in range(whole.ndim) if d != axis], keepdim=True)
        return whole * (magnitude.reshape(norm.shape) / norm.clamp_min(torch.finfo(torch.float32).eps)) - weight.float()

    def bias(self, bias: Tensor) -> Tensor | None:
        """Return what is to be added to a layer's bias at strength 1, float32; None if nothing.

        Raises:
            ValueError: the shapes do not fit.
        """
        if "diff_b" not in self.tensors:
            return None
        changed = self._get("diff_b", bias)
        if changed.numel() != bias.numel():
            raise ValueError(f"its shape {list(changed.shape)} does not fit the layer's {list(bias.shape)}")
        return changed.reshape(bias.shape)

    def _get(self, role: str, like: Tensor) -> Tensor:
        return self.tensors[role].to(like.device, torch.float32)

    def _scale(self, rank: int) -> float:
        return 1.0 if self.alpha is None else self.alpha / max(1, rank)

    def _low_rank(self, weight: Tensor) -> Tensor | None:
        names = self.tensors.keys()
        try:
            if "down" in names:
                return self._lora(weight)
            if "hada_w1_a" in names:
                return self._loha(weight)
            if names & {"lokr_w1", "lokr_w1_a"}:
                return self._lokr(weight)
        except (RuntimeError, IndexError) as error:
            raise ValueError(f"its factors do not fit one another: {error}") from error
        return self._get("diff", weight) if "diff" in names else None

    def _lora(self, weight: Tensor) -> Tensor:
        down, up = self._get("down", weight), self._get("up", weight)
        scale = self._scale(down.shape[0])
        if "mid" in self.tensors:
            core = self._get("mid", weight)
            return scale * torch.einsum("or,rskl,si->oikl", up.flatten(1), core, down.flatten(1))
        return scale * (up.flatten(1) @ down.flatten(1)).reshape(up.shape[0], *down.shape[1:])

    def _loha(self, weight: Tensor) -> Tensor:
        one, two = (self._half(f"hada_w{n}_a", f"hada_w{n}_b", f"hada_t{n}", weight) for n in "12")
        return self._scale(self.tensors["hada_w1_b"].shape[0]) * (one * two)

    def _lokr(self, weight: Tensor) -> Tensor:
        rank = None
        factors = []
        for n in "12":
            if f"lokr_w{n}" in self.tensors:
                factors.append(self._get(f"lokr_w{n}", weight))
            else:
                rank = self.tensors[f"lokr_w{n}_b"].shape[0]
                factors.append(self._half(f"lokr_w{n}_a", f"lokr_w{n}_b", f"lokr_t{n}", weight))
        one, two = factors
        if two.ndim > one.ndim:
            one = one.reshape(*one.shape, *[1] * (two.ndim - one.ndim))
        return (1.0 if rank is None else self._scale(rank)) * torch.kron(one.contiguous(), two.contiguous())

    def _half(self, left: str, right: str, core: str, weight: Tensor) -> Tensor:
        """A factor that is itself a product; with a Tucker core `[r, r, kh, kw]` both sides are `[r, ...]`."""
        a, b = self._get(left, weight), self._get(right, weight)
        if core in self.tensors:
            # LyCORIS: a is [r, out] and b [r, in].
            return torch.einsum("rskl,ro,si->oikl", self._get(core, weight), a, b)
        return (a.flatten(1) @ b.flatten(1)).reshape(a.shape[0], *b.shape[1:])

    def _magnitude(self, weight: Tensor) -> tuple[Tensor | None, int]:
        """DoRA's magnitudes and the weight's axis that they are of: peft's are of the outputs, others say by shape."""
        role = "out_magnitude" if "out_magnitude" in self.tensors else "magnitude"
        if role not in self.tensors:
            return None, 0
        magnitude = self._get(role, weight)
        shape = tuple(magnitude.shape)
        axis = 1 if role == "magnitude" and len(shape) > 1 and shape[0] == 1 and shape[1] == weight.shape[1] else 0
        if magnitude.numel() != weight.shape[axis]:
            raise ValueError(f"its magnitudes {list(shape)} do not fit the layer's {list(weight.shape)}")
        return magnitude, axis
