"""Help > Painting Help: what hands and keys do on the canvas and in the prompt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.actions import Actions
from app.language import tr
from app.widgets.helpers import named, scrolling
from app.widgets.plain_text import PlainLabel

GESTURES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "On the canvas",
        (
            ("Drag", "Paint the chosen word"),
            ("Right-click", "Pick the word under the pointer; again for the one below"),
            ("Shift-click", "Draw a straight line from the last stroke"),
            ("Shift, Ctrl while drawing a shape", "Keep it square or round; draw it from its middle"),
            ("Shift, Ctrl before selecting", "Add to the selection; take away from it"),
            ("Ctrl-drag with the brush", "Make the brush larger or smaller"),
            ("Enter; Esc", "Apply a transformation or close a shape; cancel it"),
            ("Grips at the picture's edge", "Move the axes about which the brush repeats strokes"),
            ("Space, drag", "Move the picture; the middle button does too"),
            ("Shift+Space, drag", "Turn the view; two fingers do too"),
            ("Wheel", "Zoom"),
            ("Pen, upside down", "Erase"),
            ("Ctrl+Tab", "Go to the next control (Tab alone hides the paint)"),
            ("Arrows; with Shift", "Move a cursor by one pixel; by ten"),
            ("Space or Enter with that cursor", "Set the tool down and lift it again; Esc cancels"),
        ),
    ),
    (
        "Beside the canvas",
        (
            ("Drag out of a ruler", "Set a guide; drag it by its mark on the ruler, or off the picture to remove it"),
            (
                "Snap to Lines",
                "Shapes and moved paint snap to guides, the grid, and the edges and middle of the canvas",
            ),
            ("Click the reference picture", "Take its colour; the wheel zooms it, a drag moves it"),
        ),
    ),
    (
        "Colours under the words",
        (
            ("Colours in the list of words", "Choose them, and brush, shapes, bucket and gradient paint colours"),
            ("Alt-click", "Take the colour under the pointer, from the colours or the picture"),
            ("Strength of the colours", "How much of them the picture keeps, as it starts from them"),
            ("Pictures below the colours", "More layers to start from; the Tools menu keeps the picture as one"),
            ("Move and Transform", "They act on the colours while these are chosen, otherwise on the word's paint"),
        ),
    ),
    (
        "In the bar under the picture",
        (
            ("What is redone", "The selection, the chosen word's place or the whole picture, and how strongly"),
            (
                "Vary the Whole Picture (…)",
                "From noise that starts from it, or from its look and content, in other places",
            ),
            ("Find in the Picture (Word menu)", "Look for a word in any picture; paint, select or cut it out"),
            (
                "Describe the Picture; What Is Missing?",
                "Its words become the prompt, painted where they are; see which words did not come",
            ),
            ("Again", "Start again from what the picture started from; its file carries it"),
            ("Edit words", "Change words of the prompt: the picture stays, but for where they are painted"),
            ("Edit Words in Detail (…)", "How long words and shapes are kept, and more or less of each word"),
            ("Change by Instruction (Generate menu)", "Say how it should change, such as “make it winter”"),
            ("Keep to the Shape Exactly (…)", "What you repaint fills its area to the edge, and nothing spills out"),
            ("Refine, Extend", "Enlarge with new details; enlarge the canvas and fill the new part"),
        ),
    ),
    (
        "More than one picture",
        (
            ("Generate while one is being made", "Add one more to the queue"),
            ("The queue's button", "See what waits; move, cancel or pause it; +1 and +10 repeat the last request"),
            ("Machines (Generate menu)", "Let another machine make the pictures, or several at once"),
            ("Grid", "One picture for each seed, setting, strength or word, on one or two axes, and a sheet of all"),
        ),
    ),
    (
        "In the list of words",
        (
            ("A word's square", "Choose its colour and its pattern"),
            ("Drop a picture on its card", "The word takes its look; Ctrl+Shift+F finds one among your pictures"),
            (
                "Teach a Word, in the menu Word",
                "Make a word of your own pictures of a thing, and paint it like any other",
            ),
            ("Mood, beside the style pictures", "Lead pictures towards what your starred results have in common"),
            ("Sliders on its card", "Soft edge, fidelity, and what it does where it lies over others"),
        ),
    ),
    (
        "In the prompt",
        (
            ("Click a word", "Choose it for painting"),
            ("Click it again, or double-click", "Type there"),
            ("Drag over a phrase, Enter", "Paint the phrase"),
            ("Ctrl+Up, Ctrl+Down", "Make the word at the cursor stronger or weaker"),
            ("(word:1.3)", "Set the word's strength to 1.3"),
            ("{this|that}", "Take one of them, by the seed"),
            ("# text", "A note that is not read, to the end of the line"),
            ("Point at a word", "See where it went in the picture"),
            (
                "Start typing a word that the model knows",
                "The rest is offered: Tab or Enter accepts it, Esc closes the list",
            ),
        ),
    ),
    (
        "In the palette",
        (
            ("Click a noun", "It joins the prompt and goes on the brush; one that is already there is chosen"),
            ("Drag a noun onto the window", "The same"),
            ("Type, then Enter", "Find a noun and take it; the arrows go through the list"),
        ),
    ),
)
KEYS_TITLE = "Keys, with the pointer on the canvas"
KEYS = (
    "word.palette", "colour.paint", "colour.choose", "colour.swap", "tool.eyedropper",
    "brush.paint", "brush.erase", "tool.rectangle", "tool.ellipse", "tool.lasso", "tool.fill", "tool.move",
    "tool.transform", "view.coverage", "view.cells", "view.grid", "view.snap", "view.rulers",
    "view.mirror",
    "tool.select-rectangle", "select.none", "brush.smaller", "brush.larger", "word.fill", "word.fill_all", "word.clear",
    "word.type", "word.next", "word.previous", "view.overlays", "view.heatmaps", "view.fit", "generate.run",
)  # fmt: skip


class PaintingHelp(QDialog):
    """A table of gestures, and of the keys as they are set now."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Painting Help"))
        self.resize(660, 620)
        keys = tuple(
            (
                actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText),
                actions[name].text().replace("&", ""),
            )
            for name in KEYS
            if not actions[name].shortcut().isEmpty()
        )
        inside = named(QWidget(), "panel")
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 10, 16, 10)
        grid.setHorizontalSpacing(18)
        grid.setColumnStretch(1, 1)
        line = 0
        for title, entries in (*GESTURES, (KEYS_TITLE, keys)):
            head = named(PlainLabel(tr(title)), "section")
            head.setContentsMargins(0, 12 if line else 0, 0, 2)  # what belongs together stands together
            grid.addWidget(head, line, 0, 1, 2)
            line += 1
            for how, what in entries:
                grid.addWidget(PlainLabel(tr(how)), line, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(named(PlainLabel(tr(what), wordWrap=True), "muted"), line, 1)
                line += 1
        grid.setRowStretch(line, 1)
        done = QPushButton(tr("Close"))
        done.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.addWidget(scrolling(inside))
        column.addWidget(done, 0, Qt.AlignmentFlag.AlignHCenter)
