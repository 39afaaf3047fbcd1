"""The Style dock says whether the model takes styles, and where an IP-Adapter would let it, how to get one."""

from __future__ import annotations

import dataclasses

from app.styles.panel import StylePanel
from app.widgets.theme import Theme
from tests.fake_executor import CONDITIONED, TINY


def test_the_dock_says_how_to_get_an_ip_adapter(qapp):
    panel = StylePanel(Theme(qapp))
    panel.show_model(CONDITIONED)
    assert panel.cannot.isHidden()
    panel.show_model(TINY)
    assert not panel.cannot.isHidden() and "kept for a model that can" in panel.cannot.text()
    panel.show_model(dataclasses.replace(TINY, styles_help="Get ip-adapter_sd15.safetensors and put it there."))
    assert "needs an IP-Adapter" in panel.cannot.text() and "Get ip-adapter_sd15.safetensors" in panel.cannot.text()
    panel.show_model(dataclasses.replace(TINY, takes_styles=True))
    assert panel.cannot.isHidden()
