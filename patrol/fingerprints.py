"""A picture's fingerprint: 64 bits that stay nearly the same when it is cut smaller, darkened or saved anew (difference hash).

Each bit says whether one of 8x8 fields is darker than the field to its right. Two pictures that differ in no more than
ALIKE_BITS are taken for the same scene; a plain surface has no fingerprint, since all of them look alike.
"""

from PIL import Image

SIDE = 8
ALIKE_BITS = 6
FEWEST_BITS = 6  # with fewer fields darker, or fewer lighter, there is too little to tell pictures apart


def fingerprint_of(picture: Image.Image) -> int | None:
    """As a signed 64-bit number, as PostgreSQL keeps it."""
    small = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    grey = small.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            place = row * (SIDE + 1) + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    if not FEWEST_BITS <= bits.bit_count() <= SIDE * SIDE - FEWEST_BITS:
        return None
    return bits - (1 << 64) if bits >> 63 else bits
