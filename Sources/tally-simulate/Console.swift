#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is printed: all on standard output or, beside JSON, all but that on standard error.
final class Console {
    private let isBesideJSON: Bool
    /// The `errno` of the first write to standard output that failed.
    private(set) var failure: Int32 = 0

    init(isBesideJSON: Bool) {
        self.isBesideJSON = isBesideJSON
        // No file of a world gets the place of a stream that is closed.
        var descriptor: Int32
        repeat { descriptor = open("/dev/null", O_RDONLY) } while 0...STDERR_FILENO ~= descriptor
        close(descriptor)
    }

    func say(_ text: String) {
        if isBesideJSON { Self.report(text) } else { print(text) }
    }

    func print(_ text: String) {
        if failure == 0 { failure = Self.write("\(text)\n", to: STDOUT_FILENO) }
    }

    static func report(_ text: String) {
        // Where standard error itself fails there is nobody left to tell.
        _ = write("\(text)\n", to: STDERR_FILENO)
    }

    /// - Returns: 0, or `errno`.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

/// write(2) under another name than the function above.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

/// A word of a command that somebody may copy into a shell.
func quoted(_ word: String) -> String {
    let plain = "/:._-%+,@="
    let isPlain =
        !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || plain.contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
