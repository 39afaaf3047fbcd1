"""The two kinds of denoisers as graphs: what stands in a family while one is used, and what tells calls apart."""

from __future__ import annotations

import copy
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from engine.attention import control
from engine.attention.self_attention import SeparationControl
from engine.attention.transformer_control import PLACEMENT, TransformerControl
from engine.models.compiling.graphs import Graph
from engine.models.compiling.padding import room
from engine.models.compiling.twins import twin_of

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig


def graph_of(family: Any) -> Graph:
    """A new graph of a family's denoiser; its paint always takes the same path, whatever is painted."""
    return _of_unet(family) if hasattr(family, "unet") else _of_transformer(family)


def _of_unet(family: Any) -> Graph:
    graph = Graph(twin_of(family.unet, family.control.replaced))
    painted, apart, calls = control.install(graph.twin), SeparationControl(graph.twin), copy.copy(family.calls)
    painted.steady = apart.steady = True
    calls.network = graph
    graph.parts = {"control": painted, "separation": apart, "calls": calls}
    return graph


def _of_transformer(family: Any) -> Graph:
    graph = Graph(twin_of(family.denoiser.network, family.control.replaced))
    painted, denoiser = TransformerControl(graph.twin, family.denoiser.painted), copy.copy(family.denoiser)
    painted.steady = True
    denoiser.network = graph
    graph.parts = {"control": painted, "denoiser": denoiser}
    return graph


def kind_of_call(family: Any, brief: RunConfig) -> tuple[Hashable, ...]:
    """What the lengths of a run's text are for the network."""
    if hasattr(family, "unet"):
        return (room(brief.context.rows.shape[1]),)
    return (brief.context.rows.shape[1], brief.context.mask is None)


def unfit_kind(family: Any, brief: RunConfig) -> str:
    """What of a run this kind of denoiser cannot do compiled, see `engine.models.compiling.choosing`."""
    if family.adapting.hears:
        return "a LoRA that is bound to a word"
    if hasattr(family, "unet"):
        return ""
    if PLACEMENT.get() is not None:
        return "a bias in other places than usual"
    return "texts that may not be padded" if getattr(family.denoiser, "own_lengths", False) else ""
