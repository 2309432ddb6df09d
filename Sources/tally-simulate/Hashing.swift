#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Swift seeds its hashing anew in each process, and each would walk through sets and dictionaries in another order.
///
/// The suites of `swift test`, which play worlds too, see other orders.
enum Hashing {
    private static let name = "SWIFT_DETERMINISTIC_HASHING"

    /// Goes on as a process that hashes in the same way every time.
    static func settle() {
        guard getenv(name).map({ String(cString: $0) }) != "1" else { return }
        setenv(name, "1", 1)
        // The path is Linux's, where `ps` calls the process `exe`; the name will do elsewhere.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
        if let program = CommandLine.unsafeArgv[0] { execvp(program, CommandLine.unsafeArgv) }
        Console.report(
            "The program cannot start itself again: set \(name)=1, or a world goes otherwise at times."
        )
    }
}
