"""The one table of actions and shortcuts, and the QActions made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.preferences import Preferences
from app.widgets.plain_text import plain_tip
from app.widgets.theme import Theme

Standard = QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionSpec:
    """One row of the table; `keys` are portable texts or a standard key of the platform."""

    name: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] | Standard = ()
    tip: str = ""
    checkable: bool = False


TABLE: tuple[ActionSpec, ...] = (
    ActionSpec("file.new", "&New", "ph.file-plus", Standard.New, "Start an empty scene"),
    ActionSpec("file.open", "&Open…", "ph.folder-open", Standard.Open, "Open a scene, or a picture that contains one"),
    ActionSpec("file.save", "&Save", "ph.floppy-disk", Standard.Save, "Save the scene"),
    ActionSpec("file.save_as", "Save &As…", "", ("Ctrl+Shift+S",), "Save the scene under another name"),
    ActionSpec("file.export", "&Export Picture…", "ph.export", ("Ctrl+E",),
               "Save the picture on the canvas as PNG, WebP or JPEG"),
    ActionSpec("file.metadata", "Export With &Metadata", "", (), "Keep prompt, paint and seed inside exported pictures",
               True),
    ActionSpec("file.import_map", "&Import Colour Map…", "", (), "Turn a picture of flat colours into painted words"),
    ActionSpec("file.export_map", "Export &Colour Map…", "", (),
               "Save the paint as a picture of flat colours, with a table"),
    ActionSpec("file.recover", "&Recover Unsaved Scenes…", "", (),
               "See the scenes that a crash left unsaved, and restore them"),
    ActionSpec("file.quit", "&Quit", "", ("Ctrl+Q",), "Close Wordbrush"),
    ActionSpec("edit.undo", "&Undo", "ph.arrow-u-up-left", Standard.Undo, "Undo"),
    ActionSpec("edit.redo", "&Redo", "ph.arrow-u-up-right", ("Ctrl+Shift+Z", "Ctrl+Y"), "Redo"),
    ActionSpec("edit.preferences", "Pre&ferences…", "ph.gear-six", ("Ctrl+,",),
               "Theme, language, folders, memory and keys on one page, with a search"),
    ActionSpec("edit.shortcuts", "&Keyboard Shortcuts…", "ph.keyboard", (), "See and change all keyboard shortcuts"),
    ActionSpec("word.paint", "&Paint This Phrase", "ph.highlighter-circle", ("Ctrl+P",),
               "Paint the phrase that is selected in the prompt"),
    ActionSpec("word.palette", "P&alette…", "ph.squares-four", ("A",),
               "Choose what to paint from pictures; it joins the prompt and goes on the brush"),
    ActionSpec("word.next", "&Next Word", "", ("Ctrl+Down",), "Choose the next painted word"),
    ActionSpec("word.previous", "Pre&vious Word", "", ("Ctrl+Up",), "Choose the previous painted word"),
    ActionSpec("word.type", "&Edit the Prompt", "", ("F2",), "Type in the prompt, after the chosen word"),
    ActionSpec("word.fill", "&Fill the Rest", "ph.square-half", ("Shift+Backspace",),
               "Paint the chosen word wherever no other word has paint; Shift-click fills everything"),
    ActionSpec("word.fill_all", "Fill &Everything", "", ("Ctrl+Shift+Backspace",),
               "Paint the chosen word over the whole canvas, other words included"),
    ActionSpec("word.clear", "&Clear", "ph.backspace", ("Del",), "Remove all paint of the chosen word"),
    ActionSpec("word.drop", "&Remove Word", "ph.trash", (), "Remove the chosen word from the list, with its paint"),
    ActionSpec("word.drop_gone", "Remove Words &Not in the Prompt", "", (),
               "Remove all words that are no longer in the prompt, with their paint"),
    ActionSpec("word.keep", "&Keep It Where It Is", "ph.push-pin", ("Ctrl+Shift+K",),
               "Paint the chosen word, or the one whose heatmap is shown, where the picture has it"),
    ActionSpec("word.seek", "F&ind in the Picture…", "ph.magnifying-glass", (),
               "Find a word in the picture on the canvas, whoever made it, and paint, select or cut it out"),
    ActionSpec("word.describe", "Descri&be the Picture", "ph.text-align-left", (),
               "Make what the picture shows the prompt, with its words painted where they are"),
    ActionSpec("word.cut_out", "C&ut Out to PNG…", "ph.scissors", (),
               "Save the chosen word as a PNG with nothing around it, cut by its heatmap and the picture's edges"),
    ActionSpec("word.cut_out_layer", "Cut Out to a La&yer", "", (),
               "Cut the chosen word out of the picture, as a layer that the next picture starts from"),
    ActionSpec("word.strengthen", "&Boost Weak Words", "ph.arrow-fat-lines-up", ("Ctrl+Shift+Return",),
               "Make the words that may be missing stronger, and generate again with the same seed"),
    ActionSpec("brush.paint", "&Brush", "ph.paint-brush", ("B",), "Paint where the chosen word should be", True),
    ActionSpec("brush.erase", "&Eraser", "ph.eraser", ("E",), "Take paint away", True),
    ActionSpec("tool.line", "&Line", "ph.line-segment", ("Shift+L",), "Draw a straight line with the brush", True),
    ActionSpec("tool.rectangle", "&Rectangle", "ph.rectangle", ("R",), "Paint a rectangle", True),
    ActionSpec("tool.ellipse", "&Ellipse", "ph.circle", ("O",), "Paint an ellipse", True),
    ActionSpec("tool.lasso", "L&asso", "ph.scribble-loop", ("L",), "Paint what you draw around", True),
    ActionSpec("tool.polygon", "&Polygon", "ph.polygon", ("Shift+P",), "Paint a shape, corner by corner", True),
    ActionSpec("tool.fill", "&Bucket", "ph.paint-bucket", ("F",), "Fill up to the paint of other words", True),
    ActionSpec("tool.gradient", "&Gradient", "ph.circle-half-tilt", ("G",), "Let a word's paint fade out", True),
    ActionSpec("tool.radial", "Rou&nd Gradient", "ph.record", ("Shift+G",),
               "Let a word's paint fade out from a point on all sides", True),
    ActionSpec("tool.move", "&Move", "ph.arrows-out-cardinal", ("V",),
               "Move the chosen word's paint, or the selected part of it", True),
    ActionSpec("tool.transform", "&Transform", "ph.bounding-box", ("T",),
               "Scale, turn, mirror and move the chosen word's paint, or the selected part of it", True),
    ActionSpec("tool.pick", "Word Pic&ker", "ph.eyedropper", ("P",), "Pick a word from the canvas", True),
    ActionSpec("tool.eyedropper", "Eye&dropper", "ph.eyedropper-fill", ("I",),
               "Take a colour from the painted colours or from the picture", True),
    ActionSpec("colour.paint", "Paint &Colours", "ph.palette", ("C",),
               "Paint colours under the words for the picture to start from"),
    ActionSpec("colour.choose", "C&hoose a Colour…", "", ("Shift+C",), "Choose the colour to paint with"),
    ActionSpec("colour.swap", "S&wap the Two Colours", "", ("X",), "Paint with the other colour"),
    ActionSpec("colour.from_picture", "&Take the Picture's Colours", "", (),
               "Turn the picture on the canvas, or the selected part of it, into colours to start from"),
    ActionSpec("layer.keep", "&Keep the Picture as a Layer", "", ("Ctrl+Alt+K",),
               "Turn the picture on the canvas, or the selected part of it, into a layer to start from"),
    ActionSpec("colour.clear", "Clear the C&olours", "ph.backspace", (),
               "Remove the painted colours, or the selected part of them"),
    ActionSpec("tool.select-rectangle", "Select a &Rectangle", "ph.selection", ("S",), "Select a rectangle", True),
    ActionSpec("tool.select-ellipse", "Select an &Ellipse", "ph.circle-dashed", ("Shift+O",), "Select an ellipse",
               True),
    ActionSpec("tool.select-lasso", "Select With a &Lasso", "ph.path", ("Shift+S",),
               "Select what you draw around", True),
    ActionSpec("tool.select-polygon", "Select a &Polygon", "ph.bounding-box", (),
               "Select a shape, corner by corner", True),
    ActionSpec("select.none", "Select &Everything", "", ("Ctrl+Shift+A",), "End the selection: tools work everywhere"),
    ActionSpec("select.invert", "&Invert", "", ("Ctrl+Shift+I",), "Select what is not selected"),
    ActionSpec("select.word", "From the &Word's Paint", "", ("Ctrl+Shift+W",),
               "Select where the chosen word is painted"),
    ActionSpec("select.heatmap", "From the &Heatmap", "", (), "Select where the chosen word went in the picture"),
    ActionSpec("select.seek", "A W&ord in the Picture…", "", (), "Find a word in the picture and select it"),
    ActionSpec("select.grow", "&Grow…", "", (), "Move the edge of the selection outwards"),
    ActionSpec("select.shrink", "&Shrink…", "", (), "Move the edge of the selection inwards"),
    ActionSpec("select.feather", "&Feather…", "", (), "Make the edge of the selection soft"),
    ActionSpec("word.lower", "Move &Up in the List", "", ("Ctrl+Shift+Up",),
               "Put the chosen word before the one above it: its paint lies below"),
    ActionSpec("word.raise", "Move &Down in the List", "", ("Ctrl+Shift+Down",),
               "Put the chosen word after the one below it: its paint lies on top"),
    ActionSpec("word.overlap_add", "&Add", "", (), "Where words overlap, all of them act in full", True),
    ActionSpec("word.overlap_top", "&Top Wins", "", (),
               "Where words overlap, only the one on top (lower in the list) acts", True),
    ActionSpec("word.overlap_share", "&Share", "", (),
               "Where words overlap, they act together with the strength of one", True),
    ActionSpec("word.find", "Fin&d in the List", "", ("Ctrl+F",), "Find a word in the list of words"),
    ActionSpec("word.teach", "Teac&h a Word…", "ph.graduation-cap", (),
               "Teach the model a new word from pictures of yours, while you paint on"),
    ActionSpec("word.mirror", "Mirror Lef&t to Right", "", (), "Mirror the chosen word's paint"),
    ActionSpec("word.flip", "Mirror &Upside Down", "", (), "Turn the chosen word's paint upside down"),
    ActionSpec("brush.smaller", "&Smaller Brush", "", ("[",), "Make the brush smaller"),
    ActionSpec("brush.larger", "&Larger Brush", "", ("]",), "Make the brush larger"),
    ActionSpec("brush.pressure_size", "Pen Pressure Changes Si&ze", "ph.pen-nib", (),
               "The harder the pen presses, the wider the brush", True),
    ActionSpec("brush.pressure_opacity", "Pen Pressure Changes Op&acity", "", (),
               "The harder the pen presses, the more paint it leaves", True),
    ActionSpec("brush.mirror_x", "Mirror Strokes &Left to Right", "ph.arrows-out-line-horizontal", ("Shift+X",),
               "Each stroke is painted on the other side of the canvas too", True),
    ActionSpec("brush.mirror_y", "Mirror Strokes &Top to Bottom", "ph.arrows-out-line-vertical", ("Shift+Y",),
               "Each stroke is painted above or below the middle too", True),
    ActionSpec("brush.middle", "Axes Back to the M&iddle", "", (),
               "Drag the grips at the picture's edge to move the axes; this puts them back"),
    ActionSpec("brush.settings", "Brush S&ettings", "ph.sliders-horizontal", ("F5",),
               "Flow, spacing, smoothing, mirrors and saved brushes"),
    ActionSpec("brush.curve", "Pen Pressure &Curve…", "", (), "Try the pen, and set how hard it has to be pressed"),
    ActionSpec("brush.save", "&Save This Brush…", "", (), "Keep size, hardness, flow and the rest under a name"),
    *(ActionSpec(f"brush.{number}", f"Brush &{number}", "", (str(number),), f"Use saved brush {number}")
      for number in range(1, 10)),
    ActionSpec("view.overlays", "Show &Paint", "ph.eye", ("Tab",), "Show or hide the paint over the picture", True),
    ActionSpec("view.paint_only", "Paint &Only", "", (), "Show the paint on paper, without the picture", True),
    ActionSpec("view.coverage", "O&verlaps and Gaps", "ph.intersect", ("W",),
               "Hatch where words overlap and where no word is painted; hold the key for a look", True),
    ActionSpec("view.cells", "Paint as the &Model Sees It", "ph.grid-four", ("N",),
               "Show the paint in the coarsest cells of the model's attention; hold the key for a look", True),
    ActionSpec("view.heatmaps", "Show Heat&map", "ph.fire", ("H",),
               "Show where the chosen word went in the picture, until the next stroke", True),
    ActionSpec("view.heatmap_pointer", "Heatmap Under the Poi&nter", "", (),
               "Point at a word, in the prompt or in the list, to see where it went", True),
    ActionSpec("view.rest", "&Hide Paint on New Pictures", "", (),
               "A new picture shows without the paint, which comes back as soon as you paint", True),
    ActionSpec("view.timeline", "Noise &Timeline", "", (), "Show which expert works at which noise level", True),
    ActionSpec("view.zen", "&Zen Mode", "ph.corners-out", ("F11",),
               "Only the picture and one line of the prompt; Esc brings the rest back", True),
    ActionSpec("view.next_area", "Go to the Next A&rea", "", ("F6",),
               "Move the keyboard to the next part of the window: prompt, picture, words, style, settings, results"),
    ActionSpec("view.previous_area", "Go to the Previous Ar&ea", "", ("Shift+F6",),
               "Move the keyboard to the previous part of the window"),
    ActionSpec("view.grid", "&Grid", "", ("Ctrl+'",), "Show a grid over the picture", True),
    ActionSpec("view.grid_size", "Gri&d Size…", "", (), "Choose how large the squares of the grid are"),
    ActionSpec("view.snap", "S&nap to Lines", "", ("Shift+N",),
               "Shapes, lines and moved paint snap to guides, the grid, and the edges and middle of the "
               "canvas", True),
    ActionSpec("view.guides_clear", "Remo&ve All Guides", "", (),
               "Remove all guides; drag new ones out of the rulers"),
    ActionSpec("view.rulers", "Rul&ers", "", ("Shift+R",),
               "Measure the picture in pixels along the top and the left; drag guides out of them", True),
    ActionSpec("view.mirror", "M&irror the View", "", ("M",),
               "See the picture mirrored, with a fresh eye; the picture itself does not change", True),
    ActionSpec("view.turn_left", "Turn the View &Left", "", ("Ctrl+[",), "Turn the view to the left by 15 degrees"),
    ActionSpec("view.turn_right", "Turn the View &Right", "", ("Ctrl+]",), "Turn the view to the right by 15 degrees"),
    ActionSpec("view.upright", "&Upright View", "", ("Shift+M",), "Show the picture neither turned nor mirrored"),
    ActionSpec("view.zoom_in", "Zoom &In", "ph.magnifying-glass-plus", ("Ctrl++", "Ctrl+="), "Zoom in"),
    ActionSpec("view.zoom_out", "Zoom &Out", "ph.magnifying-glass-minus", ("Ctrl+-",), "Zoom out"),
    ActionSpec("view.fit", "&Fit", "ph.arrows-out", ("Ctrl+0",), "Show the whole picture"),
    ActionSpec("view.actual", "&Actual Size", "", ("Ctrl+1",), "One picture pixel on one screen pixel"),
    ActionSpec("generate.run", "&Generate", "ph.sparkle", ("Ctrl+Return", "Ctrl+Enter"), "Make the picture"),
    ActionSpec("generate.cancel", "&Cancel", "ph.stop-fill", ("Esc",), "Stop the generation"),
    ActionSpec("generate.live", "&Live", "ph.lightning", ("Ctrl+L",),
               "Quick previews follow every change of prompt and paint", True),
    ActionSpec("rework.repaint", "Re&paint", "ph.paint-brush-broad", ("Ctrl+R",),
               "Redo the selection or, without one, the chosen word's paint; the rest stays as it is"),
    ActionSpec("rework.vary", "&Vary the Picture", "", ("Ctrl+Shift+R",),
               "Make another picture that starts from the one on the canvas"),
    ActionSpec("rework.instruct", "Change by &Instruction…", "", ("Ctrl+Alt+I",),
               "Say how the picture should change, such as “make it winter”"),
    ActionSpec("rework.again", "&Start Again From the Same Source", "", ("Ctrl+Alt+G",),
               "Make the picture on the canvas, or an opened file, again from the picture it started from"),
    ActionSpec("rework.refine", "Re&fine…", "", ("Ctrl+Alt+R",),
               "Make the picture two to four times as large, with new details"),
    ActionSpec("rework.extend", "E&xtend the Canvas…", "", ("Ctrl+Alt+E",),
               "Make the canvas larger on any side, and fill the new part to match the picture"),
    ActionSpec("view.rework_bar", "Bar for &Working on the Picture", "", (),
               "Show the bar under the picture: repaint, vary, refine, extend", True),
    ActionSpec("generate.missing", "What Is &Missing?", "", (),
               "Compare what the prompt asks for with what is seen in the picture"),
    ActionSpec("generate.grid", "&Grid…", "ph.squares-four", ("Ctrl+Shift+G",),
               "Compare seeds, strengths of the chosen word, or other words in its place, on one sheet"),
    ActionSpec("generate.dice", "New &Seed", "ph.dice-five", ("Ctrl+D",), "Roll a new seed"),
    ActionSpec("generate.lock", "Lo&ck Seed", "ph.lock-simple-open", (),
               "Locked, every picture uses this seed. Otherwise Generate rolls a new one when nothing else has changed",
               True),
    ActionSpec("results.folder", "Open &Results Folder", "ph.folder", (), "Show the folder that keeps every picture"),
    ActionSpec("results.put_back", "Put &Back the Deleted Result", "", (),
               "Take the last deleted result back out of the trash"),
    ActionSpec("generate.find", "&Find in My Pictures…", "ph.magnifying-glass", ("Ctrl+Shift+F",),
               "Search a folder of your pictures by words or by a picture, and take one as a style"),
    ActionSpec("models.show", "&Models…", "ph.stack", (), "See, add, check, download and remove models"),
    ActionSpec("models.machines", "Mac&hines…", "ph.desktop-tower", (),
               "Make pictures on this computer, or on another one with a better GPU"),
    ActionSpec("help.copy_log", "&Copy Log", "", (), "Copy the log, to report a problem"),
    ActionSpec("help.painting", "&Painting Help", "ph.question", ("F1",), "Mouse, pen and keys for painting"),
    ActionSpec("help.tour", "&Tour", "ph.map-trifold", (), "Five steps from a sentence to your own first picture"),
    ActionSpec("help.about", "&About Wordbrush", "ph.info", (), "Version and licences"),
)  # fmt: skip


def default_keys(spec: ActionSpec) -> list[QKeySequence]:
    """The keys of a row on this platform."""
    if isinstance(spec.keys, Standard):
        return QKeySequence.keyBindings(spec.keys)[:1]
    return [QKeySequence(keys) for keys in spec.keys]


class Actions(QObject):
    """QActions of the whole table, with the user's own keys, tooltips that name them, and themed icons."""

    keys_changed = Signal(str)

    def __init__(self, owner: QWidget, settings: Preferences, theme: Theme) -> None:
        super().__init__(owner)
        self._settings = settings
        self._theme = theme
        self._specs = {spec.name: spec for spec in TABLE}
        self._actions: dict[str, QAction] = {}
        for spec in TABLE:
            action = QAction(tr(spec.text), owner)
            action.setObjectName(spec.name)
            action.setCheckable(spec.checkable)
            action.setAutoRepeat(not spec.checkable)  # a key that is held switches once
            action.setIconVisibleInMenu(not spec.checkable)  # there its tick is shown instead
            self._actions[spec.name] = action
            self._give_keys(spec)
            owner.addAction(action)
        self.refresh_icons()
        theme.changed.connect(self.refresh_icons)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(self._specs.values())

    def set_keys(self, name: str, keys: str | None) -> None:
        """Rebind: portable text, several separated by `; `, empty for none; None is the default again."""
        self._settings.set_shortcut(name, keys)
        self._give_keys(self._specs[name])
        self.keys_changed.emit(name)

    def holder_of(self, keys: QKeySequence, *, besides: str) -> str | None:
        """The name of another action that already has these keys."""
        for name, action in self._actions.items():
            if name != besides and any(keys == own for own in action.shortcuts()):
                return name
        return None

    def restrict(self, name: str, widget: QWidget) -> None:
        """Let an action's keys act only while `widget` has the focus."""
        action = self._actions[name]
        owner = self.parent()
        if isinstance(owner, QWidget):
            owner.removeAction(action)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        widget.addAction(action)

    def refresh_icons(self) -> None:
        """Draw the icons again in the theme's colours."""
        for spec in TABLE:
            if spec.icon:
                on = "accent_text" if spec.checkable else None
                self._actions[spec.name].setIcon(self._theme.icon(spec.icon, on=on))

    def set_icon(self, name: str, icon: str) -> None:
        """Another icon for an action whose meaning has two states."""
        self._actions[name].setIcon(self._theme.icon(icon, on="accent_text"))

    def _give_keys(self, spec: ActionSpec) -> None:
        own = self._settings.shortcut(spec.name)
        if own is None:
            keys = default_keys(spec)
        else:
            keys = [QKeySequence(part.strip()) for part in own.split("; ") if part.strip()]
        action = self._actions[spec.name]
        action.setShortcuts(keys)
        shown = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        tip = tr(spec.tip) if spec.tip else tr(spec.text).replace("&", "")
        action.setToolTip(plain_tip(tip + (f"  ({shown})" if shown else "")))
