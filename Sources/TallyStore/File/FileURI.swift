/// Paths as SQLite takes them (https://www.sqlite.org/uri.html).
enum FileURI {
    /// A path as one that SQLite takes for a file name and nothing else: it reads `file:` as a URI and `:memory:` as no
    /// file.
    static func plain(_ path: String) -> String {
        path.hasPrefix("file:") || path.hasPrefix(":") ? "./" + path : path
    }

    /// For reading a file that nobody writes: no locks are taken, and nothing is made beside it.
    static func immutable(_ path: String) -> String { uri(path) + "?immutable=1" }

    /// For reading by the index that is there; it is not made, and not written.
    static func readOnlyIndex(_ path: String) -> String { uri(path) + "?readonly_shm=1" }

    private static func uri(_ path: String) -> String {
        // Behind `file:` two slashes would begin the name of a host.
        let start = path.hasPrefix("/") ? "file://" : "file:./"
        return start + path.utf8.map(escaped).joined()
    }

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(UnicodeScalar(byte))
        if character.isASCII, character.isLetter || character.isNumber || "/._-".contains(character)
        {
            return String(character)
        }
        let digits = String(byte, radix: 16)
        return "%" + (digits.count < 2 ? "0" : "") + digits
    }
}
