"""Elements of a feed: prefixes, text that XML allows, and the same bytes each time."""

from xml.etree import ElementTree as ET

from qjaudio.episode.titles import printable

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
    "fh": "http://purl.org/syndication/history/1.0",
}
for _prefix, _namespace in NAMESPACES.items():
    ET.register_namespace(_prefix, _namespace)


def tag(name: str) -> str:
    """The name of an element as the tree holds it: `itunes:image` with its namespace."""
    prefix, colon, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def add_element(parent: ET.Element, name: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Put an element at the end of `parent`: one line of clean text, attributes in their order."""
    clean = {key: printable(value) for key, value in attributes.items()}
    element = ET.SubElement(parent, tag(name), clean)
    element.text = printable(text) or None
    return element


def add_lines(parent: ET.Element, name: str, text: str) -> ET.Element:
    """Put an element whose text keeps its line ends."""
    element = add_element(parent, name)
    element.text = "\n".join(printable(line) for line in text.split("\n"))
    return element


def serialize(root: ET.Element) -> str:
    """The whole document, indented; UTF-8 is what the declaration promises."""
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
