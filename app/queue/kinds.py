"""What the queue's list calls each kind of request, and its icon."""

from __future__ import annotations

from app.jobs import JobKind
from app.language import tr

ICONS = {
    JobKind.GENERATE: "ph.sparkle",
    JobKind.IMAGE: "ph.image",
    JobKind.REPAINT: "ph.paint-brush-broad",
    JobKind.VARY: "ph.shuffle",
    JobKind.VARY_BY_TOKENS: "ph.shuffle",
    JobKind.FILL: "ph.arrows-out",
    JobKind.REFINE: "ph.magnifying-glass-plus",
    JobKind.EDIT: "ph.text-t",
    JobKind.INSTRUCT: "ph.chat-text",
    JobKind.GRID: "ph.squares-four",
    JobKind.COMPARE: "ph.columns",
}


ALIGNED = (
    JobKind.GENERATE,
    JobKind.REPAINT,
    JobKind.VARY,
    JobKind.VARY_BY_TOKENS,
    JobKind.FILL,
    JobKind.REFINE,
    JobKind.EDIT,
    JobKind.INSTRUCT,
    JobKind.GRID,
)
"""The kinds whose words are of about one length: what comes after them begins at one place."""


def word_for(kind: JobKind) -> str:
    """The kind in a word."""
    return {
        JobKind.GENERATE: tr("Generate"),
        JobKind.IMAGE: tr("From picture"),
        JobKind.REPAINT: tr("Repaint"),
        JobKind.VARY: tr("Vary"),
        JobKind.VARY_BY_TOKENS: tr("Vary"),
        JobKind.FILL: tr("Fill"),
        JobKind.REFINE: tr("Refine"),
        JobKind.EDIT: tr("Edit words"),
        JobKind.INSTRUCT: tr("Instruction"),
        JobKind.GRID: tr("Grid"),
        JobKind.COMPARE: tr("Compare"),
    }[kind]


def repeated(kind: JobKind) -> str:
    """What +1 and +10 do after a request of that kind."""
    same = {
        JobKind.GENERATE: tr("The same scene again"),
        JobKind.IMAGE: tr("The last request again, from the same picture"),
        JobKind.REPAINT: tr("The last repaint again, of the same place in the same picture"),
        JobKind.VARY: tr("The last variation again, of the same picture"),
        JobKind.VARY_BY_TOKENS: tr("The last variation again, of the same picture"),
        JobKind.FILL: tr("The last fill again, around the same picture"),
        JobKind.REFINE: tr("The last refinement again, of the same picture"),
        JobKind.EDIT: tr("The last edit of words again"),
        JobKind.INSTRUCT: tr("The last instruction again, for the same picture"),
        JobKind.GRID: tr("The last grid again, all of it"),
    }.get(kind, tr("The same scene again"))
    return tr("{what}, each time with a new seed", what=same)
