import TallyCore

extension DatasetAccess {
    /// Refuses to take what another tool wrote into a file that is not this person's: it would bear the wrong name.
    ///
    /// A file is whose replica wrote it last: this person's when the replica's key is at this place, or was the author's own
    /// elsewhere. One that nobody has written yet belongs to whoever opens it.
    func checkOwner(of path: String, _ workplace: Workplace) throws {
        guard let replica = try writingReplica(), let row = replicas.rows[replica],
            row.author != workplace.author
        else { return }
        if let entry = try workplace.identities.entry(of: replica), entry.dataset == dataset {
            return
        }
        throw StoreError(othersEditsIn: path, of: try lastWriter())
    }

    /// Who wrote the file last; nil where nobody has.
    func lastWriter() throws -> String? {
        try writingReplica().flatMap { replicas.rows[$0] }.map { "\($0.author)@\($0.machine)" }
    }

    /// Whether the author wrote the file last, here: then what another tool wrote into it is the author's too, though the
    /// file is only synced with.
    public func isOwn(of workplace: Workplace) throws -> Bool {
        guard let replica = try writingReplica(), let row = replicas.rows[replica] else {
            return false
        }
        let entry = try workplace.identities.entry(of: replica)
        return row.author == workplace.author && entry?.dataset == dataset
    }
}

extension StoreError {
    /// - Parameter owner: nil where it is not known.
    init(othersEditsIn path: String, of owner: String?) {
        self.init(
            .notPermitted,
            "\(path) holds edits that were made with another tool and that are "
                + "\(owner.map { "for \($0)" } ?? "for its owner") to take; nothing was written to it",
            hint:
                "Its owner takes them first, with: tally -f FILE capture. If they are yours: tally -f FILE capture --mine. "
                + "It can be read and pulled from meanwhile.")
    }
}
