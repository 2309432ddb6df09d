#include <zlib.h>

// A macro in zlib.h. 16 more than the window's bits: a gzip header is expected.
static inline int tally_gzip_init(z_streamp stream) { return inflateInit2(stream, MAX_WBITS + 16); }
