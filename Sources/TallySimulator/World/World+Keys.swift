import TallyCore
import TallyStore
import TallyWire

// What people do to records as wholes: give them another key, and make one of two.
extension World {
    func rename(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let pick = random.below(16)
        command(index, step) { dataset, place in
            try takeTyped(index, dataset, place, by: step.act)
            let pairs = try pairs(index, dataset) { $0.isClean && !$1.isVisible }
            guard !pairs.isEmpty else { return }
            let (kind, from, to) = pairs[pick % pairs.count]
            var expected = try shownRows(dataset)
            try dataset.write(at: place) { try $0.rename(from, to: to, kind: kind) }
            expected[to.address] = expected.removeValue(forKey: from.address)
            try check(expected, index, dataset, by: step.act)
            counts.count("renames judged")
        }
    }

    func merge(_ index: Int, _ step: WorldStep, _ random: inout SeededGenerator) {
        let pick = random.below(16)
        // What breaks a rule between fields is refused.
        command(index, step, mayFail: { $0 is InputFault }) { dataset, place in
            try takeTyped(index, dataset, place, by: step.act)
            let pairs = try pairs(index, dataset) { $0.isClean && $1.isClean }
            guard !pairs.isEmpty else { return }
            let (kind, keep, other) = pairs[pick % pairs.count]
            var expected = try shownRows(dataset)
            try dataset.write(at: place) { _ = try $0.merge(keep, from: other, kind: kind) }
            let given = expected.removeValue(forKey: other.address) ?? []
            expected[keep.address] = try filled(expected[keep.address] ?? [], from: given, kind)
            try check(expected, index, dataset, by: step.act)
            counts.count("merges judged")
        }
    }

    /// What another tool has written is taken first.
    func takeTyped(
        _ index: Int, _ dataset: Dataset, _ place: Workplace, by act: WorldStep.Act
    ) throws {
        try dataset.capture(at: place)
        try see(index, dataset, isAcknowledged: true, by: act)
    }

    /// Two records of one kind each, as a copy has them, for which something holds.
    private func pairs(
        _ index: Int, _ dataset: Dataset, where holds: (RecordView, RecordView) -> Bool
    ) throws -> [(Kind, RecordView, RecordView)] {
        try dataset.read { access in
            try files[index].version.space.scenes.flatMap {
                scene -> [(Kind, RecordView, RecordView)] in
                guard let kind = dataset.kinds[scene.kind] else { return [] }
                let views = try scene.keys.map {
                    try access.view(RecordAddress(kind: scene.kind, key: $0))
                }
                return views.flatMap { a in
                    views.filter { a.address != $0.address && holds(a, $0) }.map { (kind, a, $0) }
                }
            }
        }
    }

    /// The cells of a record whose blanks are filled and whose sets are joined.
    private func filled(_ cells: [String], from given: [String], _ kind: Kind) throws -> [String] {
        var cells = cells
        for statement in kind.statements {
            let places = statement.fields.compactMap { kind.position(of: $0) }
            guard places.allSatisfy({ cells[$0] == "null" }) else { continue }
            for place in places { cells[place] = given[place] }
        }
        for field in kind.setFields {
            guard let place = kind.position(of: field.name) else { continue }
            let all = try Self.elements(cells[place]).union(Self.elements(given[place]))
            cells[place] = HistoryOracle.cell(of: all)
        }
        return cells
    }

    private static func elements(_ cell: String) throws -> Set<String> {
        guard let list = try JSONValue(parsing: Array(cell.utf8)).string else { return [] }
        let items = try JSONValue(parsing: Array(list.utf8)).array ?? []
        return Set(items.compactMap(\.string))
    }

    /// Of settings there are no pairs: by a policy of another name every record may be another.
    private func check(
        _ expected: [RecordAddress: [String]], _ index: Int, _ dataset: Dataset,
        by act: WorldStep.Act
    ) throws {
        try see(index, dataset, isAcknowledged: true, by: act)
        let found = try shownRows(dataset)
        for record in Set(expected.keys).union(found.keys).sorted()
        where found[record] != expected[record] {
            throw Violation(
                act.rawValue,
                "\(record) is \(found[record] ?? []), and is to be \(expected[record] ?? [])")
        }
    }
}

extension RecordView {
    fileprivate var isClean: Bool { isVisible && conflicts.isEmpty }
}
