import Glibc
import Synchronization

/// Where bytes go: a descriptor, or memory in tests.
public struct ByteSink: Sendable {
    /// Takes all bytes; returns 0, or the `errno` of what failed.
    public let write: @Sendable (UnsafeRawBufferPointer) -> Int32

    /// Bytes that go wherever `write` puts them.
    public init(write: @escaping @Sendable (UnsafeRawBufferPointer) -> Int32) {
        self.write = write
    }

    /// Writes to an open descriptor, which is neither owned nor closed.
    public static func descriptor(_ descriptor: Int32) -> ByteSink {
        ByteSink { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                let count = Glibc.write(descriptor, start, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody who shares the terminal made it non-blocking.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&entry, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}

/// What an ``Output`` made for a test was given to print.
public final class CapturedText: Sendable {
    private let streams = Mutex<(output: [UInt8], errors: [UInt8])>(([], []))

    init() {}

    /// Everything written to standard output.
    public var output: String {
        String(decoding: streams.withLock { $0.output }, as: UTF8.self)
    }

    /// Everything written to standard error, progress included.
    public var errors: String {
        String(decoding: streams.withLock { $0.errors }, as: UTF8.self)
    }

    var outputSink: ByteSink {
        ByteSink { bytes in
            self.streams.withLock { $0.output += bytes }
            return 0
        }
    }

    var errorSink: ByteSink {
        ByteSink { bytes in
            self.streams.withLock { $0.errors += bytes }
            return 0
        }
    }
}
