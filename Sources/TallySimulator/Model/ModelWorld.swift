import TallyCore

/// Model copies that a history is played on, and a witness of what each had integrated when it wrote.
public struct ModelWorld: HistoryStage, Sendable {
    public private(set) var copies: [ModelCopy]
    /// Everything that was ever written, by whomever, in the order of writing.
    public private(set) var changesets: [ModelChangeset] = []
    /// For each revision all revisions that its copy had integrated, read from the copy's log and not from `seen`.
    public private(set) var integrated: [Revision: Set<Revision>] = [:]

    /// - Parameter replicas: the id of each copy, so that a model can stand beside dataset files whose ids are given;
    ///   else A, B, C …
    public init(_ history: History, replicas: [ReplicaID]? = nil) {
        precondition(replicas.map { $0.count == history.copies } ?? true, "an id for each copy")
        copies = (0..<history.copies).map { index in
            ModelCopy(
                replica: replicas?[index] ?? ReplicaID(letter: Character(Step.name(index))),
                kinds: history.space.kinds, policies: history.policies)
        }
    }

    public mutating func write(_ edits: [Edit], on copy: Int, clock: Timestamp) -> Revision {
        let before = Set(copies[copy].log.map(\.revision))
        let changeset = copies[copy].write(edits, clock: clock)
        integrated[changeset.revision] = before
        changesets.append(changeset)
        return changeset.revision
    }

    public mutating func pull(
        into copy: Int, from other: Int, limit: Int?
    ) throws(ModelFault) {
        try copies[copy].pull(from: copies[other], limit: limit)
    }

    public func presence(of record: RecordAddress, on copy: Int) -> RecordPresence {
        guard let state = copies[copy].records[record], !state.existence.isEmpty else {
            return .none
        }
        return state.isVisible ? .there : .gone
    }

    public func conflicts(on copy: Int) -> [Conflict] { copies[copy].conflicts() }

    public func vector(of copy: Int) -> RevisionVector { copies[copy].vector }

    public func inverses(
        of revision: Revision, on copy: Int
    ) throws(StatementLayout.Fault) -> [RecordAddress: Inverse] {
        try copies[copy].inverses(of: [revision])
    }
}
