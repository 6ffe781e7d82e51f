"""Small files of boundaries, made in the test that needs them."""

import gzip
import json

PARENTS = {"provinsi": "Jawa Tengah", "kabkota": "Kota Semarang", "kecamatan": "Banyumanik"}


def square(lon=110.42, lat=-7.07, size=0.02):
    """The ring of a square by its south-western corner."""
    return [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings) or [square()]}


def feature(code="33.74.11.1004", name="Pedalangan", geometry=None, **properties):
    return {"type": "Feature", "properties": {"kode": code, "nama": name, **PARENTS, **properties}, "geometry": geometry or polygon()}


def written(folder, name, *features):
    """The path of a file with these features; packed where its name ends in .gz."""
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    path = folder / name
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path
