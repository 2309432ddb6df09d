import CZstd

/// A context of zstd that refuses frames with a window above `1 << windowLogMaximum` bytes; to be freed by whoever asks.
func decompressionContext(windowLogMaximum: Int32) -> OpaquePointer {
    guard let context = ZSTD_createDCtx() else { fatalError("no memory for a zstd context") }
    let result = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLogMaximum)
    precondition(ZSTD_isError(result) == 0, "zstd refused its window limit")
    return context
}

extension ZstdError {
    /// What a result of zstd says that is an error.
    ///
    /// - Parameter offset: how many bytes of the input were taken.
    init(_ result: Int, offset: Int, windowLogMaximum: Int32) {
        self =
            ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge
            ? .windowTooLarge(limit: 1 << windowLogMaximum)
            : .corrupt(detail: String(cString: ZSTD_getErrorName(result)), offset: offset)
    }
}
