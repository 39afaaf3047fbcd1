"""What is connected with what: the rooms do not know one another, the window's wiring does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from app import log
from app.language import sentence, spoken, tr
from app.styles.image_loader import Source
from app.widgets.plain_text import plain_tip
from app.window import areas, layer_wiring, machine_wiring, remembered
from app.window.about_dialog import show_about
from app.window.offers import end_offer, tell_folders, tell_queue
from app.window.painting_help import PaintingHelp
from app.window.picture_drops import PictureDrops
from app.window.preferences_dialog import PreferencesDialog
from app.window.preferences_rows import rows_of
from app.window.shortcuts_dialog import ShortcutsDialog
from app.window.watching import Cover, Once
from canvas.model.document import Change
from canvas.model.edits import WHOLE
from canvas.view.turn import STEP, Turn

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def connect(window: MainWindow) -> Callable[[], None]:
    """Connect all parts of a window; returns what ends its listening to the document."""
    _switches(window)
    _actions(window)
    _messages(window)
    _prompt_and_words(window)
    _generation(window)
    _pictures(window)
    _opening(window)
    _models(window)
    _undo(window)
    layer_wiring.connect(window)
    remembered.connect(window)
    PictureDrops(window)
    unsubscribe = window.document.subscribe(lambda change: _document_changed(window, change))
    _show_title(window)
    return unsubscribe


def _switches(window: MainWindow) -> None:
    """Actions that stay on or off: what is remembered of each, and whom it tells."""
    table, preferences = window.actions_table, window.preferences
    kept = preferences.values
    for name, field, on in (
        ("file.metadata", "export_metadata", kept.export_metadata), ("generate.lock", "lock_seed", kept.lock_seed),
        ("view.rest", "rest_paint", kept.rest_paint), ("view.timeline", "show_timeline", kept.show_timeline),
        ("view.heatmaps", "show_heatmaps", kept.show_heatmaps),
        ("view.heatmap_pointer", "heatmap_pointer", kept.heatmap_pointer),
    ):  # fmt: skip
        table[name].setChecked(on)
        table[name].toggled.connect(lambda on, field=field: preferences.change(**{field: on}))
    for name, take in (
        ("view.timeline", window.timeline.setVisible), ("view.heatmaps", window.heatmaps.set_on),
        ("view.heatmap_pointer", window.heatmaps.set_pointer),
    ):  # fmt: skip
        take(table[name].isChecked())
        table[name].toggled.connect(take)
    table["generate.live"].toggled.connect(window.generation.set_live)
    table["generate.cancel"].setEnabled(False)
    view = window.view
    table["view.overlays"].setChecked(view.overlays_visible)
    table["view.overlays"].triggered.connect(view.set_overlays_visible)
    view.overlays_changed.connect(table["view.overlays"].setChecked)
    view.overlays_changed.connect(window.status.show_overlays)

    def show_icons(*_: object) -> None:
        locked = table["generate.lock"].isChecked()
        table.set_icon("generate.lock", "ph.lock-simple" if locked else "ph.lock-simple-open")
        table.set_icon("view.overlays", "ph.eye" if view.overlays_visible else "ph.eye-slash")

    for changed in (table["generate.lock"].toggled, view.overlays_changed, window.theme.changed):
        changed.connect(show_icons)
    show_icons()
    preferences.theme_changed.connect(window.theme.choose)
    table["view.paint_only"].toggled.connect(view.set_paint_only)
    table["view.rulers"].toggled.connect(view.rulers.set_on)
    window.tools.opacity_changed.connect(view.set_overlay_opacity)
    window.settings_panel.show_advanced(kept.show_advanced)
    window.settings_panel.advanced_changed.connect(lambda on: preferences.change(show_advanced=on))
    results = window.titles["Results"]
    results.fold(not kept.show_results)
    results.folded.connect(lambda folded: preferences.change(show_results=not folded))
    window.results.counted.connect(lambda count: results.note.setText(f"· {count}" if count else ""))


def _actions(window: MainWindow) -> None:
    table, files, view = window.actions_table, window.files, window.view
    for name in ("file.save", "file.save_as", "file.export", "file.export_map"):
        table[name].triggered.connect(view.apply_pending)  # before what is connected next
    for name, act in (
        ("file.new", files.new), ("file.open", files.open), ("file.save", files.save),
        ("file.save_as", files.save_as), ("file.export", files.export), ("file.quit", window.close),
        ("file.recover", window.recovery.show_list),
        ("file.import_map", window.maps.bring_in), ("file.export_map", window.maps.bring_out),
        ("edit.shortcuts", lambda: ShortcutsDialog(table, window.theme, window).open()),
        ("edit.preferences", lambda: PreferencesDialog(rows_of(window), window).open()),
        ("help.about", lambda: show_about(window)), ("help.copy_log", lambda: _copy_log(window)),
        ("help.painting", lambda: PaintingHelp(table, window).open()),
        ("generate.run", lambda: _generate(window)), ("generate.cancel", lambda: _cancel(window)),
        ("models.show", window.library.show), ("models.machines", window.machines.show),
        ("generate.find", window.finding.show),
        ("generate.dice", window.setting.throw_dice), ("results.folder", window.gallery.open_folder),
        ("results.put_back", window.gallery.put_back),
        ("word.keep", window.heatmaps.keep_shown), ("word.cut_out", window.heatmaps.cut_out_shown),
        ("select.heatmap", window.heatmaps.select_shown), ("word.type", window.prompting.type),
        ("view.zoom_in", view.zoom_in), ("view.zoom_out", view.zoom_out),
        ("view.fit", view.fit), ("view.actual", view.actual_size),
        ("view.next_area", lambda: areas.go(window, 1)), ("view.previous_area", lambda: areas.go(window, -1)),
    ):  # fmt: skip
        table[name].triggered.connect(lambda _checked=False, act=act: act())
    view.zoom_changed.connect(window.brush_bar.show_zoom)
    for name, act in (
        ("view.mirror", lambda: view.set_turn(Turn(view.turn.angle, not view.turn.mirrored))),
        ("view.turn_left", lambda: view.set_turn(view.turn.by(-STEP))),
        ("view.turn_right", lambda: view.set_turn(view.turn.by(STEP))),
        ("view.upright", lambda: view.set_turn(Turn())),
    ):
        table[name].triggered.connect(lambda _checked=False, act=act: act())
    view.turned.connect(lambda turn: _show_turn(window, turn))
    _show_turn(window, view.turn)


class _Back(QObject):
    """Looks at the model's folders again where a person comes back from another program: files may have come."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def look(self, state: Qt.ApplicationState) -> None:
        """Look, if the program is the one in front now."""
        if state == Qt.ApplicationState.ApplicationActive:
            self._window.library.look_again()


