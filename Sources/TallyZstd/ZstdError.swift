/// Why bytes could not be unpacked.
public enum ZstdError: Error, Hashable, Sendable {
    /// The input ends inside a frame, or holds none.
    case truncated(inputBytes: Int)
    /// The output would be longer than the caller allows.
    case tooLarge(limit: Int)
    /// The frame asks for more memory than `ZstdDecompressor.windowLogMaximum` allows.
    case windowTooLarge(limit: Int)
    /// No frame begins where one should.
    case notAFrame(offset: Int)
    /// zstd's own words for what is wrong in a frame.
    case corrupt(detail: String, offset: Int)
}

extension ZstdError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let inputBytes):
            "The zstd data is cut off after \(inputBytes) bytes."
        case .tooLarge(let limit):
            "The zstd data unpacks to more than \(limit) bytes."
        case .windowTooLarge(let limit):
            "The zstd data needs a window of more than \(limit) bytes."
        case .notAFrame(let offset):
            "There is no zstd frame at byte \(offset)."
        case .corrupt(let detail, let offset):
            "The zstd data is damaged before byte \(offset): \(detail)."
        }
    }
}
