"""Many requests at once: one after another on this machine, or on the workers of a Ray cluster; the same events."""

from __future__ import annotations

from engine.farm.farm import Farm
from engine.farm.local import LocalFarm

__all__ = ["Farm", "LocalFarm", "farm"]


def farm(address: str | None, *, workers: int | None = None, threads: int | None = None) -> Farm:
    """The farm at an address of Ray's ("local" starts one here), or this process alone where that is None.

    Raises:
        FarmUnavailable: see `engine.farm.cluster.RayFarm`.
    """
    if address is None:
        return LocalFarm()
    from engine.farm.cluster import RayFarm

    return RayFarm(address, workers=workers, threads=threads)
