"""The way that a model uses a device of each size, and its reason."""

from __future__ import annotations

import pytest

from engine.weights.tiers import Sizes, Way, after, choose, ways

GIB = 1 << 30
GB = 10**9
SD15 = Sizes(
    denoiser=int(1.72 * GB), small=int(0.87 * GB), encoders=int(0.25 * GB), autoencoder=int(0.17 * GB),
    step=int(0.17 * GB), decode=int(0.50 * GB), tile=int(0.13 * GB),
)  # fmt: skip
SDXL = Sizes(
    denoiser=int(5.14 * GB), small=int(2.65 * GB), encoders=int(1.64 * GB), autoencoder=int(0.33 * GB),
    step=int(0.50 * GB), decode=int(4.03 * GB), tile=int(0.25 * GB),
)  # fmt: skip
FLUX = Sizes(
    denoiser=int(23.8 * GB), small=int(15.1 * GB), encoders=int(9.8 * GB), autoencoder=int(0.17 * GB),
    step=int(1.0 * GB), decode=int(2.0 * GB), tile=int(0.13 * GB), precision="bfloat16", halves=False,
)  # fmt: skip
Z_IMAGE = Sizes(
    denoiser=int(12.3 * GB), small=int(6.4 * GB), encoders=int(8.0 * GB), autoencoder=int(0.17 * GB),
    step=int(2.5 * GB), decode=int(2.0 * GB), tile=int(0.13 * GB), precision="bfloat16",
)  # fmt: skip


def short(way: Way) -> str:
    """Its name, + where it decodes by tiles, / where the halves of guidance follow one another."""
    return way.name + "+" * way.tiles + "/" * way.sequential


_AWAY, _EIGHT, _STREAMED = "encoders away+", "eight bits+", "streamed+"
CARDS = (4, 6, 8, 12, 16, 24, 48)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (SD15, ("whole",) * 7),
        (SDXL, (_EIGHT, _AWAY, "whole+", "whole", "whole", "whole", "whole")),
        (FLUX, (_STREAMED, _STREAMED, _STREAMED, _STREAMED, _EIGHT, _EIGHT, "whole")),
        (Z_IMAGE, (_STREAMED, _STREAMED, f"{_EIGHT}/", _EIGHT, _AWAY, "whole", "whole")),
    ],
    ids=["sd15", "sdxl", "flux", "z-image"],
)
def test_four_models_on_cards_of_seven_sizes(sizes, expected):
    """What each card does, and why.

    SD 1.5 takes 2.7 GB with all that it does, so it is whole everywhere.

    SDXL: its decoder, in float32 as half precision overflows, takes 4 GB for a picture of 1024x1024 beside 7.1 GB of
    weights: that is whole from 12 GB on, in tiles from 8. With 6 GB its encoders (1.6 GB) have to wait, and with 4 the
    UNet's 5.1 GB are too many in any other form than 8 bits, 2.65 GB.

    Flux has 23.8 GB of weights in its denoiser: a card of 24 GB (25.8) has no room for these and the 1.2 GB that a step
    and the autoencoder take with what kernels lose, so 8 bits begin there and go down to 16 GB (they are 15.1 GB, as
    its adaptive norms keep 16 bits); below that they are streamed. It takes guidance as an input, so there are no
    halves. Beside its encoders it needs 36 GB.

    Z-Image: 12.3 GB and a Qwen3 of 8 GB: whole with 24 GB; with 16 the encoder waits; with 12 its weights are in 8 bits
    (6.4 GB). With 8, these and a step of both halves (2.5 GB) are 9.5 GB with what kernels lose, but halves one after
    the other 8.2. Below they are streamed, for which 3 GB suffice.
    """
    for gib, name in zip(CARDS, expected, strict=True):
        way = choose(sizes, "cuda", gib * GIB)
        assert short(way) == name, f"{gib} GB: {short(way)}"
        assert way.needs <= gib * GIB and way.precision == sizes.precision
        assert way.reason.startswith(way.says) and way.reason.endswith("free.")
        assert ("tiles" in way.reason) == way.tiles and ("halves" in way.reason) == way.sequential


def test_each_way_takes_less_than_the_one_before_and_ends_on_the_cpu():
    for sizes in (SD15, SDXL, FLUX, Z_IMAGE):
        for kind in ("cuda", "mps"):
            every = ways(sizes, kind)
            needs = [each.needs for each in every[:-1]]
            assert needs == sorted(needs, reverse=True) and every[-1].name == "cpu"


def test_only_cuda_has_8_bits_and_streams_and_experts_that_are_swapped_have_neither():
    from dataclasses import replace

    for every in (ways(SDXL, "mps"), ways(replace(SDXL, swapped=True), "cuda")):
        assert [short(each) for each in every] == ["whole", "whole+", _AWAY, f"{_AWAY}/", "cpu"]
    wide = ways(replace(SDXL, precision="float32"), "cuda")
    assert not any(each.eight_bits for each in wide), "there is nothing to halve without loss"
    assert choose(SDXL, "mps", 4 * GIB).name == "cpu"


def test_the_cpu_computes_in_float32_and_says_where_it_is_too_small():
    roomy, tight = choose(SDXL, "cpu", 64 * GIB), choose(SDXL, "cpu", 8 * GIB)
    assert roomy.precision == "float32" and short(roomy) == "cpu" and short(tight) == "cpu+/"
    assert "too much" in choose(SDXL, "cpu", GIB).reason


def test_what_is_not_told_is_tried_whole():
    assert short(choose(SDXL, "cuda", None)) == "whole"


@pytest.mark.parametrize(
    ("mode", "kind", "name"),
    [("low", "cuda", _AWAY), ("lowest", "cuda", "streamed+/"), ("lowest", "mps", f"{_AWAY}/"), ("low", "cpu", "cpu+/")],
)
def test_a_user_may_ask_for_less(mode, kind, name):
    way = choose(SDXL, kind, 64 * GIB, mode)
    assert short(way) == name and mode in way.reason
    assert short(choose(SDXL, kind, None, mode)) == name


def test_out_of_memory_goes_down_the_same_list_to_the_cpu():
    """Tiles are left out here: a step takes more than decoding does."""
    every, seen = ways(Z_IMAGE, "cuda"), []
    way = choose(Z_IMAGE, "cuda", 24 * GIB)
    while way is not None:
        seen.append(short(way))
        way = after(way, every)
    assert seen == ["whole", _AWAY, f"{_AWAY}/", _EIGHT, f"{_EIGHT}/", _STREAMED, f"{_STREAMED}/"]
