import TallyCore
import TallyReports
import TallyStore
import TallyTerminal
import TallyWire

/// One conflict in detail: the value before, each side with its author, time and message, what else of the record was
/// merged without a conflict, and what is worth a look.
struct ConflictSheet {
    private let conflict: Conflict
    private let rows: [Row]
    private let hiddenCount: Int
    /// In the place of what is as it was.
    static let same = "·"
    private let infos: [RevisionInfo]
    private let hints: [Hint]

    /// A field: what it was, and what each side has.
    struct Row {
        let field: String
        let before: String
        let sides: [String]
        /// By whom it was merged, where it is not in conflict.
        var merged: String?

        /// Merged from somebody who is none of the sides.
        var isForeign: Bool { merged != nil && sides.allSatisfy { $0 == ConflictSheet.same } }

        /// Too long to stand beside others.
        var isLong: Bool { ([before] + sides).contains { DisplayWidth.of($0) > 40 } }
    }

    init(
        _ conflict: Conflict, before: [Value]?, _ access: DatasetAccess, all: Bool
    ) throws {
        self.conflict = conflict
        infos = try conflict.sides.map { try access.info(of: $0.revision) }
        hints = try HintReader(access).hints(on: conflict)
        let record = try access.view(conflict.record)
        var rows: [Row]
        if conflict.statement == Conflict.existenceName {
            (rows, hiddenCount) = Self.existence(conflict, record, all: all)
        } else {
            let fields = access.kinds.statement(conflict.statement, ofKind: conflict.record.kind)
                .fields
            (rows, hiddenCount) = Self.values(conflict, fields, before: before, all: all)
            rows += try Self.merged(conflict, record, infos, access)
        }
        self.rows = rows
    }

    // MARK: Rows

    private static func values(
        _ conflict: Conflict, _ fields: [String], before: [Value]?, all: Bool
    ) -> (rows: [Row], hiddenCount: Int) {
        var rows: [Row] = []
        for (index, field) in fields.enumerated() {
            let old = before?[index]
            let sides = conflict.sides.map { $0.content.value(at: index) }
            let isSame = sides.allSatisfy { $0 == sides[0] } && (before == nil || old == sides[0])
            if isSame, !all { continue }
            rows.append(
                Row(
                    field: field, before: before == nil ? "" : ValueText.of(old),
                    sides: sides.map { before != nil && $0 == old ? same : ValueText.of($0) }))
        }
        return (rows, fields.count - rows.count)
    }

    /// Beside a deletion: what the record holds now.
    private static func existence(
        _ conflict: Conflict, _ record: RecordView, all: Bool
    ) -> (rows: [Row], hiddenCount: Int) {
        let isKept = conflict.sides.map { $0.content == .existence(.present) }
        var rows = [
            Row(
                field: "record", before: "there",
                sides: isKept.map { $0 ? "kept, and edited:" : "deleted" })
        ]
        var hiddenCount = 0
        let present = Set(
            conflict.sides.filter { $0.content == .existence(.present) }.flatMap(\.revisions))
        for (field, value) in (record.row?.values ?? [:]).sorted(by: { $0.key < $1.key }) {
            let isEdited = record.state.statements.contains { name, statement in
                (name == field || statement.versions.isEmpty)
                    && statement.versions.contains { present.contains($0.revision) }
            }
            if isEdited || all {
                let text = ValueText.of(value)
                rows.append(Row(field: field, before: "", sides: isKept.map { $0 ? text : "" }))
            } else {
                hiddenCount += 1
            }
        }
        return (rows, hiddenCount)
    }

