"""A tiny PMTiles file (version 3): one tile of the world, all land. https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md"""

import struct

NONE, MVT = 1, 1  # how it is compressed, what a tile is


def land() -> bytes:
    """A vector tile: the layer "earth", 4096 across, with one polygon that covers the tile."""
    geometry = bytes([9, 0, 0, 26, 0x80, 0x40, 0, 0, 0x80, 0x40, 0xFF, 0x3F, 0, 15])
    feature = bytes([0x18, 3, 0x22, len(geometry)]) + geometry
    layer = b"\x0a\x05earth" + bytes([0x12, len(feature)]) + feature + bytes([0x28, 0x80, 0x20, 0x78, 2])
    return bytes([0x1A, len(layer)]) + layer


def pmtiles() -> bytes:
    """Its bytes: header, directory, metadata, the tile."""
    tile, metadata = land(), b"{}"
    directory = bytes([1, 0, 1, len(tile), 1])  # entries, tile's id, run, length, offset + 1
    root = 127
    offsets = (root, len(directory), root + len(directory), len(metadata), 0, 0, root + len(directory) + len(metadata), len(tile), 1, 1, 1)
    kinds = (1, NONE, NONE, MVT, 0, 0)  # clustered, compressions, kind of tile, zooms
    box = (-180_0000000, -85_0000000, 180_0000000, 85_0000000)
    header = b"PMTiles\x03" + struct.pack("<11Q6B4iB2i", *offsets, *kinds, *box, 0, 0, 0)
    assert len(header) == root
    return header + directory + metadata + tile
