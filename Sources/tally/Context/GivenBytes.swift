import TallyCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The arguments and variables as the bytes that were given.
///
/// Swift's strings repair in silence what is no UTF-8, and what was repaired would be written and signed.
enum GivenBytes {
    private static let hint =
        "Set the terminal to UTF-8; rename a file whose name is in another encoding."

    /// - Throws: `Failure` for the first argument or variable of Tally's that is not UTF-8.
    static func check() throws {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[index], !isUTF8(argument) else { continue }
            throw Failure(
                "bad-input",
                "Argument \(index) is not UTF-8: \(JSONString.quoted(String(cString: argument)))",
                hint: hint, exitCode: 65)
        }
        var next = environ
        while let entry = next.pointee {
            next += 1
            let text = String(cString: entry)
            guard text.hasPrefix("TALLY_"), !isUTF8(entry) else { continue }
            throw Failure(
                "bad-input", "The variable \(text.prefix { $0 != "=" }) is not UTF-8", hint: hint,
                exitCode: 65)
        }
    }

    private static func isUTF8(_ text: UnsafePointer<CChar>) -> Bool {
        String(validatingCString: text) != nil
    }
}
