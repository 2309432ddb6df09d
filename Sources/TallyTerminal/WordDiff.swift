/// What changed from one text to another, word by word.
///
/// A word is what stands between spaces; of scripts that are written without them, each character.
///
/// - Complexity: O((words) · (differences)) to make; texts of many thousand words are not compared, but shown whole.
public struct WordDiff: Sendable {
    public enum Kind: Sendable, Hashable {
        case same, removed, added
    }

    public struct Piece: Sendable, Hashable {
        public let kind: Kind
        /// Words and the spaces between them.
        public fileprivate(set) var words: [String]
    }

    public private(set) var pieces: [Piece] = []
    private static let maximumWords = 4000

    /// Control characters are escaped (``Printable/line(_:)``).
    public init(from old: String, to new: String) {
        let (old, new) = (Self.words(Printable.line(old)), Self.words(Printable.line(new)))
        guard max(old.count, new.count) <= Self.maximumWords else {
            append(.removed, old)
            append(.added, new)
            return
        }
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                append(.removed, [old[left]])
                left += 1
            } else if right < new.count, added.contains(right) {
                append(.added, [new[right]])
                right += 1
            } else {
                append(.same, [new[right]])
                left += 1
                right += 1
            }
        }
    }

    private mutating func append(_ kind: Kind, _ words: [String]) {
        guard !words.isEmpty else { return }
        if pieces.last?.kind == kind {
            pieces[pieces.count - 1].words += words
        } else {
            pieces.append(Piece(kind: kind, words: words))
        }
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var isOpen = false
        for character in text {
            let standsAlone = character == " " || character.isWrittenWithoutSpaces
            if isOpen, !standsAlone {
                words[words.count - 1].append(character)
            } else {
                words.append(String(character))
            }
            isOpen = !standsAlone
        }
        return words
    }

    /// The new text with what was removed, in lines of at most `width` columns: in red and green where there is colour, else
    /// as `[-removed-]` and `{+added+}`, as git has it.
    public func lines(width: Int?, color: Bool) -> [String] {
        var (lines, line, column) = ([String](), "", 0)
        for piece in pieces {
            let style: Style =
                piece.kind == .removed ? .red : piece.kind == .added ? .green : .plain
            for (index, word) in marked(piece, color: color).enumerated() {
                let size = DisplayWidth.of(word)
                if let width, column > 0, column + size > width {
                    lines.append(line)
                    (line, column) = ("", 0)
                }
                // A space between two words that stand on two lines is not shown.
                if column == 0, word == " ", index > 0 || !lines.isEmpty { continue }
                line += style.applied(to: word, color: color)
                column += size
            }
        }
        if column > 0 { lines.append(line) }
        return lines
    }

    private func marked(_ piece: Piece, color: Bool) -> [String] {
        guard !color, piece.kind != .same, let last = piece.words.indices.last else {
            return piece.words
        }
        var words = piece.words
        words[0] = (piece.kind == .removed ? "[-" : "{+") + words[0]
        words[last] += piece.kind == .removed ? "-]" : "+}"
        return words
    }
}

extension Character {
    /// Chinese characters and Japanese syllables: of what is wide, Korean has spaces between its words.
    fileprivate var isWrittenWithoutSpaces: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        return (0x3040...0x30ff).contains(scalar) || (0x3400...0x9fff).contains(scalar)
            || (0xf900...0xfaff).contains(scalar) || (0x20000...0x3ffff).contains(scalar)
    }
}
