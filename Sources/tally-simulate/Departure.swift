#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Leaves nothing behind when a signal ends the program, wherever it is and whatever it does.
///
/// The process becomes a shell that removes the folder, and ends with 128 and the number of the signal. Of the little that
/// a handler may do, exec(3) is enough, and after it nobody writes there any more
/// (https://man7.org/linux/man-pages/man7/signal-safety.7.html).
enum Departure {
    private static let script = #"rm -rf -- "$0"; exit $((128 + $1))"#
    nonisolated(unsafe) private static var arguments:
        UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    /// The number of the signal, two digits.
    nonisolated(unsafe) private static var number: UnsafeMutablePointer<CChar>?

    /// Signals that were ignored from the start (`nohup`, `&` in a script) stay ignored.
    static func remove(_ folder: String) {
        number = strdup("00")
        let words = [strdup("/bin/sh"), strdup("-c"), strdup(script), strdup(folder), number, nil]
        let pointer = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: words.count)
        pointer.initialize(from: words, count: words.count)
        arguments = pointer
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] {
            let before = signal(number) { Departure.leave($0) }
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                signal(number, SIG_IGN)
            }
        }
    }

    private static func leave(_ signal: Int32) {
        guard let arguments, let number else { _exit(128 + signal) }
        // A blank before a digit: a zero would make it octal.
        number[0] = CChar(signal < 10 ? 0x20 : 0x30 + signal / 10)
        number[1] = CChar(0x30 + signal % 10)
        execv("/bin/sh", arguments)
        _exit(128 + signal)
    }
}
