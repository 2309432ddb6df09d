/// The text of an SQL condition, as far as it decides whether the condition can leave the brackets that it is put into.
///
/// `1) UNION SELECT 'x' WHERE (1` is one statement that only reads, and makes keys of records that do not exist. So every
/// bracket that is closed has to be one that the condition opened. What is quoted or a comment is passed over, by the rules
/// of SQLite (https://www.sqlite.org/lang_comment.html, https://www.sqlite.org/lang_keywords.html):
///
/// ```
/// 'it''s (' "a (" `a (` [a (]    quoted; a quote that is doubled ends one text and begins the next
/// -- to the end of the line      /* to the next */
/// ```
///
/// Parameters are refused: there is no value for them, and the name of one may hold a quote, as in `$a(')`
/// (https://www.sqlite.org/c3ref/bind_blob.html).
enum ConditionText {
    enum Fault: Error, Equatable {
        case closesTooMuch
        case open(String)
        case parameter(String)
        case nul

        /// What is wrong with the condition.
        var reason: String {
            switch self {
            case .closesTooMuch: return "the condition closes a bracket that it has not opened"
            case .open("/*"): return "a comment is not closed: /* without */"
            case .open("("): return "a bracket is not closed"
            case .open(let quote): return "what \(quote) begins does not end"
            case .parameter(let mark):
                return "\(mark) stands for a value that is given elsewhere; there is none"
            case .nul: return "the condition has a NUL character"
            }
        }
    }

    /// - Complexity: O(bytes).
    static func check(_ condition: String) throws(Fault) {
        let bytes = Array(condition.utf8)
        var (position, depth) = (0, 0)
        while position < bytes.count {
            let byte = bytes[position]
            let next = position + 1 < bytes.count ? bytes[position + 1] : 0
            position += 1
            switch (byte, next) {
            case (UInt8(ascii: "("), _): depth += 1
            case (UInt8(ascii: ")"), _):
                depth -= 1
                if depth < 0 { throw .closesTooMuch }
            case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _), (UInt8(ascii: "`"), _):
                position = try end(of: bytes, from: position, byte)
            case (UInt8(ascii: "["), _):
                position = try end(of: bytes, from: position, UInt8(ascii: "]"))
            case (UInt8(ascii: "-"), UInt8(ascii: "-")):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
                    if bytes[position] == 0 { throw .nul }
                    position += 1
                }
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                position = try endOfComment(in: bytes, from: position + 1)
            case (UInt8(ascii: "?"), _), (UInt8(ascii: ":"), _), (UInt8(ascii: "@"), _),
                (UInt8(ascii: "#"), _), (UInt8(ascii: "$"), _):
                throw .parameter(String(UnicodeScalar(byte)))
            case (0, _): throw .nul
            default: break
            }
        }
        if depth > 0 { throw .open("(") }
    }

    /// The position behind the quote that ends what the one before `start` begins.
    private static func end(
        of bytes: [UInt8], from start: Int, _ quote: UInt8
    ) throws(Fault) -> Int {
        for position in start..<bytes.count {
            if bytes[position] == 0 { throw .nul }
            if bytes[position] == quote { return position + 1 }
        }
        throw .open(String(UnicodeScalar(bytes[start - 1])))
    }

    private static func endOfComment(in bytes: [UInt8], from start: Int) throws(Fault) -> Int {
        var position = start
        while position + 1 < bytes.count {
            if bytes[position] == 0 { throw .nul }
            if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
                return position + 2
            }
            position += 1
        }
        throw .open("/*")
    }
}

extension StoreError {
    /// - Throws: `StoreError` for a condition of which not all would stand in the brackets that it is put into.
    static func check(condition: String) throws(StoreError) {
        do throws(ConditionText.Fault) {
            try ConditionText.check(condition)
        } catch { throw StoreError(.fault, "SQL: \(error.reason)") }
    }
}
