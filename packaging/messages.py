"""Finds every message that engine, canvas and storage say to a painter, for the translators' catalogue.

These rooms know no window, so they write plain English, with values in it. Their messages are read from the source as
templates, `There is no model "{1}".`, which `app.language.sentence` finds again in a finished message. A message is

- what a typed error says and advises: the first argument and `hint` of every call that has a `hint`, and the reasons
  that functions such as `misfit` put into one;
- the name of an undo step: what `apply` and `commit_live` are given, and what is called `label`;
- any other text that reads as a sentence, such as a remark on an opened file.

What only the command line or the log says is left out. Parts of sentences (`PARTS`) are listed here by hand, since
nothing in the source tells them from other words.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("app", "canvas", "engine", "resources")
ELSEWHERE = ("app/cli", "engine/baselines", "engine/bench", "engine/checkup", "engine/lab", "engine/training",
             "engine/world")  # fmt: skip
"""Rooms that speak on the command line alone, which is English."""

PARTS = (
    # What a model consists of, and what is being loaded.
    *("libraries", "text encoder", "second text encoder", "third text encoder", "image encoder", "text conditioner"),
    *(
        "denoiser",
        "autoencoder",
        "its text encoder {1} (width {2})",
        "its autoencoder (VAE)",
        "its file",
        "weights file",
    ),
    *('{1} into "text_encoders"', '{1} into "vae"', "scheduler", "tokenizer", 'expert "{1}"', "the file"),
    "the model so that it fits. {1}",
    "the model again, so that it takes less memory. {1}",
    "the model again, without what other pictures left in memory",
    # What a file is instead of a model.
    "a LoRA: a small change to a model, not a model",
    "a ControlNet or adapter: it guides a model by a picture of lines, depth or poses",
    "an IP-Adapter: it gives a model the look of a picture",
    "a motion module of AnimateDiff: it makes a model draw moving pictures",
    "a textual-inversion embedding: a new word for a model, not a model",
    "a model of the Flux kind",
    "a model of the Stable Diffusion 3 kind",
    "an inpainting model: besides the noise it needs a picture and a mask",
    "a depth model: besides the noise it needs a picture of the depth",
    "an upscaling model: besides the noise it needs a small picture",
    "a model that edits pictures or makes layers (Qwen-Image-Edit, -Layered)",
    "Cosmos Predict, which draws films",
    *("Check that you may write to {1}", "The disk is full: free some space"),
    # How a model uses memory, and what takes less.
    "a size below {1}x{2} or a smaller model",
    "a lower fidelity (its {1} gradient steps take most of the memory), {2}",
    *("encoding", "decoding", "a batch of 1", "a size below {1}x{2}", "a smaller model"),
    "All of it stays on the device",
    "The text encoders wait on the CPU",
    "The text encoders wait on the CPU, the denoiser's weights are stored in 8 bits",
    "The denoiser's weights, in 8 bits, are copied to the device layer by layer in each step",
    "It runs on the CPU",
    "pictures are decoded in tiles",
    "the two halves of guidance run one after the other",
    # What values and pictures are called.
    *("once", "{1} times", "prompt", "negative prompt", "steps", "guidance", "seed", "kind", "preparation"),
    *("The picture", "The mask", 'The mask "{1}"', "The colour layer", "A control picture", "The picture of a style"),
    *("has colours", "has values from {1} to {2}", "The layer “{1}”"),
    *("Its list of words", "Its list of styles", "Its list of control pictures", "Its list of settings"),
    *("Its colour layer", "The {1} of “{2}”", "Its “{1}”", "{1} of the expert “{2}”"),
    *("The star", "The note", "a newer Wordbrush", "Wordbrush {1} or later"),
    # What other programs make of marks in a prompt.
    *("weights words", "picks words by chance", "takes turns between words", "splits the prompt", "calls an embedding"),
    *("adds a network (such as a LoRA)", "changes words between steps"),
    *("here the seed picks them", "here it is read as words"),
    "here “{1}” has that strength once it is painted, and the model does not read the mark",
    # Lists, and the model as the subject of a sentence.
    *("{1} and {2}", "{1} more words", "{1} words", "The starter", "the starter", "The model {1}", "the model {1}"),
    *("{1} (but {2})", "{1}, and {2}", "{1}: {2}"),
    # What a label says beside a word.
    *("not in prompt", "muted", "off", "kept out"),
    # Steps of undo whose names are made elsewhere, and titles on an empty canvas.
    *("{1} “{2}”", "Use", "Switch off", "Show", "Hide", "Move", "Paint", "No longer paint", "Clear", "Remove"),
    *("Kind of", "Use of", "ControlNet of", "Strength of", "Steps of", "Weight of", "Meaning of", "Whole picture for"),
    *("One word for", "Select everything", "The model's own experts", "The base alone"),
    *("Grow selection", "Shrink selection", "Feather selection"),
    *("Invert selection", "Move where “{1}” ends", "Replace “{1}”", "Select “{1}”", "Split “{1}”"),
    *("rectangle", "ellipse", "lasso", "polygon"),
    *("Click a word in the prompt", "Describe the picture at the top", "Paint where “{1}” should be"),
    *("Paint where “{1}” should act", "Paint the colours for the picture to start from"),
)
"""Parts of messages, and names that no rule finds: each stands so in a source file of these rooms."""

_NOT_SAID = {"Comprehend and analyze the provided prompt.", "The {1}", "its {1}", " or "}
"""What a model reads and nobody else; and what would be found in all that is said."""
_SENTENCE = re.compile(r"\s?(?:[A-Z“\"(\[]|\{\d\}[ ”\"]).*[\w”\"})][.!?…]\)?\s?\Z", re.DOTALL)
_LABELLED = {"apply", "_apply", "commit_live"}
_REASONS = re.compile("misfit|damaged|incomplete|too_large")
_MESSAGES = {"hint", "label", "message"}
_SILENT = {"debug", "info", "warning", "error", "exception", "critical", "compile", "warn"}
_OWN_ONLY = {"ValueError", "TypeError", "RuntimeError", "KeyError", "AssertionError", "NotImplementedError", "OSError"}


def sources() -> list[Path]:
    """The files of the rooms whose messages may come to a window."""
    every = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    elsewhere = tuple(f"{each}/" for each in ELSEWHERE)
    return [path for path in every if not path.relative_to(ROOT).as_posix().startswith(elsewhere)]


def messages() -> dict[str, str]:
    """Every message by its template, with the place where it is said first ("engine/errors.py:62")."""
    found: dict[str, str] = dict.fromkeys((part.strip() for part in PARTS), Path(__file__).name)
    for path in sources():
        for line, text in said_in(path.read_text("utf-8")):
            found.setdefault(text, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def said_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and template of every message in a file's source."""
    tree = ast.parse(source)
    surely = {id(node) for given in _surely_said(tree) for node in _texts_in(given)}
    verbs = _verbs(tree)
    for node in _texts_in(tree):
        for text in templates(node, verbs):
            by_place = id(node) in surely and (" " in text or text[:1].isupper())
            is_said = by_place or (" " in text.strip() and _SENTENCE.match(text))
            if is_said and re.search("[A-Za-z]{2}", text) and text not in _NOT_SAID:
                yield node.lineno, text.strip()


