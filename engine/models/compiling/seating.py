"""Which denoiser a run gets: a compiled one where there is one for its kind of call, else the family's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import torch

from engine.models.compiling.choosing import lacking, unfit
from engine.models.compiling.graphs import MOST, TRACING, Captured, Graph, Graphs
from engine.models.compiling.kinds import graph_of, kind_of_call, unfit_kind

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig

_COLUMNS = 32
_SIGMA = 1.0


def choose(family: Any, brief: RunConfig) -> None:
    """Before a run begins: give a family the compiled denoiser for it, or note that there is none yet."""
    if family.graph is not None:
        family.graph.leave(family)
    graphs: Graphs = family.graphs or Graphs()
    family.graphs = graphs
    graphs.wish, graphs.fresh = None, False
    reason = graphs.given_up or unfit(family, brief) or unfit_kind(family, brief)
    if reason:
        graphs.say(f"the denoiser runs uncompiled, as this picture has {reason}")
        return
    missing = lacking(family.device)
    if missing:
        graphs.say(f"the denoiser runs uncompiled. {missing}")
        return
    key = (*kind_of_call(family, brief), *_common(family, brief))
    graph = graphs.being_made or graphs.of.get(key)
    if graph is not None:
        # While another thread traces, torch refuses to run what is compiled.
        if graph is graphs.being_made or (graph.state == "ready" and not TRACING.locked()):
            graph.take(family)
    elif len(graphs.of) < MOST:
        graphs.wish = (key, brief)
    else:
        graphs.say(f"the denoiser runs uncompiled, as there are {MOST} compiled ones for other sizes already")


def _common(family: Any, brief: RunConfig) -> tuple[Hashable, ...]:
    recorded = len(brief.words) + len(brief.watched) if brief.watched or (brief.heatmaps and brief.words) else 0
    return (brief.size, brief.batch, brief.guidance != 1, brief.law, str(family.dtype), -(-recorded // _COLUMNS))


def prepare(family: Any) -> Graph | None:
    """After a run: a new graph for the kind of call that was wanted, with the arguments to compile it; else None."""
    graphs: Graphs | None = family.graphs
    if graphs is None or graphs.wish is None:
        return None
    (key, brief), graphs.wish = graphs.wish, None
    graph = graphs.being_made = graph_of(family)
    try:
        family.begin(dataclasses.replace(brief, check=lambda: None))
        latent = torch.zeros(brief.batch, family.channels, *family.latent_size(*brief.size), device=family.device)
        family.denoise(latent, _SIGMA, timestep=family.noise.timestep(_SIGMA), fraction=0.5)
    except Captured:
        graphs.of[key] = graph
        return graph
    finally:
        graphs.being_made = None
        if family.graph is graph:
            graph.leave(family)
        family.end()
    return None