def _show_turn(window: MainWindow, turn: Turn) -> None:
    table = window.actions_table
    table["view.mirror"].setChecked(turn.mirrored)
    table["view.upright"].setEnabled(not turn.upright)
    if not turn.upright:
        mirrored = ", mirrored" if turn.mirrored else ""
        keys = table["view.upright"].shortcut().toString()
        window.status.say(
            tr(
                "View at {angle}°{mirrored}. {keys} sets it upright.",
                angle=f"{turn.angle:.0f}",
                mirrored=mirrored,
                keys=keys,
            )
        )


def _messages(window: MainWindow) -> None:
    """Errors go to the banner, news to the foot."""
    window.reference.failed.connect(window.banner.show_error)
    window.reference.colour_taken.connect(window.colouring.take)
    for failed in (
        window.files.failed, window.gallery.failed, window.generation.failed, window.prompting.failed,
        window.setting.failed, window.painting.failed, window.styling.failed, window.moods.failed,
        window.timeline.failed, window.changing.failed, window.controlling.failed, window.living.failed,
        window.gridding.failed, window.exporting.failed, window.nouns.failed, window.finding.failed,
        window.teaching.failed,
    ):  # fmt: skip
        failed.connect(window.banner.show_error)
    for said in (
        window.files.said, window.gallery.said, window.painting.said, window.styling.said, window.heatmaps.said,
        window.scoring.said, window.tooling.said, window.selecting.said, window.reworking.said, window.marking.said,
        window.brushes.said, window.prompting.said, window.living.said, window.colouring.said,
        window.gridding.said, window.exporting.said, window.cutting.said, window.finding.said, window.moods.said,
        window.teaching.said,
    ):  # fmt: skip
        said.connect(window.status.say)
    app = QGuiApplication.instance()
    if isinstance(app, QGuiApplication):
        app.applicationStateChanged.connect(_Back(window).look)
    window.session.models_changed.connect(lambda _models: window.notices.tell_models(window.session.installed))
    window.autosave.failed.connect(lambda error: _tell_autosave(window, error))
    window.view.message.connect(window.status.say)
    window.view.entered.connect(Once(window, _tell_gestures).look)
    window.painting.settled.connect(window.banner.dismiss)
    window.recovery.news.connect(lambda text, hint, buttons: window.banner.show_message(text, hint, buttons=buttons))
    window.recovery.settled.connect(lambda: tell_folders(window))
    window.queueing.news.connect(lambda *news: tell_queue(window, *news))
    window.queueing.settled.connect(lambda offer: end_offer(window, offer))
    table = window.actions_table
    for old_news in (window.view.stroke_started, window.session.word_changed,
                     table["edit.undo"].triggered, table["edit.redo"].triggered):  # fmt: skip
        old_news.connect(lambda *_: window.status.clear_news())


