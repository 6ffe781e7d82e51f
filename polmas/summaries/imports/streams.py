"""Stored files as streams, wherever they are stored."""

import io


class Watched(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file, progress):
        self.file, self.tell_progress, self.last = file, progress, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def tell(self):
        return self.file.tell()

    def readinto(self, buffer):
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        if (place := self.file.tell()) - self.last > 1 << 18:
            self.last = place
            self.tell_progress(place)
        return len(data)
