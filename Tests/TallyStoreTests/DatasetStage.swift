import StoreTestSupport
import TallyCore
import TallySimulator
import TallySync
import TallyWire

@testable import TallyStore

/// Dataset files on which a history is played, each step compared with the model.
struct DatasetStage: HistoryStage {
    let copies: [Copy]
    private(set) var model: ModelWorld
    private let space: HistorySpace
    /// Counts the syncs, so that each way of bringing lines over gets its turn.
    private var syncs = 0

    init(_ history: History, in folder: TestFolder) throws {
        let (space, kinds) = (history.space, history.space.kinds)
        var dataset: DatasetID?
        var copies: [Copy] = []
        var replicas: [ReplicaID] = []
        for index in 0..<history.copies {
            let file = try Dataset.create(
                path: folder.file("\(index).tally"), name: "history", id: dataset, kinds: kinds)
            dataset = file.id
            let person = Person("person\(index)", seed: history.seed &* 8 &+ UInt64(index))
            // The identity is there before the first changeset, so that the model can have it too.
            guard let key = ReplicaKey(seed: person.workplace.randomBytes(32)) else {
                throw Difference(text: "32 bytes make no key")
            }
            try person.identities.write(IdentityEntry(dataset: file.id, key: key))
            replicas.append(key.replica)
            copies.append(Copy(dataset: file, person: person))
        }
        self.copies = copies
        self.space = space
        model = ModelWorld(history, replicas: replicas)
        try agree(history)
    }

    /// The policies of the history, as the settings that a dataset keeps them in, known to all before it begins.
    private mutating func agree(_ history: History) throws {
        var rows: [Edit.Row] = []
        for scene in space.scenes {
            for choice in scene.statements {
                guard let policy = history.policies[scene.kind, choice.fields[0]] else { continue }
                let key = RecordKey(["policy.\(scene.kind).\(choice.fields[0])"])
                rows.append(Edit.Row(key: key, values: [.text(policy.rawValue)]))
            }
        }
        guard !rows.isEmpty else { return }
        let edit = Edit(kind: "setting", operation: .set(fields: ["value"]), rows: rows)
        _ = try write([edit], on: 0, clock: history.clock(of: 0, at: 0))
        for copy in copies.indices.dropFirst() { try pull(into: copy, from: 0, limit: nil) }
    }

    func close() {
        for copy in copies { copy.dataset.close() }
    }

    mutating func write(_ edits: [Edit], on copy: Int, clock: Timestamp) throws -> Revision {
        copies[copy].person.clock.time = clock
        let kinds = space.kinds
        var byRecord: [RecordAddress: [RecordEdit]] = [:]
        for edit in edits {
            let plan = EditPlan(edit, kind: kinds[edit.kind])
            for row in edit.rows {
                byRecord[RecordAddress(kind: edit.kind, key: row.key), default: []] +=
                    plan.recordEdits(of: row)
            }
        }
        let written = try copies[copy].write { editor in
            for (record, edits) in byRecord { try editor.edit(record, edits) }
        }
        let revision = model.write(edits, on: copy, clock: clock)
        guard written.revisions == [revision], written.notice == nil else {
            throw Difference(text: "the file wrote \(written), the model \(revision.brief)")
        }
        try compare(copy)
        return revision
    }

    mutating func pull(into copy: Int, from other: Int, limit: Int?) throws {
        syncs += 1
        let (taker, giver) = (copies[copy], copies[other])
        switch (syncs % 3, limit) {
        case (0, nil):
            let transport = FileTransport(taker.dataset)
            _ = try SyncDriver(
                giver.dataset, with: transport, as: transport.name,
                workplace: giver.person.workplace
            ).run(.push)
        case (1, _):
            let transport = CutTransport(
                giver.dataset, into: taker.dataset, pageLines: 1 + syncs % 4, limit: limit)
            let driver = SyncDriver(
                taker.dataset, with: transport, as: transport.name,
                workplace: taker.person.workplace)
            do {
                _ = try driver.run(.pull)
            } catch CutTransport.Cut.here {}
        default:
            let heads = try taker.dataset.read(\.heads)
            let found = try giver.dataset.read {
                try $0.nextLines(lackedBy: heads, after: 0, maximumBytes: 1 << 30)
            }
            let lines = found?.lines ?? []
            _ = try taker.dataset.take(Array(lines.prefix(limit ?? lines.count)), durable: false)
        }
        try model.pull(into: copy, from: other, limit: limit)
        try compare(copy)
    }

    func presence(of record: RecordAddress, on copy: Int) throws -> RecordPresence {
        let view = try copies[copy].dataset.read { try $0.view(record) }
        return view.isUnknown ? .none : view.isVisible ? .there : .gone
    }

    func conflicts(on copy: Int) throws -> [Conflict] {
        try copies[copy].dataset.read { try $0.conflicts() }
    }

    func vector(of copy: Int) throws -> RevisionVector {
        try copies[copy].dataset.read(\.vector)
    }

    func inverses(of revision: Revision, on copy: Int) throws -> [RecordAddress: Inverse] {
        let expected = try model.inverses(of: revision, on: copy)
        try copies[copy].dataset.read { access in
            for (record, inverse) in expected {
                let undo = Undo(
                    [revision], kinds: access.kinds, policies: access.records.policies)
                let found = try undo.inverse(of: access.history(of: record))
                guard found != inverse else { continue }
                throw Difference(
                    text: "the undo of \(revision.brief) in \(record): the file has\n\(found)\n"
                        + "the model\n\(inverse)")
            }
        }
        return expected
    }
}

/// What a file holds and the model does not, or the other way round.
struct Difference: Error, CustomStringConvertible {
    let text: String

    var description: String { text }
}

extension DatasetStage {
    /// Compares everything that a copy says with what its model says.
    func compare(_ index: Int) throws {
        let (file, model) = (copies[index], model.copies[index])
        try file.dataset.read { access in
            func same<Thing: Equatable>(_ what: String, _ file: Thing, _ model: Thing) throws {
                guard file != model else { return }
                throw Difference(
                    text: "\(what) of copy \(index): the file has\n\(file)\nthe model\n\(model)")
            }
            try same("the vector", access.vector, model.vector)
            for revision in model.times.keys {
                try same(
                    "the time of \(revision)", access.info(of: revision).at,
                    model.time(of: revision))
            }
            for (address, state) in model.records {
                try same("\(address)", access.view(address).state, state)
            }
            let conflicts = model.conflicts()
            try same("the conflicts", access.conflicts(), conflicts)
            try same("the number of conflicts", access.conflictCount(), conflicts.count)
        }
    }

    /// What each conflict was before, as the witness of the whole history says it.
    func compareBefore(_ index: Int, _ oracle: HistoryOracle) throws {
        try copies[index].dataset.read { access in
            let conflicts = try access.conflicts()
            let before = try access.before(conflicts)
            for conflict in conflicts where conflict.statement != Conflict.existenceName {
                let expected = oracle.before(conflict)?.content
                guard before[conflict.id] != expected else { continue }
                throw Difference(
                    text: "before of \(conflict.brief): the file has "
                        + "\(String(describing: before[conflict.id])), the witness "
                        + "\(String(describing: expected))")
            }
        }
    }
}
