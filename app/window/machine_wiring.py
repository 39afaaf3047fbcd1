"""What the window says of the machine that is used: its name at the foot, and the banner where it is out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.language import tr

if TYPE_CHECKING:
    from app.window.main_window import MainWindow
    from engine.errors import EngineError


def connect(window: MainWindow) -> None:
    """Connect the machines with the list of models, the foot and the banner."""
    machines, said = window.machines, {"lost": ""}
    machines.changed.connect(window.library.list_models)
    machines.failed.connect(window.banner.show_error)
    machines.named.connect(window.status.show_machine)
    window.status.machine.clicked.connect(lambda _checked=False: machines.show())

    def lost(error: EngineError, name: str) -> None:
        here = (tr("Use This Computer"), lambda: machines.use(""))
        window.banner.show_error(error, buttons=(here, (tr("Machines…"), machines.show)))
        said["lost"] = window.banner.message

    def over() -> None:
        if said["lost"] and window.banner.message == said["lost"]:
            window.banner.dismiss()
        said["lost"] = ""

    def mended(name: str) -> None:
        over()
        window.status.say(tr("Connected to “{name}” again.", name=name))

    machines.lost.connect(lost)
    machines.mended.connect(mended)
    machines.used.connect(over)
