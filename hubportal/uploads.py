"""Files on their way in: kept in memory up to a bound, counted beyond it, never written to a disk."""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_MEGABYTES = 10
MOST_BYTES = MOST_MEGABYTES * 1024 * 1024


class InMemoryUpToABound(FileUploadHandler):
    """Keep the first bytes of what one request sends, all its files together, and the size of each file as it was sent.

    A form then says at the field that a file is too large, and a large one costs no more memory than a small one.
    """

    kept = 0

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file, self.sent = io.BytesIO(), 0

    def receive_data_chunk(self, raw_data, start):
        self.sent += len(raw_data)
        part = raw_data[: max(MOST_BYTES - self.kept, 0)]
        self.kept += len(part)
        self.file.write(part)

    def file_complete(self, file_size):
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name, self.content_type, self.sent, self.charset,
            self.content_type_extra,
        )  # fmt: skip
