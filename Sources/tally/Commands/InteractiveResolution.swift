import TallyCore
import TallyStore
import TallyTerminal
import TallyWire

/// Goes through conflicts, one key each.
///
/// Every answer is written at once, as a changeset of its own. Between two keys the file is closed, and others may write it:
/// what is written is written only while the sides are those that were shown.
struct InteractiveResolution {
    private let context: CommandContext
    private let note: String?
    private let keys: KeyReader
    private let places: [Place]
    private var position = 0
    private var done: [Done] = []
    private var skipped: Set<Int> = []
    /// The places that an answer to one like them has settled.
    private var settled: Set<Int> = []

    private struct Place: Hashable {
        let record: RecordAddress
        let statement: String

        init(_ conflict: Conflict) { (record, statement) = (conflict.record, conflict.statement) }
    }

    private struct Done {
        let position: Int
        let revision: Revision
        let settled: Set<Int>
        let count: Int
        let isFinal: Bool
    }

    /// - Throws: `Failure` where there is no terminal.
    init(_ conflicts: [Conflict], note: String?, _ context: CommandContext) throws {
        self.context = context
        self.note = note
        places = conflicts.map { Place($0) }
        keys = try Self.keys(context)
    }

    private static func keys(_ context: CommandContext) throws -> KeyReader {
        do throws(TerminalError) {
            if context.output.terminal.isOutputTerminal { return try KeyReader() }
        } catch {
            guard case .noTerminal = error else { throw error }
        }
        throw Failure(
            "terminal", "-i asks for keys, and there is no terminal",
            hint: "Give a rule: tally resolve --all --take RULE --dry-run", exitCode: 74)
    }

    mutating func run() throws {
        defer { keys.close() }
        while position < places.count {
            guard let shown = try load(places[position]) else {
                if !settled.contains(position) {
                    say("\(places[position].record) is settled already")
                }
                position += 1
                continue
            }
            try show(shown)
            guard try answer(shown) else { break }
        }
        finish()
    }