def _tell_autosave(window: MainWindow, error: Exception) -> None:
    """A message that waits for an answer, such as that of a full disk, is not taken away by this one."""
    if window.banner.isHidden():
        window.banner.show_error(error)
    else:
        window.status.say(str(error))


def _tell_gestures(window: MainWindow) -> bool:
    """Say what the hand can do on a canvas that has paint; whether there was a reason to."""
    if all(mask.is_empty for mask in window.session.scene.masks.values()):
        return False
    window.status.say(tr("Right-click picks the word under the pointer; Shift-click draws a line. F1 shows more."))
    return True


def _copy_log(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText(log.tail() or log.about())
    window.status.say(tr("The log is on the clipboard."))


def _prompt_and_words(window: MainWindow) -> None:
    field, panel, words, heat = window.prompt_bar.prompt, window.words, window.painting, window.heatmaps
    paint = window.actions_table["word.paint"]
    for picked in (field.word_clicked, window.nouns.picked):
        picked.connect(lambda start, end: words.pick_to_paint((start, end)))
    window.nouns.left.connect(window.view.setFocus)
    window.nouns.offered.connect(panel.offered.show_nouns)
    window.nouns.drawn.connect(panel.offered.show_picture)
    panel.offered.chosen.connect(window.nouns.take)
    window.nouns.offer()
    field.left.connect(window.view.setFocus)
    window.view.stroke_started.connect(field.forget_pick)
    field.phrase_marked.connect(paint.setEnabled)
    field.phrase_marked.connect(panel.allow_attach)
    paint.setEnabled(False)

    def paint_marked() -> None:
        span = window.prompting.take_mark()
        if span is not None:
            words.pick_to_paint(span)

    def attach_marked(word_id: str) -> None:
        span = field.marked_span()
        if span is not None and words.attach(word_id, span):
            field.clear_mark()

    paint.triggered.connect(lambda: paint_marked())
    panel.attach_asked.connect(attach_marked)
    panel.hovered.connect(heat.hover_word)
    panel.keep_asked.connect(heat.keep_word)
    field.word_hovered.connect(heat.hover)
    field.keep_asked.connect(lambda start, end: heat.keep((start, end)))
    field.can_keep = heat.can_keep
    for changed in (panel.strength_changed, panel.window_changed):
        changed.connect(lambda *_: heat.drop_hover())
    heat.keepable_changed.connect(panel.allow_keep)
    heat.refresh()


def _generation(window: MainWindow) -> None:
    generation, bar = window.generation, window.prompt_bar
    for stoppable in (generation.running_changed, generation.live.state_changed):
        stoppable.connect(lambda _now: _allow_cancel(window))
    generation.progress.connect(bar.show_running)
    generation.idle.connect(bar.show_idle)
    generation.rested.connect(bar.show_rest)
    bar.resume_asked.connect(window.queueing.resume)
    for loaded in (generation.idle, generation.defaults):  # with a loaded model torch is there
        loaded.connect(lambda *_: window.timeline.show_levels())
    generation.stepped.connect(window.timeline.strip.show_step)
    generation.preview.connect(window.view.set_preview)
    generation.heatmaps.connect(window.heatmaps.show_running)
    generation.picture.connect(window.on_canvas.take_picture)
    window.session.picture_changed.connect(lambda _image: _show_size(window))
    generation.saved.connect(window.gallery.add)
    generation.defaults.connect(
        lambda guidance, weight: window.settings_panel.show_defaults(guidance=guidance, paint_weight=weight)
    )
    generation.unsaved.connect(
        lambda error: window.banner.show_error(
            error, buttons=((tr("Try again"), generation.save_again), (tr("Discard"), generation.keeper.let_go))
        )
    )
    window.scoring.generate_asked.connect(lambda: _generate(window))
    window.settings_panel.encoders.compare_asked.connect(window.comparing.compare_encoders)


def _allow_cancel(window: MainWindow) -> None:
    window.actions_table["generate.cancel"].setEnabled(window.generation.running or window.generation.live.on)


def _cancel(window: MainWindow) -> None:
    """Stop what was asked for; where there is nothing of the kind, stop live mode."""
    if window.generation.running:
        window.generation.cancel()
    else:
        window.actions_table["generate.live"].setChecked(False)


def _generate(window: MainWindow) -> None:
    window.view.apply_pending()
    window.banner.dismiss()
    window.comparing.leave()
    window.styling.tell_left_out()
    window.painting.tell_lost()
    window.generation.generate(locked=window.actions_table["generate.lock"].isChecked())


def _pictures(window: MainWindow) -> None:
    gallery, on_canvas, comparing = window.gallery, window.on_canvas, window.comparing
    gallery.looked.connect(on_canvas.look)
    gallery.brought_back.connect(on_canvas.bring_back)
    gallery.compared.connect(lambda image, first: comparing.put_beside(image, first=first))
    window.words.style_bound.connect(window.styles.word_changed)
    window.words.style_asked.connect(window.styling.choose_for)
    window.styles.find_asked.connect(lambda: window.finding.show())
    for styled in (gallery.style_wanted, window.finding.style_wanted):
        styled.connect(lambda path: window.styles.pictures_dropped.emit([Source(path.stem, path=path)]))
    window.results.left.connect(on_canvas.go_back)
    on_canvas.began_look.connect(comparing.leave)
    comparing.taken.connect(on_canvas.bring_back)
    for act in (window.banner.dismiss, window.painting.tell_lost):
        comparing.began.connect(act)
    gallery.rework_wanted.connect(lambda image, what: getattr(window.reworking, what)(image))
    window.reworking.room_wanted.connect(window.view.set_foot)
    window.words.repaint_asked.connect(window.reworking.repaint)
    window.session.picture_changed.connect(lambda _image: window.autosave.note_change())
    watch = Cover(window.comparison, window.heatmaps.refresh)
    window.comparison.installEventFilter(watch)


def _opening(window: MainWindow) -> None:
    files, setting = window.files, window.setting

    def opened(_opened: object) -> None:
        window.banner.dismiss()
        window.status.clear_news()
        window.comparing.leave()
        window.generation.leave()
        window.view.fit()
        window.give_keys()

    window.session.opened.connect(opened)
    window.settings_panel.browse_model.connect(
        lambda folder: files.choose_model(lambda name: setting.change(model=name), folder=folder)
    )


def _models(window: MainWindow) -> None:
    library = window.library
    library.used.connect(lambda name: window.setting.change(model=name))
    library.changed.connect(library.list_models)
    machine_wiring.connect(window)


def _undo(window: MainWindow) -> None:
    view, document, pictures = window.view, window.document, window.on_canvas
    table = window.actions_table
    table["edit.undo"].triggered.connect(lambda: None if view.undo_pending() or pictures.undo() else document.undo())
    table["edit.redo"].triggered.connect(lambda: None if pictures.redo() else document.redo())
    window.session.picture_changed.connect(lambda _image: _show_undo(window))
    _show_undo(window)


def _show_undo(window: MainWindow) -> None:
    document, former = window.document, window.on_canvas.former
    back, forth = former.can_undo, former.can_redo
    for name, able, label, verb in (
        ("edit.undo", back or document.can_undo, tr("New picture") if back else document.undo_label, "Undo"),
        ("edit.redo", forth or document.can_redo, tr("New picture") if forth else document.redo_label, "Redo"),
    ):
        action = window.actions_table[name]
        action.setEnabled(able)
        between = " " if spoken() == "en" else ": "
        action.setText(f"{tr(f'&{verb}')}{between}{sentence(label)}" if label else tr(f"&{verb}"))
        keys = action.shortcut().toString()
        action.setToolTip(plain_tip(f"{action.text().replace('&', '')}  ({keys})"))


def _document_changed(window: MainWindow, change: Change) -> None:
    """The document changed, and all controllers have heard of it."""
    generation = window.generation
    if change.kinds != {"live"}:  # a running stroke changes no title, and has no time to lose
        _show_undo(window)
        _show_title(window)
    if not window.on_canvas.follow(change) and change.kinds != {"state"}:
        generation.live.changed()
    if not change.kinds <= {"live", "state"} and not generation.live.on:
        generation.forget_end()


def _show_title(window: MainWindow) -> None:
    path = window.document.path
    window.setWindowTitle(f"{path.stem if path is not None else tr('New scene')}[*] – Wordbrush")
    window.setWindowModified(window.document.dirty)
    _show_size(window)


def _show_size(window: MainWindow) -> None:
    shown = window.session.displayed
    picture = None if shown.rgb is None or shown.place != WHOLE else (shown.rgb.shape[1], shown.rgb.shape[0])
    window.status.show_size(window.session.scene.size, picture)
