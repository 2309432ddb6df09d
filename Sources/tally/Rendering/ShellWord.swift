import TallyCore
import TallyTerminal

/// A word of a command that somebody may copy into a shell.
enum ShellWord {
    /// As it is where a shell takes it so, else in single quotes; what a terminal would obey is shown, not printed.
    static func quoted(_ word: String) -> String {
        let text = Printable.line(word)
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x80 || scalar.properties.isAlphabetic
                    || ("0"..."9").contains(Character(scalar))
                    || "/:._-%+,@=".unicodeScalars.contains(scalar)
            }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    static func quoted(_ address: RecordAddress) -> String { quoted(address.text) }
}
