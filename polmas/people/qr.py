"""QR codes, for paper and for screens."""

import io

import segno


def qr_of(text: str) -> str:
    """A QR code as SVG without a size of its own, readable when a quarter of it is dirty or torn."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return out.getvalue().decode()