def templates(node: ast.expr, verbs: Sequence[str] = ()) -> list[str]:
    """A text as it stands in the source, its values as {1}, {2}, ...; a choice of words in it gives several texts.

    Args:
        verbs: what a value that is called `verb` may be.
    """
    if isinstance(node, ast.Constant):
        numbers = itertools.count(1)
        return [re.sub(r"\{\}", lambda _: f"{{{next(numbers)}}}", node.value)] if isinstance(node.value, str) else []
    if not isinstance(node, ast.JoinedStr):
        return []
    ways: list[list[str | None]] = []  # None for a value
    for part in node.values:
        value = part.value if isinstance(part, ast.FormattedValue) else part
        if isinstance(value, ast.IfExp) and all(isinstance(each, ast.Constant) for each in (value.body, value.orelse)):
            ways.append([str(each.value) for each in (value.body, value.orelse) if isinstance(each, ast.Constant)])
        elif isinstance(value, ast.Name) and value.id == "verb" and verbs:
            ways.append(list(verbs))
        else:
            ways.append([str(value.value) if isinstance(value, ast.Constant) else None])
    found = []
    for parts in itertools.product(*ways):
        numbers = itertools.count(1)
        found.append("".join(f"{{{next(numbers)}}}" if part is None else part for part in parts))
    return found


def _verbs(tree: ast.AST) -> list[str]:
    """The words that `verb` stands for in a file."""
    given = (node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and _names(node) == ["verb"])
    words = (each.value for value in given for each in ast.walk(value) if isinstance(each, ast.Constant))
    return list(dict.fromkeys(word for word in words if isinstance(word, str)))


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _surely_said(tree: ast.AST) -> Iterator[ast.expr]:
    """What is a message by the place where it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            hints = [word.value for word in node.keywords if word.arg == "hint"]
            yield from hints
            yield from (word.value for word in node.keywords if word.arg in ("subject", "advice"))
            yield from node.args[2:3] if _called(node) == "check" else ()
            yield from node.args[:1] if hints else ()
            yield from node.args[:2] if _called(node) in _LABELLED else ()
            yield from node.args if _REASONS.search(_called(node)) else ()
        elif isinstance(node, ast.Assign) and _MESSAGES.intersection(_names(node)):
            yield from () if isinstance(node.value, ast.Call) else (node.value,)


def _called(node: ast.Call) -> str:
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _texts_in(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    """The texts below a node that may be shown: no docstrings, keys, `tr` (it has its own catalogue), log or help."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and (_called(node) == "tr" or _called(node) in _SILENT | _OWN_ONLY):
        return
    if isinstance(node, ast.keyword) and node.arg in ("details", "help", "metavar", "tip"):
        return
    if isinstance(node, ast.Compare | ast.Subscript | ast.FormattedValue):
        for inner in ast.walk(node):
            if isinstance(inner, ast.JoinedStr | ast.Call):
                yield from _texts_in(inner)
                return
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
        return
    if isinstance(node, ast.JoinedStr):
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from _texts_in(child)


def everything() -> set[str]:
    """The templates of all texts in those files, whether they are messages or not: `PARTS` are among them."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sources())
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    return {text for node in nodes for text in templates(node)}
