"""Small PDFs written by hand, for what no printer makes: bombs, locks, odd pages."""

import re


def pdf(
    stream: bytes,
    *,
    filters: bytes = b"/Filter /FlateDecode",
    box: bytes = b"0 0 600 800",
    pages: int = 1,
    extra: bytes = b"",
    resources: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """A PDF whose pages all share one content stream."""
    kids = b" ".join(b"%d 0 R" % (10 + at) for at in range(pages))
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj" % (pages, kids),
        b"5 0 obj<</Length %d %s>>stream\n%s\nendstream endobj" % (len(stream), filters, stream),
    ]
    objects += [
        b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 5 0 R" % (10 + at, box)
        + resources + b">>endobj"
        for at in range(pages)
    ]  # fmt: skip
    return _with_table([*objects, *filter(None, re.split(rb"(?<=endobj)\n", extra))], trailer)


def with_forms(count: int) -> bytes:
    """A page with a chain of forms, each of which draws the next one twice; the last one itself."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length 11"
    next_one = b"/Resources<</XObject<</F %d 0 R>>>>"
    last = 9 + count
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R"
        + next_one % 10 + b">>endobj",
        b"5 0 obj<</Length 5>>stream\n/F Do\nendstream endobj",
    ]  # fmt: skip
    for at in range(10, last + 1):
        head = b"%d 0 obj<<" % at + form + next_one % min(at + 1, last)
        objects.append(head + b">>stream\n/F Do /F Do\nendstream endobj")
    return _with_table(objects, b"")


def with_placed_form(place: bytes, content: bytes) -> bytes:
    """A page with nothing but a form, put somewhere by an operator."""
    stream = b"q " + place + b" /F Do Q"
    return _with_table(
        [
            b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
            b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R"
            b"/Resources<</XObject<</F 6 0 R>>>>>>endobj",
            b"5 0 obj<</Length %d>>stream\n%s\nendstream endobj" % (len(stream), stream),
            b"6 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length %d>>stream\n%s\n"
            b"endstream endobj" % (len(content), content),
        ],
        b"",
    )


def _with_table(objects: list[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.7\n", {}
    for one in objects:
        places[int(one.split()[0])] = len(out)
        out += one + b"\n"
    count, start = max(places) + 1, len(out)
    rows = (
        b"%010d %05d %s \n" % ((places[at], 0, b"n") if at in places else (0, 65535, b"f"))
        for at in range(count)
    )
    out += b"xref\n0 %d\n" % count + b"".join(rows)
    out += b"trailer<</Size %d/Root 1 0 R %s>>\n" % (count, trailer)
    return out + b"startxref\n%d\n%%%%EOF\n" % start
