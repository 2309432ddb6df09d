"""libzstd through ctypes: only what the log needs, in memory, so that times are those of the compression alone."""

import ctypes
import ctypes.util
import sys


def _library():
    name = ctypes.util.find_library("zstd") or "libzstd.so.1"
    try:
        library = ctypes.CDLL(name)
    except OSError:
        sys.exit("missing: libzstd. Install with: apt-get install libzstd1")
    for function in ("ZSTD_compressBound", "ZSTD_compress2", "ZSTD_CCtx_setParameter", "ZSTD_CCtx_loadDictionary",
                     "ZDICT_trainFromBuffer", "ZSTD_isError"):
        getattr(library, function).restype = ctypes.c_size_t
    library.ZSTD_createCCtx.restype = ctypes.c_void_p
    return library


LEVEL, WINDOW_LOG, LONG = 100, 101, 160
_zstd = _library()


class Compressor:
    def __init__(self, level, dictionary=None, long=False):
        self.context = ctypes.c_void_p(_zstd.ZSTD_createCCtx())
        for name, value in [(LEVEL, level)] + ([(LONG, 1), (WINDOW_LOG, 27)] if long else []):
            _zstd.ZSTD_CCtx_setParameter(self.context, name, value)
        if dictionary:
            _zstd.ZSTD_CCtx_loadDictionary(self.context, dictionary, ctypes.c_size_t(len(dictionary)))
        self.room = ctypes.create_string_buffer(0)

    def __call__(self, data):
        bound = _zstd.ZSTD_compressBound(ctypes.c_size_t(len(data)))
        if len(self.room) < bound:
            self.room = ctypes.create_string_buffer(bound)
        size = _zstd.ZSTD_compress2(self.context, self.room, ctypes.c_size_t(bound), data, ctypes.c_size_t(len(data)))
        assert not _zstd.ZSTD_isError(ctypes.c_size_t(size)), "zstd refuses"
        return ctypes.string_at(self.room, size)


def train(samples, size):
    """A dictionary of at most `size` bytes for data like the samples."""
    lengths = (ctypes.c_size_t * len(samples))(*map(len, samples))
    room = ctypes.create_string_buffer(size)
    used = _zstd.ZDICT_trainFromBuffer(
        room, ctypes.c_size_t(size), b"".join(samples), lengths, ctypes.c_uint(len(samples)))
    assert not _zstd.ZSTD_isError(ctypes.c_size_t(used)), "too few samples"
    return ctypes.string_at(room, used)
