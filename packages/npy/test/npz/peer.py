"""Archives of arrays behind a pipe, for the tests: one JSON request a line in, one JSON answer a line out.

Requests:
  {"op": "savez", "source", "compressed"} -> {"file"}: what np.savez (or np.savez_compressed) writes of the dict of a Python expression;
      with "limit" each number past it is written in 64 bits
  {"op": "zip", "source"} -> {"file"}: what zipfile writes: a list of (name, data in hex, method, comment); with "streamed" to a file
      that cannot seek, so that there are data descriptors; "comment" is that of the archive
  {"op": "load", "file"} -> {"arrays"}: what np.load reads: [name, descr, shape, elements in C order in hex], or the error
  {"op": "test", "file"} -> {"bad"}: the first member whose checksum or header is wrong by zipfile, or null
  {"op": "directory", "members": [[name, crc, size, offset]], "start"} -> {"bytes"}: the central directory of such members, and the end
      of the archive, as np.savez would write them from byte "start" on
  {"op": "version"} -> {"python": [3, 11, 7]}
"""
import io
import json
import sys
import zipfile

import numpy as np


class Unseekable(io.RawIOBase):
    """A file that can be written and not be sought, like a socket."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)

    def getvalue(self):
        return bytes(self.bytes)


def savez(request):
    file = Unseekable() if request.get("streamed") else io.BytesIO()
    save = np.savez_compressed if request.get("compressed") else np.savez
    limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    if "limit" in request:
        zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = request["limit"]
    try:
        save(file, **eval(request["source"], {"np": np}))
    finally:
        zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
    return {"file": file.getvalue().hex()}


class At(io.BytesIO):
    """A file that reports positions as if `start` bytes stood in front of it."""

    start = 0

    def tell(self):
        return super().tell() + self.start


def directory(request):
    file = At()
    archive = zipfile.ZipFile(io.BytesIO(), "w")
    for name, crc, size, offset in request["members"]:
        info = zipfile.ZipInfo(name)
        info.CRC, info.file_size, info.compress_size, info.header_offset = crc, size, size, offset
        info.external_attr = 0o600 << 16
        info.create_version = info.extract_version = 45
        archive.filelist.append(info)
    archive.start_dir = file.start = request["start"]
    archive.fp = file
    archive._write_end_record()
    archive.fp = None  # else ZipFile would close it, and write the end record once more
    return {"bytes": file.getvalue().hex()}


def zipped(request):
    file = Unseekable() if request.get("streamed") else io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = request.get("comment", "").encode("latin1")
        for name, data, method, comment in request["members"]:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.comment = comment.encode()
            archive.writestr(info, bytes.fromhex(data))
    return {"file": file.getvalue().hex()}


def load(request):
    arrays = []
    with np.load(io.BytesIO(bytes.fromhex(request["file"]))) as archive:
        for name in archive.files:
            array = archive[name]
            arrays.append([name, np.lib.format.dtype_to_descr(array.dtype), list(array.shape), array.tobytes("C").hex()])
    return {"arrays": arrays}


def tested(request):
    return {"bad": zipfile.ZipFile(io.BytesIO(bytes.fromhex(request["file"]))).testzip()}


operations = {
    "savez": savez,
    "zip": zipped,
    "load": load,
    "test": tested,
    "directory": directory,
    "version": lambda _: {"python": list(sys.version_info[:3])},
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = operations[request["op"]](request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
