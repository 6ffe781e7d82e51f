"""A JPEG that a phone has shrunk already, freed of all that it says about itself, without being decoded and encoded anew.

Encoding again would cost a tenth of a second of a whole core for each photo and make the picture worse. What is kept are the parts
that draw the picture and nothing else: no EXIF, no comment, no profile, nothing behind its end.
"""

# Second bytes of markers (ITU-T T.81, table B.1).
START, END, SCAN = 0xD8, 0xD9, 0xDA
TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})  # Huffman, arithmetic, quantisation, restart interval
FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
COLOURS = 0xEE  # how Adobe's programs say which colours the numbers stand for
RESTARTS = range(0xD0, 0xD8)
KEPT = TABLES | FRAMES | {COLOURS, SCAN}


def plain_jpeg(data: bytes) -> bytes | None:
    """The picture's own parts; None where the file is not put together as nearly all JPEGs are."""
    if data[:2] != b"\xff\xd8":
        return None
    parts, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == END:
            return b"".join([*parts, data[place : place + 2]])
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == SCAN:
            end = end_of_scan(data, end)
        if marker in KEPT:
            parts.append(data[place:end])
        place = end
    return b"".join([*parts, b"\xff\xd9"]) if data[place : place + 2] == b"\xff\xd9" else None


def end_of_scan(data: bytes, place: int) -> int:
    """Where the next marker stands: within a scan 0xFF is followed by a zero, or by a restart."""
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        if data[place + 1] != 0 and data[place + 1] not in RESTARTS:
            return place
        place += 2
    return len(data)
