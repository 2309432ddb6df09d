import TallyCore

extension DatasetAccess {
    /// The records that differ between two moments, some thousands at a time, each lot in the order of their addresses:
    /// those that the changesets in exactly one of the two edited.
    ///
    /// - Parameters:
    ///   - kind: only records of that kind; nil for all.
    ///   - chunk: how many records are held in memory at once.
    ///   - steps: how many steps of their histories, about: fewer records where they have been edited often.
    ///   - body: called for each of the chunks, those that are empty left out.
    /// - Complexity: O(rows of the changesets that edited these records), each read once a chunk and once more where it is in
    ///   the range, and once a chunk the index of what their replicas had seen; memory for one chunk and one changeset, or the
    ///   history of one record where that is more.
    public func compare(
        _ from: HistoryMoment, _ to: HistoryMoment, kind: String? = nil, chunk: Int = 10_000,
        steps: Int = RecordHistory.stepsAtOnce, _ body: ([RecordDifference]) throws -> Void
    ) throws {
        var addresses: [RecordAddress] = []
        var stepCount = 0
        func flush() throws {
            let differences = try differences(of: addresses.sorted(), from, to)
            addresses.removeAll(keepingCapacity: true)
            stepCount = 0
            if !differences.isEmpty { try body(differences) }
        }
        let positions = try positions(between: from, and: to, kind: kind)
        let range = Set(positions)
        for position in positions {
            for address in try changeset(at: position).records(ofKind: kind) {
                // A record that several of them edited is looked at with the first: no list of all is kept.
                let first = try firstPosition(
                    of: address, in: range, from: positions[0], known: position)
                guard first == position else { continue }
                addresses.append(address)
                stepCount += try self.stepCount(of: address)
                if addresses.count >= chunk || stepCount >= steps { try flush() }
            }
        }
        try flush()
    }

    private func differences(
        of addresses: [RecordAddress], _ from: HistoryMoment, _ to: HistoryMoment
    ) throws -> [RecordDifference] {
        try histories(of: addresses).compactMap { history in
            let before = history.state { from.contains($0.info) }
            let after = history.state { to.contains($0.info) }
            // Who added or restored a record is not who edited it last.
            let first = history.entries.first { entry in
                to.contains(entry.info) && !from.contains(entry.info)
                    && (before.existence.isEmpty || entry.edits.contains(.restore))
            }
            return try difference(
                from: view(history.address, in: before), to: view(history.address, in: after),
                by: after.isVisible ? first?.info : nil)
        }
    }
}

extension Changeset {
    /// The records that the changeset edits, each once, in the order in which it names them.
    fileprivate func records(ofKind kind: String?) -> [RecordAddress] {
        let own = edits.filter { kind == nil || $0.kind == kind }
        if own.count == 1 {
            return own[0].rows.map { RecordAddress(kind: own[0].kind, key: $0.key) }
        }
        var known: Set<RecordAddress> = []
        return own.flatMap { edit in
            edit.rows.map { RecordAddress(kind: edit.kind, key: $0.key) }
        }.filter { known.insert($0).inserted }
    }
}
