"""Words between their cards, the canvas and the document: who is chosen, painted, shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.actions import Actions
from app.language import tr
from app.session import Session
from app.widgets.helpers import listed
from app.words.panel import WordsPanel
from canvas.model import edits
from canvas.model.colour_layer import COLOURS
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from canvas.model.words import Span
from canvas.view.canvas_view import CanvasView

WORD_ACTIONS = tuple(
    f"word.{name}" for name in ("fill", "fill_all", "clear", "drop", "mirror", "flip", "lower", "raise")
)
COLOUR_ACTIONS = ("word.fill", "word.fill_all", "word.clear", "word.mirror", "word.flip")
"""What can be done with the colours, too."""


class WordsController(QObject):
    """Every edit goes to the document, and the cards show what the document says."""

    failed = Signal(object)
    settled = Signal()  # an edit went well after one that was refused: its message is of no use any more
    said = Signal(str)

    def __init__(self, session: Session, actions: Actions, *, panel: WordsPanel, view: CanvasView) -> None:
        super().__init__(view)
        self._session, self._document = session, session.document
        self._actions, self._panel, self._view = actions, panel, view
        self._complained = False  # whether an edit was refused, and the message still stands
        self._connect_panel()
        self._connect_actions()
        view.selected_word_changed.connect(session.choose_word)
        session.word_changed.connect(self._show_chosen)
        self._unsubscribe = session.document.subscribe(self._on_change)
        self._show()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    # from the prompt ---------------------------------------------------------------------------------------------
    def pick(self, span: Span) -> None:
        """Make a span of the prompt a word, or find the one that it is, and choose it."""
        before = [word.id for word in self._session.scene.words]

        def add() -> None:
            word_id = self._document.add_word(span)
            self._select(word_id)
            if word_id not in before:
                self.said.emit(tr("Paint where “{phrase}” should be.", phrase=self._session.scene.word(word_id).phrase))

        self._edit(add)

    def pick_to_paint(self, span: Span) -> None:
        """Pick a span: it is painted now, and the keys are the brush's, not the prompt's."""
        self.pick(span)
        self._view.setFocus()

    def attach(self, word_id: str, span: Span) -> bool:
        """Give a word and its paint to another span of the prompt; whether that could be."""
        if not self._edit(lambda: self._document.attach_word(word_id, span)):
            return False
        self._choose(word_id)
        return True

    def tell_lost(self) -> None:
        """Say which painted words are not in the prompt: their paint is left out of what is made."""
        scene = self._session.scene
        lost = [word.phrase for word in scene.words if word.span is None and not scene.masks[word.id].is_empty]
        if lost:
            names = listed([f"“{phrase}”" for phrase in lost])
            one = len(lost) == 1
            gone = (
                tr("{names} is no longer in the prompt and was ignored.", names=names)
                if one
                else (tr("{names} are no longer in the prompt and were ignored.", names=names))
            )
            self.said.emit(tr("{gone} Attach the paint to other text, or remove it.", gone=gone))

    # edits -------------------------------------------------------------------------------------------------------
    def _edit(self, change: Callable[[], object]) -> bool:
        """Make an edit; one that the scene refuses is explained and the cards go back to what is."""
        try:
            change()
        except CanvasError as error:
            self.failed.emit(error)
            self._complained = True
            self._show()
            return False
        if self._complained:
            self._complained = False
            self.settled.emit()
        return True

    def _give(self, word_id: str, span: Span) -> None:
        """Give a word's paint to other text, which is chosen then."""
        self._choose(self._document.give_paint(word_id, span))

    def _connect_panel(self) -> None:
        document, panel = self._document, self._panel
        panel.chosen.connect(self._choose)
        panel.strength_changed.connect(lambda word, value: self._edit(lambda: document.set_strength(word, value)))
        panel.window_changed.connect(lambda word, *ends: self._edit(lambda: document.set_window(word, ends)))
        panel.use_asked.connect(lambda word, *span: self.attach(word, span))
        panel.visible_changed.connect(lambda word, value: self._edit(lambda: document.set_visible(word, value)))
        panel.muted_changed.connect(lambda word, value: self._edit(lambda: document.set_muted(word, value)))
        panel.solo_changed.connect(lambda word, value: self._edit(lambda: document.set_solo(word, value)))
        panel.locked_changed.connect(lambda word, value: self._edit(lambda: document.set_locked(word, value)))
        panel.exclusive_changed.connect(lambda word, value: self._edit(lambda: document.set_exclusive(word, value)))
        panel.color_changed.connect(lambda word, value: self._edit(lambda: document.set_color(word, value)))
        panel.value_changed.connect(lambda *what: self._edit(lambda: document.set_of_word(*what)))
        panel.give_asked.connect(lambda word, *span: self._edit(lambda: self._give(word, span)))
        panel.copy_asked.connect(lambda word, *span: self._edit(lambda: self._choose(document.copy_paint(word, span))))
        panel.swap_asked.connect(lambda word, *span: self._edit(lambda: document.swap_paint(word, span)))
        panel.moved.connect(lambda word, before: self._edit(lambda: self._put(word, before)))
        panel.clear_asked.connect(lambda word: self._edit(lambda: document.clear_word(word)))
        panel.drop_asked.connect(lambda word: self._edit(lambda: document.remove_word(word)))
        panel.drop_gone_asked.connect(self._actions["word.drop_gone"].trigger)
        panel.edit_ended.connect(document.end_merge)

    def _connect_actions(self) -> None:
        document = self._document
        self._actions["word.drop_gone"].triggered.connect(self._drop_gone)
        for name, act in (
            ("word.fill", document.fill_rest),
            ("word.fill_all", document.fill_word),
            ("word.clear", document.clear_word),
            ("word.drop", document.remove_word),
            ("word.mirror", document.mirror_word),
            ("word.flip", lambda word: document.mirror_word(word, upright=True)),
        ):
            self._actions[name].triggered.connect(lambda _checked=False, act=act: self._with_chosen(act))
        for name, by in (("word.lower", -1), ("word.raise", 1)):
            self._actions[name].triggered.connect(lambda _checked=False, by=by: self._with_chosen(self._mover(by)))
        self._actions["word.find"].triggered.connect(lambda: self._panel.search.ask())
        self._panel.search.left.connect(self._view.setFocus)
        self._actions["word.next"].triggered.connect(lambda: self._step(1))
        self._actions["word.previous"].triggered.connect(lambda: self._step(-1))

    def _put(self, word_id: str, before: str) -> None:
        """Put a word before another one in the list, or at its end."""
        others = [word.id for word in self._session.scene.words if word.id != word_id]
        self._document.move_word(word_id, others.index(before) if before in others else len(others))

    def _mover(self, by: int) -> Callable[[str], object]:
        def move(word_id: str) -> None:
            ids = [word.id for word in self._session.scene.words]
            if word_id in ids:
                self._document.move_word(word_id, ids.index(word_id) + by)

        return move

    def _select(self, word_id: str) -> None:
        self._session.choose_word(word_id)
        self._view.set_selected_word(word_id)  # who chooses a word, if the same again, wants to see its paint

    def _choose(self, word_id: str) -> None:
        self._select(word_id)
        self._view.setFocus()

    def _drop_gone(self) -> None:
        self._document.apply(edits.remove_gone(self._session.scene), "Remove words not in the prompt")

    def _with_chosen(self, act: Callable[[str], object]) -> None:
        word_id = self._session.word
        if word_id is None:
            self.said.emit(tr("Click a word in the prompt first."))
        elif word_id != COLOURS:  # whose controller does it
            self._edit(lambda: act(word_id))

    def _step(self, by: int) -> None:
        scene, chosen = self._session.scene, self._session.word
        ids = [*(word.id for word in scene.words), *(style.id for style in scene.styles if style.area)]
        if ids:
            here = ids.index(chosen) + by if chosen in ids else (0 if by > 0 else -1)
            self._select(ids[here % len(ids)])

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        kinds = change.kinds
        if kinds == {"live"}:
            return
        another = "all" in kinds and "size" not in kinds
        if another:
            self._panel.forget()
        if kinds & {"all", "prompt", "words", "masks", "size", "settings"}:
            self._show()
        elif "styles" in kinds:
            self._panel.take_note(self._session.scene)
        words = self._session.scene.words
        if another and self._session.word is None and words:
            self._select(words[0].id)

    def _show_chosen(self, word_id: str) -> None:
        self._view.set_selected_word(word_id or None)
        self._show()
        self._panel.reveal(word_id)

    def _show(self) -> None:
        scene, chosen = self._session.scene, self._session.word
        self._panel.show_scene(scene, chosen)
        for name in WORD_ACTIONS:
            self._actions[name].setEnabled(chosen is not None and (chosen != COLOURS or name in COLOUR_ACTIONS))
        self._actions["word.drop_gone"].setEnabled(any(word.span is None for word in scene.words))
