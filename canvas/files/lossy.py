"""JPEG and WebP that carry their scene: A1111's parameters in EXIF, the scene with its masks in XMP.

XMP is what programs keep that know nothing of ours. Of a JPEG a packet has 64 KiB at most; what is longer lies in the
extension segments of Adobe's XMP specification, part 3, 1.1.3.1.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from canvas.files import atomic, begun_notes, image_io, png, scene_json
from canvas.files.opened import Opened
from canvas.model.errors import SaveError, SceneFileError
from canvas.model.scene import Scene

KINDS = {".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}
QUALITY = {"WEBP": 92, "JPEG": 93}
MAX_SIDE = {"WEBP": 16383, "JPEG": 65535}
_SPACE = "https://wordbrush.org/ns/1.0/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_STANDARD = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_SEGMENT = 65_400
_PACKET_LIMIT = 65_000
_DATA = re.compile(rb'wordbrush:texts="([^"]*)"')
_GUID = re.compile(rb'xmpNote:HasExtendedXMP="([0-9A-F]{32})"')
_USER_COMMENT, _EXIF_IFD = 0x9286, 0x8769
_AGAIN = "Open the picture as Wordbrush saved it: other programs may drop or cut what it carries."


def save(
    path: Path | str,
    rgb: np.ndarray,
    scene: Scene | None = None,
    parameters: str | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write uint8 RGB `[h, w, 3]`, or straight RGBA (a JPEG of it lies on white), as a WebP or JPEG, by
    the name's ending; else as `canvas.files.png.save`.

    Raises:
        SaveError: see there; or the picture is too large for its kind.
    """
    kind = KINDS[Path(path).suffix.lower()]
    if max(rgb.shape[:2]) > MAX_SIDE[kind]:
        raise SaveError(f"The picture is too large for a {kind.title()} file.", hint="Export it as a PNG.")
    atomic.write(path, to_bytes(rgb, kind, scene, parameters, notes=notes))


def to_bytes(
    rgb: np.ndarray,
    kind: str,
    scene: Scene | None = None,
    parameters: str | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of what `save` writes; `kind` is "WEBP" or "JPEG"."""
    exif = Image.Exif()
    if parameters is not None:
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + parameters.encode("utf-16-be", "replace")
    texts = {} if scene is None else png.scene_texts(scene)
    # The picture that it started from was larger than this file is to be, and its own pixels are others here.
    texts |= {png.NOTE + name: note for name, note in begun_notes.without_pixels(notes or {}).items()}
    packets = _packets(texts, kind) if texts else []
    out = io.BytesIO()
    more = {"subsampling": 0, "optimize": True} if kind == "JPEG" else {"method": 4}
    xmp = {"xmp": packets[0]} if packets and kind == "WEBP" else {}
    image = Image.fromarray(image_io.on_white(rgb) if kind == "JPEG" else rgb)
    image.save(out, kind, quality=QUALITY[kind], exif=exif, **more, **xmp)
    data = out.getvalue()
    return _with_segments(data, packets) if packets and kind == "JPEG" else data


def _packets(texts: Mapping[str, str], kind: str) -> list[bytes]:
    """The XMP that holds the texts: one packet, or where a JPEG needs it a short one and the extension."""
    packed = base64.b64encode(zlib.compress(json.dumps(texts).encode(), 6)).decode()
    whole = _packet(f'xmlns:wordbrush="{_SPACE}" wordbrush:texts="{packed}"')
    if kind == "WEBP" or len(whole) <= _PACKET_LIMIT:
        return [whole]
    guid = hashlib.md5(whole, usedforsecurity=False).hexdigest().upper()
    return [_packet(f'xmlns:xmpNote="{_NOTE}" xmpNote:HasExtendedXMP="{guid}"'), whole]


def _packet(attributes: str) -> bytes:
    about = f'<rdf:Description rdf:about="" {attributes}/>'
    rdf = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{about}</rdf:RDF>'
    inside = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>'
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{inside}<?xpacket end="w"?>'.encode()


def _with_segments(jpeg: bytes, packets: list[bytes]) -> bytes:
    """A JPEG with its packets behind the segments that it begins with."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and 0xE0 <= jpeg[at + 1] <= 0xEF:
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    bodies = [_STANDARD + packets[0]]
    for whole in packets[1:]:
        guid = hashlib.md5(whole, usedforsecurity=False).hexdigest().upper().encode()
        for start in range(0, len(whole), _SEGMENT):
            head = _EXTENSION + guid + struct.pack(">II", len(whole), start)
            bodies.append(head + whole[start : start + _SEGMENT])
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body for body in bodies)
    return jpeg[:at] + segments + jpeg[at:]


def opened(image: Image.Image) -> Opened | None:
    """What a decoded JPEG or WebP of ours holds; None where it carries no text of ours."""
    try:
        texts = _texts_in(image)
    except SceneFileError as error:
        return Opened(picture=image_io.rgb_of(image), fault=error)
    return png.opened(image, texts) if texts else None


def _texts_in(image: Image.Image) -> dict[str, str]:
    """The texts in a picture's XMP. Raises SceneFileError where they are damaged or far too long."""
    xmp = image.info.get("xmp", b"")
    xmp = xmp.encode() if isinstance(xmp, str) else xmp
    guid = _GUID.search(xmp)
    if guid is not None:
        xmp = _extension(image, guid[1])
    match = _DATA.search(xmp)
    if match is None:
        return {}
    try:
        inflater = zlib.decompressobj()
        text = inflater.decompress(base64.b64decode(match[1], validate=True), png.MAX_TEXT + 2**20)
        if inflater.unconsumed_tail or not inflater.eof:
            raise ValueError("cut, or far too long")
        value = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise SceneFileError("The scene in this picture is damaged.", hint=_AGAIN, details=repr(error)) from error
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise SceneFileError("The scene in this picture is damaged.", hint=_AGAIN, details="no texts")
    for each in value.values():
        if len(each) > max(scene_json.MAX_JSON, png.MAX_CHUNK):
            raise SceneFileError("The scene in this picture is far too long.", hint=_AGAIN)
    return value


def _extension(image: Image.Image, guid: bytes) -> bytes:
    """The extended packet of a JPEG from its segments, in their order; empty where one is missing."""
    parts: dict[int, bytes] = {}
    total = 0
    for kind, body in getattr(image, "applist", []):
        if kind == "APP1" and body.startswith(_EXTENSION + guid) and len(body) >= len(_EXTENSION) + 40:
            head = len(_EXTENSION) + 32
            total, start = struct.unpack(">II", body[head : head + 8])
            parts[start] = body[head + 8 :]
    whole = b"".join(parts[start] for start in sorted(parts))
    return whole if len(whole) == total else b'wordbrush:texts="="'  # a part is gone: the scene is damaged
