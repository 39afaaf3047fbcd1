"""Masks keep their area down to the coarsest level, and become A with strengths, windows and overlaps in it."""

from __future__ import annotations

import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image

from canvas.model.tiled_mask import area_reduce
from engine.attention.mask_reduction import MaskCache, level_sizes, reduce_mask
from engine.attention.masks import Paint, check_word, layout_level, mask_from_image, paint_matrix
from engine.errors import BadMask, BadRequest
from engine.protocol import PaintedWord


def word(mask: np.ndarray, *, revision=0, **fields) -> PaintedWord:
    return PaintedWord(span=(0, 1), mask=mask, revision=revision, **fields)


def half(height: int = 64, width: int = 64) -> np.ndarray:
    mask = np.zeros((height, width), np.uint8)
    mask[: height // 2] = 255
    return mask


def brute_force(mask: np.ndarray, size: tuple[int, int], cell: int) -> np.ndarray:
    """The definition, cell by cell in float64."""
    out = np.zeros(size)
    for y in range(size[0]):
        for x in range(size[1]):
            out[y, x] = mask[y * cell : (y + 1) * cell, x * cell : (x + 1) * cell].mean(dtype=np.float64) / 255
    return out


# Levels


def test_levels_halve_and_round_up():
    assert level_sizes(63, 97, 4) == [(63, 97), (32, 49), (16, 25), (8, 13)]
    assert level_sizes(1, 2, 3) == [(1, 2), (1, 1), (1, 1)]


def test_a_whole_division_is_the_mean_of_each_block():
    mask = np.random.default_rng(0).integers(0, 256, (64, 96), dtype=np.uint8)
    expected = mask.reshape(8, 8, 12, 8).mean(axis=(1, 3), dtype=np.float64) / 255
    reduced = reduce_mask(mask, (8, 12))
    assert reduced.dtype == np.float32
    np.testing.assert_allclose(reduced, expected, atol=1e-6)


@pytest.mark.parametrize("level", range(4))
def test_cells_at_the_edge_average_the_part_inside_the_picture(level):
    mask = np.random.default_rng(level).integers(0, 256, (63 * 8, 97 * 8), dtype=np.uint8)
    size, cell = level_sizes(63, 97, 4)[level], 8 * 2**level
    np.testing.assert_allclose(reduce_mask(mask, size, cell=(cell, cell)), brute_force(mask, size, cell), atol=1e-6)


@pytest.mark.parametrize("size", [(63, 97), (32, 49), (8, 13), (7, 5)])
def test_even_division_keeps_the_painted_share_exactly_and_agrees_with_the_canvas(size):
    mask = np.random.default_rng(1).integers(0, 256, (504, 776), dtype=np.uint8)
    reduced = reduce_mask(mask, size)
    assert reduced.mean(dtype=np.float64) == pytest.approx(mask.mean() / 255, abs=1e-6)
    np.testing.assert_allclose(reduced, area_reduce(mask, size[::-1]), atol=1e-5)


def test_a_small_disc_survives_at_the_coarsest_level_wherever_it_is():
    y, x = np.mgrid[:512, :512]
    rng = np.random.default_rng(2)
    area = 0.0
    for cy, cx in rng.uniform(12, 500, (50, 2)):
        disc = np.where((y - cy) ** 2 + (x - cx) ** 2 <= 144, 255, 0).astype(np.uint8)
        reduced = reduce_mask(disc, (8, 8), cell=(64, 64))
        assert reduced.max() > 0.02
        area += abs(float(reduced.sum()) * 64 * 64 - float((disc > 0).sum()))
    assert area / 50 < 0.1


def test_soft_values_stay_soft():
    mask = np.full((32, 32), 51, np.uint8)
    np.testing.assert_allclose(reduce_mask(mask, (4, 4)), 0.2, atol=1e-6)


# A


def test_strength_scales_and_overlaps_add():
    left, right = np.array([[1.0, 0.5]], np.float32), np.array([[0.0, 0.5]], np.float32)
    matrix = paint_matrix([left, right], [(1, 2), (2,)], [2.0, -1.0], pixels=2, tokens=4)
    np.testing.assert_allclose(matrix, [[0, 2, 2, 0], [0, 1, 0.5, 0]])


def test_no_words_give_a_matrix_of_zeros():
    assert paint_matrix([], [], [], pixels=6, tokens=3).tolist() == [[0.0] * 3] * 6


def test_paint_is_laid_out_row_by_row_at_every_level():
    mask = np.zeros((40, 72), np.uint8)
    mask[:16, 64:] = 255
    paint = Paint([word(mask, strength=1.5)], [(3,)], latent_size=(5, 9), levels=3, tokens=5)
    fine, middle, coarse = paint.matrices(paint.active(0.5))
    assert [matrix.shape for matrix in (fine, middle, coarse)] == [(45, 5), (15, 5), (6, 5)]
    assert np.flatnonzero(fine[:, 3]).tolist() == [8, 17] and fine.max() == 1.5
    assert np.flatnonzero(middle[:, 3]).tolist() == [4] and middle[4, 3] == pytest.approx(1.5)
    assert coarse[2, 3] == pytest.approx(1.5 * 16 / 32)
    assert not fine[:, [0, 1, 2, 4]].any()


def test_windows_that_meet_share_no_step_and_leave_none_out():
    first, second = word(half(), window=(0.0, 0.3)), word(half(), window=(0.3, 1.0))
    paint = Paint([first, second], [(1,), (2,)], latent_size=(8, 8), levels=1, tokens=4)
    for steps in (1, 2, 7, 20, 50):
        assert all(len(paint.active((index + 0.5) / steps)) == 1 for index in range(steps))
    assert [paint.active((index + 0.5) / 10) for index in (0, 2, 3, 9)] == [(0,), (0,), (1,), (1,)]
    assert paint.active(1.0) == (1,)


def test_words_without_paint_or_strength_or_window_never_act():
    blank = np.zeros((64, 64), np.uint8)
    words = [word(blank), word(half(), strength=0.0), word(half(), window=(0.5, 0.5)), word(half())]
    paint = Paint(words, [(1,), (2,), (3,), (4,)], latent_size=(8, 8), levels=1, tokens=6)
    assert {paint.active(index / 20) for index in range(21)} == {(3,)}


def test_matrices_of_the_same_words_are_built_once():
    paint = Paint([word(half())], [(1,)], latent_size=(8, 8), levels=2, tokens=4)
    assert paint.matrices((0,)) is paint.matrices((0,))
    assert not any(matrix.any() for matrix in paint.matrices(()))


# The cache


def test_a_mask_is_reduced_once_for_what_it_holds_whatever_its_revision(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "engine.attention.mask_reduction.reduce_mask", lambda *args, **kw: calls.append(1) or reduce_mask(*args, **kw)
    )
    cache = MaskCache()

    def build(*masks, revisions=(None, None)):
        words = [word(mask, revision=revision) for mask, revision in zip(masks, revisions, strict=False)]
        paint = Paint(words, [(1,)] * len(words), latent_size=(8, 8), levels=3, tokens=4, cache=cache)
        paint.matrices((0, 1))
        return paint, len(calls)

    upper, lower = half(), half()[::-1].copy()
    assert build(upper, lower)[1] == 6
    assert build(upper.copy(), lower.copy())[1] == 6
    assert build(upper, lower, revisions=(1, 2))[1] == 6
    # Two requests, or two programs, may count their revisions alike: each word has its own paint all the same.
    paint, count = build(lower, upper, revisions=(1, 2))
    assert count == 6 and paint.coverage(0, 2).ravel().tolist() == [0, 0, 1, 1]
    assert paint.coverage(1, 2).ravel().tolist() == [1, 1, 0, 0]
    assert build(lower, half(32, 64).repeat(2, axis=0), revisions=(1, 1))[1] == 6, "the same content as the upper half"


def test_a_mask_is_hashed_once_for_each_request_and_not_again_for_a_revision_that_is_known(monkeypatch):
    from engine.attention import mask_reduction

    hashed = []
    whole = mask_reduction.hashlib.blake2b
    monkeypatch.setattr(mask_reduction.hashlib, "blake2b", lambda *args, **kw: hashed.append(1) or whole(*args, **kw))
    cache, mask = MaskCache(), half()
    for expected, revision in ((1, None), (2, None), (3, 7), (3, 7), (4, 8)):
        paint = Paint([word(mask, revision=revision)], [(1,)], latent_size=(8, 8), levels=3, tokens=4, cache=cache)
        paint.matrices((0,))
        assert len(hashed) == expected


def test_the_cache_tells_sizes_apart_and_stays_within_its_bytes():
    mask = half()
    content = MaskCache().content(word(mask))
    cache = MaskCache(capacity=4 * (16 + 4 + 12) - 1)
    coarse = cache.reduce(mask, (4, 4), (16.0, 16.0), content=content)
    assert cache.reduce(mask, (2, 2), (32.0, 32.0), content=content).shape == (2, 2)
    assert cache.reduce(mask, (4, 4), (16.0, 16.0), content=content) is coarse
    cache.reduce(mask, (3, 4), (21.0, 16.0), content=content)
    assert len(cache) == 2 and cache.reduce(mask, (4, 4), (16.0, 16.0), content=content) is coarse
    large = cache.reduce(mask, (64, 64), (1.0, 1.0), content=content)
    assert len(cache) == 1 and cache.reduce(mask, (64, 64), (1.0, 1.0), content=content) is large


def test_a_large_mask_is_reduced_without_large_tables():
    mask = np.zeros((4096, 4096), np.uint8)
    mask[:1000, 500:] = 255
    tracemalloc.start()
    reduced = reduce_mask(mask, (512, 512))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 << 20, "the mask itself has 16 MiB, one of float32 64 MiB"
    assert reduced.mean() == pytest.approx(mask.mean() / 255, rel=1e-6)


# Levels


def test_masks_are_reduced_only_where_there_is_attention(monkeypatch):
    sizes = []
    monkeypatch.setattr(
        "engine.attention.mask_reduction.reduce_mask",
        lambda mask, size, **kw: sizes.append(size) or reduce_mask(mask, size, **kw),
    )
    paint = Paint([word(half())], [(1,)], latent_size=(8, 8), levels=3, tokens=4, used=(1, 2))
    finest, middle, coarse = paint.matrices((0,))
    assert sizes == [(4, 4), (2, 2)]
    assert (finest.shape, middle.shape, coarse.shape) == ((0, 4), (16, 4), (4, 4))


@pytest.mark.parametrize(
    ("native", "used", "latent", "layout"),
    [
        ((64, 64), (0, 1, 2, 3), (64, 64), (1, 2, 3)),  # Stable Diffusion at its own 512x512
        ((64, 64), (0, 1, 2, 3), (96, 96), (1, 2, 3)),  # and at 768x768, where level 1 has 2304 pixels
        ((64, 64), (0, 1, 2, 3), (32, 32), (0, 1, 2, 3)),  # a small picture has few pixels everywhere
        ((128, 128), (1, 2), (128, 128), (2,)),  # Stable Diffusion XL at 1024x1024
        ((128, 128), (1, 2), (128, 160), (2,)),  # and at 1280x1024, where level 2 has 1280 pixels
        ((128, 128), (1, 2), (64, 64), (1, 2)),
        ((16, 16), (0, 1, 2), (16, 16), (0, 1, 2)),  # the starter
        ((512, 512), (0, 1), (512, 512), (1,)),  # the deepest level always counts
    ],
)
def test_what_carries_layout_follows_the_models_own_size(native, used, latent, layout):
    levels = max(used) + 1
    first = layout_level(native, levels, used)
    mask = np.zeros((latent[0] * 8, latent[1] * 8), np.uint8)
    paint = Paint([word(mask)], [(1,)], latent_size=latent, levels=levels, tokens=4, used=used, layout_from=first)
    assert paint.layout == layout


# Bad words


@pytest.mark.parametrize(
    "mask", [np.zeros((64, 32), np.uint8), np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), np.float32), [[0]]]
)
def test_a_mask_of_another_size_or_kind_is_refused(mask):
    with pytest.raises(BadMask) as caught:
        check_word(word(mask), width=64, height=64)
    assert caught.value.hint