    private func finish() {
        let left =
            (try? context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
                try dataset.read { try $0.conflictCount() }
            }) ?? 0
        let resolved = done.reduce(0) { $0 + $1.count }
        let passed = skipped.count > 0 ? ", \(FigureText.grouped(skipped.count)) skipped" : ""
        let last = done.last.flatMap { $0.isFinal ? nil : $0.revision.short }
        say(
            "Resolved \(FigureText.count(resolved, "conflict"))\(passed); \(FigureText.grouped(left)) left"
                + (last.map { ". Take the last answer back with: tally undo \($0)" } ?? ""))
    }

    private func say(_ text: String) {
        context.output.print(Printable.block(text))
        context.output.flush()
    }

    // MARK: Showing

    private func load(_ place: Place) throws -> Conflict? {
        try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            try dataset.read { try $0.conflict(over: place.statement, of: place.record) }
        }
    }

    private func show(_ conflict: Conflict) throws {
        let terminal = Terminal.current()
        let sheet = try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            try dataset.read { access in
                try ConflictSheet(
                    conflict, before: access.before([conflict])[conflict.id], access, all: false)
            }
        }
        let number = "\(FigureText.grouped(position + 1)) of \(FigureText.grouped(places.count))  "
        context.output.write(
            "\n" + number + sheet.text(nowMs: context.nowMs, on: terminal, tellsHow: false))
        prompt(conflict)
    }

    private func prompt(_ conflict: Conflict, _ what: String = "") {
        let sides = conflict.sides.map { key(of: $0) }.joined(separator: " ")
        let others =
            conflict.statement == Conflict.existenceName
            ? "d delete · k keep" : "0 before" + (what.isEmpty ? " · e edit" : "")
        let rest = what.isEmpty ? " · s skip · u undo · ! alike · ? help · q quit" : ""
        context.output.write("\(what)\(sides) take · \(others)\(rest) > ")
        context.output.flush()
    }

    /// `d` and `e` mean something else: of more than three sides those further on are taken with the capital letter.
    private func key(of side: Conflict.Side) -> String {
        ["A", "B", "C"].contains(side.letter) ? side.letter.lowercased() : side.letter
    }

    private static let help = """
        a b c   take that side; with more than three, D, E … with the shift key
        0       the value before the two went apart
        d, k    of a deletion beside an edit: delete the record, or keep it (for good)
        e       write the value in your editor
        s       skip it: it stays open
        u       take back the last answer, and ask again
        !       then a side, 0, d or k: the same for all that are alike, those over
                the same field between the same people; a side is that person's
        q       quit; what was answered is written
        """

    // MARK: Answering

    /// What a key says of a conflict.
    private enum Choice {
        case side(Conflict.Side)
        case base
        case decide(isKept: Bool)
        /// The side of somebody at a machine, which is this one of the conflict that is shown: letters stand by time, and may
        /// mean another one elsewhere.
        case person(String, Conflict.Side)
    }

    private func choice(_ key: Key, _ conflict: Conflict) -> Choice? {
        guard case .character(let character) = key else { return nil }
        let isExistence = conflict.statement == Conflict.existenceName
        switch character {
        case "0" where !isExistence: return .base
        case "d" where isExistence: return .decide(isKept: false)
        case "k" where isExistence: return .decide(isKept: true)
        default:
            let side = conflict.sides.first {
                self.key(of: $0) == String(character) || $0.letter == String(character)
            }
            return side.map { .side($0) }
        }
    }

    /// Reads keys until the conflict is answered.
    ///
    /// - Returns: false to go on no further.
    private mutating func answer(_ shown: Conflict) throws -> Bool {
        while true {
            let key = try keys.read()
            if let choice = choice(key, shown) {
                echo(key)
                try settle([shown], choice)
                return true
            }
            switch key {
            case .character("s"):
                echo(key)
                skipped.insert(position)
                position += 1
                return true
            case .character("e") where shown.statement != Conflict.existenceName:
                echo(key)
                try edit(shown)
                return true
            case .character("u"):
                echo(key)
                try undo()
                return true
            case .character("!"):
                echo(key)
                return try settleAlike(shown)
            case .character("?"):
                echo(key)
                say(Self.help)
                prompt(shown)
            case .character("q"), .endOfInput:
                echo(key)
                return false
            case .interrupt: try interrupt()
            case .redraw: try show(shown)
            default: break
            }
        }
    }

    private func echo(_ key: Key) {
        if case .character(let character) = key { say(String(character)) } else { say("") }
    }

    /// Settles conflicts as they were shown, in one changeset; says what came of it.
    private mutating func settle(_ shown: [Conflict], _ choice: Choice) throws {
        do {
            let settlement = try Settlement(of: shown, note: note, context) { resolver, now in
                try resolution(of: now, choice, resolver)
            }
            take(settlement)
        } catch is Settlement.Stale {
            say("The sides are no longer those that were shown; nothing was written")
        } catch let error as StoreError where error.code == .badInput {
            say(error.message)
        }
    }

    private mutating func take(_ settlement: Settlement) {
        let plan = settlement.plan
        context.note(settlement.written)
        let meant = Set(plan.map { Place($0.conflict) })
        let positions = Set(places.indices.filter { meant.contains(places[$0]) })
        settled.formUnion(positions)
        skipped.subtract(positions)
        if let revision = settlement.written.revisions.last {
            done.append(
                Done(
                    position: position, revision: revision, settled: positions, count: plan.count,
                    isFinal: plan.contains(where: \.isFinal)))
        }
        if plan.count == 1, let one = plan.first {
            let isExistence = one.conflict.statement == Conflict.existenceName
            let isFinal = one.isFinal ? ", for good: undo does not bring the deletion back" : ""
            say("\(isExistence ? "record" : one.conflict.statement): \(one.outcome)\(isFinal)")
        } else {
            say("Settled \(FigureText.count(plan.count, "conflict"))")
        }
        position += 1
    }

    /// Opens the editor on the value; the terminal is its own meanwhile.
    private mutating func edit(_ shown: Conflict) throws {
        do {
            let settlement = try keys.withTerminalReleased {
                let editing = try context.withDataset(readOnly: true, tellsWaiting: false) {
                    try ConflictEdit(shown, $0, context)
                }
                return try editing.settle(note: note, context)
            }
            guard let settlement else { return say("Nothing was changed") }
            take(settlement)
            try? context.withDataset(readOnly: true, tellsWaiting: false) {
                context.noteHints(on: settlement.plan, in: $0)
            }
        } catch let error where (error as? TerminalError) != .interrupted {
            let failure = Failure(error)
            say([failure.message, failure.hint].compactMap(\.self).joined(separator: "\n"))
        }
    }

    private func resolution(
        of conflict: Conflict, _ choice: Choice, _ resolver: Resolver
    ) throws -> Resolution {
        switch choice {
        case .side(let side): return try resolver.take(.letter(side.letter), of: conflict)
        case .base: return try resolver.take(.base, of: conflict)
        case .decide(let isKept): return try resolver.decide(isKept: isKept, conflict)
        case .person(let name, let shown):
            if conflict.sides.contains(shown) {
                return try resolver.take(.letter(shown.letter), of: conflict)
            }
            let own = try conflict.sides.filter {
                try ValueText.name(resolver.access.info(of: $0.revision)) == name
            }
            guard own.count == 1 else {
                throw StoreError(
                    .badInput,
                    "\(conflict.record): not one side alone is \(name)'s; nothing was written")
            }
            return try resolver.take(.letter(own[0].letter), of: conflict)
        }
    }

    /// - Returns: false to go on no further.
    private mutating func settleAlike(_ shown: Conflict) throws -> Bool {
        let alike = try self.alike(shown)
        var key = Key.redraw
        while key == .redraw {
            prompt(shown, "For \(FigureText.count(alike.count, "conflict")) like this: ")
            key = try keys.read()
            echo(key)
        }
        if key == .interrupt { try interrupt() }
        if key == .endOfInput { return false }
        guard let choice = choice(key, shown) else {
            say("Nothing was written")
            return true
        }
        guard case .side(let side) = choice else {
            try settle(alike, choice)
            return true
        }
        let person = try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            try dataset.read { try ValueText.name($0.info(of: side.revision)) }
        }
        try settle(alike, .person(person, side))
        return true
    }

    private func interrupt() throws -> Never {
        say("")
        finish()
        throw Failure.silent(exitCode: 130)
    }

    /// Those from here on over the same field, between the same people.
    private func alike(_ shown: Conflict) throws -> [Conflict] {
        try context.withDataset(readOnly: true, tellsWaiting: false) { dataset in
            try dataset.read { access in
                let people = try self.people(shown, access)
                return try places[position...].compactMap { place in
                    guard place.record.kind == shown.record.kind,
                        place.statement == shown.statement,
                        let conflict = try access.conflict(over: place.statement, of: place.record),
                        conflict.what == shown.what, try self.people(conflict, access) == people
                    else { return nil }
                    return conflict
                }
            }
        }
    }

    /// Who holds the sides, sorted.
    private func people(_ conflict: Conflict, _ access: DatasetAccess) throws -> [String] {
        try conflict.sides.map { side in
            ValueText.name(try access.info(of: side.revision))
        }.sorted()
    }

    private mutating func undo() throws {
        guard let last = done.last else { return say("There is nothing to take back") }
        guard !last.isFinal else {
            return say("A deletion that was overruled cannot be brought back into the conflict")
        }
        let isUndone = try context.withDataset { dataset in
            let info = try dataset.read { try $0.info(of: last.revision) }
            let deed = try dataset.read { try $0.deed(of: info) }
            var isEmpty = true
            try dataset.write(at: context.workplace()) { editor in
                editor.message = UndoText.message(undoing: info)
                isEmpty = try editor.undo(deed).isEmpty
            }
            return !isEmpty
        }
        guard isUndone else { return say("It has been changed since, and cannot be taken back") }
        done.removeLast()
        settled.subtract(last.settled)
        position = last.position
    }
}
