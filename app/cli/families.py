"""`wordbrush doctor --families`: the kinds of models that the program can use, and what it can do with each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cli.output import table
from engine.models.architectures import architectures, is_available, too_old


def examine() -> dict[str, Any]:
    """Every family with its features, as the JSON object of `wordbrush doctor --families`; no model is looked at."""
    families = []
    for name, known in architectures().items():
        missing = None if is_available(known) else too_old(known)
        features = {
            "paint": True,
            "negative": known.can.negative,
            "heatmaps": known.can.heatmaps,
            "lora": bool(known.loras),
            "source": True,
            "selection": True,
            "styles": known.can.image,
            "experts": True,
            "controls": known.can.controls,
            "separation": known.can.separation,
            "gradient_steps": known.can.gradient_steps,
            "regions": known.can.regions,
            "structured": known.can.regions,  # keys and values of two texts, too, need cross-attention
        }
        families.append(
            {
                "name": name,
                "attention": "joint" if known.joint else "cross",
                "available": missing is None,
                "why": f"{missing.message} {missing.hint}" if missing else "",
                "features": features,
            }
        )
    return {"schema": 1, "families": families}


def text(found: Mapping[str, Any]) -> str:
    """`examine`'s object for people."""
    rows = []
    for family in found["families"]:
        can = {name.replace("_", " "): "yes" if able else "no" for name, able in family["features"].items()}
        rows.append({"family": family["name"], "attention": family["attention"], **can})
    missing = [family["why"] for family in found["families"] if family["why"]]
    return "\n".join([table(rows), *([""] if missing else []), *missing])