@pytest.mark.parametrize("strength", [float("nan"), float("inf"), float("-inf"), "1"])
def test_a_strength_that_is_no_number_is_refused(strength):
    with pytest.raises(BadRequest, match="strength"):
        check_word(word(half(), strength=strength), width=64, height=64)


@pytest.mark.parametrize("window", [(0.6, 0.4), (-0.1, 1.0), (0.0, 1.1), (float("nan"), 1.0)])
def test_a_window_out_of_order_is_refused(window):
    with pytest.raises(BadRequest, match="window"):
        check_word(word(half(), window=window), width=64, height=64)


def test_words_with_masks_of_different_sizes_are_refused():
    with pytest.raises(BadMask):
        Paint([word(half()), word(half(32, 32))], [(1,), (2,)], latent_size=(8, 8), levels=1, tokens=4)


# Pictures


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "RGBA", "P", "LA"])
def test_a_grey_picture_of_any_mode_is_a_mask(tmp_path, mode):
    grey = Image.fromarray(half(16, 24))
    grey.convert(mode).save(tmp_path / "mask.png")
    mask = mask_from_image(tmp_path / "mask.png", size=(24, 16))
    assert mask.dtype == np.uint8 and mask.flags.writeable
    np.testing.assert_array_equal(mask, half(16, 24))


