"""The map between view and picture: exact both ways, at every zoom, on every screen."""

from __future__ import annotations

import pytest

from canvas.view.viewport import MAX_ZOOM, MIN_ZOOM, ZOOM_STOPS, Viewport, clip_rect, next_stop

PORT = Viewport(view=(900.0, 700.0), picture=(640, 480))


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [0.07, 0.5, 1.0, 1.37, 8.0])
def test_a_point_goes_to_the_picture_and_back(dpr: float, zoom: float) -> None:
    port = Viewport(view=(900.0, 700.0), picture=(640, 480), dpr=dpr).centred(zoom).panned(13.3, -7.7)
    for point in ((0.0, 0.0), (450.25, 311.5), (-80.0, 999.0)):
        assert port.to_view(*port.to_picture(*point)) == pytest.approx(point)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_the_place_under_the_cursor_stays_when_zooming(dpr: float) -> None:
    port = Viewport(view=(900.0, 700.0), picture=(640, 480), dpr=dpr).fitted()
    before = port.to_picture(333.0, 222.0)
    for factor in (1.2, 1.2, 3.0, 0.7):
        port = port.zoomed(port.zoom * factor, 333.0, 222.0)
    x, y = port.to_view(*before)
    # Snapping to screen pixels is half a pixel off at most: before (which the zoom enlarges) and after.
    slack = 0.5 + 0.5 * 1.2 * 1.2 * 3.0 * 0.7
    assert abs(x - 333.0) * dpr <= slack
    assert abs(y - 222.0) * dpr <= slack


@pytest.mark.parametrize("dpr", [1.0, 1.25, 1.5, 2.0])
def test_at_100_percent_a_picture_pixel_is_a_screen_pixel(dpr: float) -> None:
    port = Viewport(view=(901.0, 701.0), picture=(640, 480), dpr=dpr).centred(1.0)
    left, top = (value * dpr for value in port.to_view(0, 0))
    right, bottom = (value * dpr for value in port.to_view(640, 480))
    assert (right - left, bottom - top) == pytest.approx((640, 480))
    assert (left, top) == pytest.approx((round(left), round(top)))


def test_fit_shows_the_whole_picture_and_no_less() -> None:
    port = PORT.fitted(border=20.0)
    (left, top), (right, bottom) = port.to_view(0, 0), port.to_view(640, 480)
    assert left >= 19.5
    assert right <= 880.5
    assert top >= 19.5
    assert bottom <= 680.5
    assert (right - left) > 855 or (bottom - top) > 655


def test_zoom_stays_within_its_limits() -> None:
    assert PORT.zoomed(1e9, 0, 0).zoom == MAX_ZOOM
    assert PORT.zoomed(1e-9, 0, 0).zoom == MIN_ZOOM


def test_the_picture_cannot_be_lost_by_panning() -> None:
    for way in ((1e6, 1e6), (-1e6, -1e6)):
        port = PORT.centred(1.0).panned(*way)
        seen = clip_rect(port.view_rect((0, 0, 640, 480), margin=0), (900, 700))
        assert min(seen[2:]) >= 40


def test_another_window_size_keeps_the_picture_in_the_middle() -> None:
    port = PORT.centred(2.0).panned(50, 20)
    before = port.to_picture(450, 350)
    assert port.resized((500.0, 400.0), 1.0).to_picture(250, 200) == pytest.approx(before)


def test_another_screen_keeps_the_middle_and_the_picture_pixels() -> None:
    port = PORT.centred(2.0).panned(50, 20)
    before = port.to_picture(450, 350)
    moved = port.resized((900.0, 700.0), 2.0)
    assert moved.zoom == port.zoom
    assert moved.to_picture(450, 350) == pytest.approx(before, abs=0.5)


def test_rects_reach_over_every_pixel_that_they_touch() -> None:
    port = PORT.centred(1.37).panned(3.4, 5.6)
    x, y, w, h = port.view_rect((10, 20, 30, 40), margin=0)
    (left, top), (right, bottom) = port.to_view(10, 20), port.to_view(40, 60)
    assert x <= left
    assert y <= top
    assert x + w >= right
    assert y + h >= bottom
    assert port.picture_rect((x, y, w, h), margin=0)[2] >= 30


def test_picture_rects_end_at_the_picture() -> None:
    assert PORT.centred(1.0).picture_rect((-1000, -1000, 5000, 5000)) == (0, 0, 640, 480)
    assert PORT.centred(1.0).picture_rect((-1000, -1000, 10, 10))[2:] == (0, 0)


def test_zoom_steps_go_through_the_round_values() -> None:
    zoom, seen = MIN_ZOOM, [MIN_ZOOM]
    while zoom < MAX_ZOOM:
        zoom = next_stop(zoom, up=True)
        seen.append(zoom)
    assert tuple(seen) == ZOOM_STOPS
    assert next_stop(1.1, up=False) == 1.0
    assert next_stop(MIN_ZOOM, up=False) == MIN_ZOOM
