"""How strictly a scene keeps to its paint: one dial, or piece by piece where one dial for all of them will not do."""

from resources.limits import GradientSteps, bounds
from resources.settings import FidelityPieces

__all__ = ["MAX_GRADIENT_STEPS", "FidelityPieces", "FidelityValue"]

MAX_GRADIENT_STEPS: int = bounds(GradientSteps)[1]

FidelityValue = float | FidelityPieces | None
"""The dial, 0 loose .. 1 exact; or its pieces; None is the model's own."""