def test_sixteen_bit_grey_keeps_its_upper_byte(tmp_path):
    Image.fromarray(np.array([[0, 32768, 65535]], np.uint16)).save(tmp_path / "mask.png")
    assert mask_from_image(tmp_path / "mask.png").tolist() == [[0, 128, 255]]


def test_a_pillow_image_is_taken_too():
    np.testing.assert_array_equal(mask_from_image(Image.fromarray(half())), half())


def test_a_picture_of_another_size_names_both_sizes(tmp_path):
    Image.new("L", (10, 20)).save(tmp_path / "mask.png")
    with pytest.raises(BadMask, match=r"10x20.*32x32"):
        mask_from_image(tmp_path / "mask.png", size=(32, 32))


@pytest.mark.parametrize(
    "image",
    [
        Image.merge("RGB", [Image.linear_gradient("L"), Image.new("L", (256, 256)), Image.new("L", (256, 256))]),
        Image.new("CMYK", (8, 8), (255, 0, 0, 0)),
        Image.new("F", (8, 8), -1.0),
        Image.new("F", (8, 8), float("nan")),
    ],
    ids=["colours", "CMYK", "below 0", "no number"],
)
def test_a_picture_that_is_not_grey_is_refused(image):
    with pytest.raises(BadMask) as caught:
        mask_from_image(image)
    assert "grey" in caught.value.hint


def test_a_mask_stands_upright_as_its_orientation_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(half(16, 24)).save(tmp_path / "turned.png", exif=exif)
    mask = mask_from_image(tmp_path / "turned.png", size=(16, 24))
    np.testing.assert_array_equal(mask, np.rot90(half(16, 24), -1))
    with pytest.raises(BadMask, match="16x24"):
        mask_from_image(tmp_path / "turned.png", size=(24, 16))


def test_files_that_are_no_pictures_are_refused(tmp_path):
    (tmp_path / "text.png").write_text("not a picture")
    Image.fromarray(half()).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:60])
    (tmp_path / "folder.png").mkdir()
    for name in ("text.png", "cut.png", "folder.png", "missing.png"):
        with pytest.raises(BadMask) as caught:
            mask_from_image(str(tmp_path / name))
        assert name in caught.value.message and caught.value.hint


def test_a_picture_too_large_to_be_true_is_refused(tmp_path):
    png = bytearray(Image.new("L", (12, 12))._repr_png_())
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    (tmp_path / "bomb.png").write_bytes(png)
    with pytest.raises(BadMask, match="too many pixels"):
        mask_from_image(tmp_path / "bomb.png")
