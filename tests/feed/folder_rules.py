"""What is asked of a folder: archives (R), guids and enclosures (I), artwork (A), VTT (T)."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import webvtt
from PIL import Image, UnidentifiedImageError

from feed.inspected import HISTORY, ITUNES, PODCAST, Folder, file_name, text_of

FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
MOST_ITEMS = 100


def r01(folder: Folder) -> Iterator[str]:
    """RFC 5005, section 4: archives say that they are, and name the feed that is current."""
    for name, feed in folder.documents.items():
        is_archive = feed.channel.find(f"{HISTORY}archive") is not None
        if is_archive != (name != "feed.xml"):
            yield f"{name} is marked as archive, or is one and not marked"
        if is_archive and file_name(feed.links().get("current", "")) != "feed.xml":
            yield f"{name} does not name the current feed"
        if file_name(feed.links().get("self", "")) != name:
            yield f"{name} calls itself something else"


def r02(folder: Folder) -> Iterator[str]:
    """All archives there are hang on the chain, and it can be walked back by next-archive."""
    there = {path.name for path in folder.root.glob("archive-*.xml")}
    names = list(folder.documents)
    if there != set(names[1:]):
        yield f"archives {sorted(there)} are not those that feed.xml leads to"
    for newer, older in pairwise(names[1:]):
        if file_name(folder.documents[older].links().get("next-archive", "")) != newer:
            yield f"{older} does not lead to {newer}"


def r03(folder: Folder) -> Iterator[str]:
    """RFC 5005, section 3: podcast apps come by the same documents by next, first and last."""
    names = list(folder.documents)
    for number, (name, feed) in enumerate(folder.documents.items()):
        following = names[number + 1] if number + 1 < len(names) else ""
        if file_name(feed.links().get("next", "")) != following:
            yield f"{name}: next does not lead to {following!r}"
        if len(names) > 1 and file_name(feed.links().get("first", "")) != names[0]:
            yield f"{name}: first is not {names[0]}"
        if len(feed.items) > MOST_ITEMS:
            yield f"{name} holds {len(feed.items)} episodes"


def r04(folder: Folder) -> Iterator[str]:
    """One show: the same podcast:guid everywhere, each episode once."""
    if len({text_of(one.channel, f"{PODCAST}guid") for one in folder.documents.values()}) != 1:
        yield "the documents are of different shows"
    counted = Counter(text_of(item, "guid") for item in folder.items)
    if again := [guid for guid, count in counted.items() if count > 1]:
        yield f"{again} stand twice"


def i12(folder: Folder) -> Iterator[str]:
    """No guid of an earlier feed has changed: the show's neither, nor that of any audio."""
    if not folder.previous:
        return
    former = Folder(folder.root, folder.now)
    former.documents = {
        "feed.xml": type(folder.documents["feed.xml"])(folder.previous, {}, folder.now)
    }
    before, after = _guids(former), _guids(folder)
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield f"{name} was {before[name]} and is {after[name]}"


def _guids(folder: Folder) -> dict[str, str]:
    """Of the show, and of each MP3."""
    show = text_of(folder.documents["feed.xml"].channel, f"{PODCAST}guid")
    audio = {folder.audio(item).name: text_of(item, "guid") for item in folder.items}
    return {"the show": show, **audio}


def i13(folder: Folder) -> Iterator[str]:
    """Each enclosure is there, with the length that the feed gives."""
    for item in folder.items:
        path, enclosure = folder.audio(item), item.find("enclosure")
        length = "" if enclosure is None else enclosure.get("length", "")
        if not path.is_file() or str(path.stat().st_size) != length:
            yield f"{path.name} is missing or has not {length} bytes"


def a02(folder: Folder) -> Iterator[str]:
    """Pictures: square, 1400 to 3000 px, RGB, JPEG or PNG by name and by content."""
    parents = [folder.documents["feed.xml"].channel, *folder.items]
    for parent in parents:
        image = parent.find(f"{ITUNES}image")
        path = folder.path("" if image is None else image.get("href", ""))
        try:
            with Image.open(path) as picture:
                (width, height), mode, kind = picture.size, picture.mode, picture.format
        except (OSError, UnidentifiedImageError):
            yield f"{path.name} is not a picture"
            continue
        if width != height or not 1400 <= width <= 3000:
            yield f"{path.name} is {width} by {height}"
        if mode != "RGB" or kind != FORMATS.get(path.suffix):
            yield f"{path.name} is {mode} {kind}"


def t07(folder: Folder) -> Iterator[str]:
    """WebVTT as another program reads it: every cue of the JSON, none after the end."""
    for item in folder.items:
        path = folder.audio(item).with_suffix(".vtt")
        try:
            cues = webvtt.read(path).captions
        except (OSError, webvtt.errors.MalformedFileError):
            yield f"{path.name} cannot be read"
            continue
        spoken = path.with_suffix(".json").read_text("utf-8").count('"body"')
        if len(cues) != spoken:
            yield f"{path.name} has {len(cues)} cues and the JSON {spoken}"
        duration = int(text_of(item, f"{ITUNES}duration"))
        if cues and cues[-1].end_in_seconds > duration + 1:
            yield f"{path.name} goes on after the end"
