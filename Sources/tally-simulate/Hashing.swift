#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Swift seeds its hashing anew in each process, and each would walk through sets and dictionaries in another order.
enum Hashing {
    private static let name = "SWIFT_DETERMINISTIC_HASHING"

    /// Goes on as a process that hashes in the same way every time.
    ///
    /// Where the system does not start the program again, it goes on as it is: worlds are worlds all the same.
    static func settle() {
        guard getenv(name) == nil, let program = CommandLine.unsafeArgv[0] else { return }
        setenv(name, "1", 1)
        execvp(program, CommandLine.unsafeArgv)
    }
}