    /// What somebody wrote to other statements, and one of the sides had not seen.
    private static func merged(
        _ conflict: Conflict, _ record: RecordView, _ infos: [RevisionInfo], _ access: DatasetAccess
    ) throws -> [Row] {
        let seen = try conflict.sides.map { try access.coverage(of: $0.revision) }
        /// - Parameter writings: what of the field was written, each by its revision.
        func row(_ field: String, _ writings: [(text: String, revision: Revision)]) throws -> Row? {
            let news = writings.filter { writing in
                !seen.allSatisfy { $0.covers(writing.revision) }
            }
            guard !news.isEmpty else { return nil }
            var sides = infos.map { info in
                news.filter { $0.revision.replica == info.revision.replica }.map(\.text)
                    .joined(separator: "; ")
            }
            let elsewhere = news.filter { writing in
                !infos.contains { $0.revision.replica == writing.revision.replica }
            }
            var merged = elsewhere.map(\.text)
            if sides.allSatisfy(\.isEmpty) { sides = sides.map { _ in same } }
            let authors = Set(try news.map { try access.info(of: $0.revision).author })
            // Several of whom each has a column need not be named again.
            let isPlain = elsewhere.isEmpty && authors.count > 1
            let names = authors.sorted().map(Printable.line).joined(separator: ", ")
            merged.append(isPlain ? "merged" : "merged: from \(names)")
            return Row(
                field: field, before: "", sides: sides, merged: merged.joined(separator: ", "))
        }
        var rows: [Row] = []
        for (name, state) in record.state.statements where name != conflict.statement {
            guard let version = state.versions.first, state.versions.count == 1 else { continue }
            let fields = access.kinds.statement(name, ofKind: conflict.record.kind).fields
            for (field, value) in zip(fields, version.content) {
                // Nobody has written a field of a statement that holds none; one that was cleared alone is said.
                if value == .null, fields.count > 1 || !state.hasHistory { continue }
                let text = value == .null ? "cleared" : ValueText.of(value)
                if let row = try row(field, [(text, version.revision)]) { rows.append(row) }
            }
        }
        var sets: [String: [(text: String, revision: Revision)]] = [:]
        for (element, versions) in record.state.elements {
            // In beats out.
            let isIn = versions.contains(where: \.content)
            let text = (isIn ? "+" : "-") + Printable.line(element.text)
            sets[element.field, default: []] += versions.filter { $0.content == isIn }.map {
                (text, $0.revision)
            }
        }
        for (field, writings) in sets {
            if let row = try row(field, writings.sorted { $0.text < $1.text }) { rows.append(row) }
        }
        return rows.sorted { $0.field < $1.field }
    }

    // MARK: Text

    /// The whole is in `tally log`.
    private static let maximumMessageWidth = 60

    /// - Parameter tellsHow: whether the last line says how to settle it.
    func text(nowMs: Int64, on terminal: Terminal, tellsHow: Bool = true) -> String {
        let color = terminal.colorsOutput
        let titles = zip(conflict.sides, infos).map { side, info in
            let when = TimeText.moment(info.at.milliseconds, nowMs: nowMs, clock: .system)
            return "\(side.letter) \(ValueText.name(info)) \(when)"
        }
        let messages = infos.map { info in
            info.message.map { message in
                let line = Printable.line(message)
                return "“\(DisplayWidth.truncated(line, to: Self.maximumMessageWidth))”"
            } ?? ""
        }
        let (short, long) = (rows.filter { !$0.isLong }, rows.filter(\.isLong))
        var text = Style.bold.applied(to: Printable.line(conflict.record.text), color: color) + "\n"
        if !short.isEmpty { text += self.text(of: short, titles, messages, terminal) }
        for row in long {
            text += self.text(of: row, titles, short.isEmpty ? messages : nil, terminal)
        }
        if hiddenCount > 0 {
            text += "\(FigureText.count(hiddenCount, "unchanged field")) hidden (--all)\n"
        }
        text += HintText.block(hints, on: terminal)
        guard tellsHow else { return text }
        return text + "Settle it with: tally resolve \(conflict.id) --take LETTER\n"
    }

    /// A long text, and what each side made of it, word by word.
    private func text(
        of row: Row, _ titles: [String], _ messages: [String]?, _ terminal: Terminal
    ) -> String {
        let (width, color) = (terminal.outputWidth, terminal.colorsOutput)
        let indent = "    "
        func block(_ title: String, _ diff: WordDiff) -> String {
            let lines = diff.lines(width: width.map { $0 - indent.count }, color: color)
            return "  \(title)\n" + lines.map { indent + $0 + "\n" }.joined()
        }
        var text = Style.bold.applied(to: row.field, color: color)
        text += (row.merged.map { "  \($0)" } ?? "") + "\n"
        if !row.before.isEmpty {
            text += block("before", WordDiff(from: row.before, to: row.before))
        }
        for (index, side) in row.sides.enumerated() where !side.isEmpty {
            let old = row.before.isEmpty || side == Self.same ? side : row.before
            let said = messages.map { $0[index].isEmpty ? "" : "  \($0[index])" } ?? ""
            text += block(titles[index] + said, WordDiff(from: old, to: side))
        }
        return text
    }
}

extension Conflict.Content {
    /// What a side has for a field of the statement; nothing where it is over a deletion.
    func value(at index: Int) -> Value {
        if case .values(let values) = self { return values[index] }
        return .null
    }
}

enum ConflictText {
    /// Where an open conflict is shown.
    static func pointer(_ conflict: Conflict) -> String {
        let what =
            conflict.statement == Conflict.existenceName ? "its deletion" : conflict.statement
        return "In conflict over \(what): tally conflicts \(conflict.id)"
    }
}
