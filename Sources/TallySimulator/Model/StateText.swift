import TallyCore

/// The state of a copy as text, for comparing: of a model, or of whatever gives its records as `RecordState`.
public struct StateText {
    public let records: [RecordAddress: RecordState]
    public let kinds: KindCatalog
    public let policies: PolicyTable
    public let time: RevisionTimes

    public init(
        records: [RecordAddress: RecordState], kinds: KindCatalog, policies: PolicyTable,
        at time: @escaping RevisionTimes
    ) {
        self.records = records
        self.kinds = kinds
        self.policies = policies
        self.time = time
    }

    /// The open conflicts, by address of the record, then existence first, then by statement.
    public func conflicts() -> [Conflict] {
        records.sorted { $0.key < $1.key }.flatMap { address, state in
            state.conflicts(of: address, in: kinds, policies: policies, at: time)
        }
    }

    /// What an export shows, and the conflicts: the same text on every copy that has the same changesets.
    ///
    /// ```
    /// figure/1 there
    ///   note "y"
    ///   value,unit,released 1,"USD",null
    ///   tags ["a","b"]
    /// conflict figure/1 note edit/edit A "x" by A2 | B "y" by B1
    /// ```
    ///
    /// Of a conflict the provisional winner is shown with the record.
    public func export() -> String {
        var lines: [String] = []
        for (address, state) in records.sorted(by: { $0.key < $1.key }) where state.isVisible {
            let isDisputed = state.existenceVerdict(at: time)?.isConflict == true
            lines.append("\(address) \(isDisputed ? "disputed" : "there")")
            lines += statementLines(of: address.kind, state)
            for field in state.occupiedSetFields.sorted(by: { $0.precedesInBytes($1) }) {
                let elements = state.elements(of: field).map(JSONString.quoted)
                lines.append("  \(field) [\(elements.joined(separator: ","))]")
            }
        }
        lines += conflicts().map { "conflict \($0.brief)" }
        return lines.joined(separator: "\n")
    }

    private func statementLines(of kind: String, _ state: RecordState) -> [String] {
        let written = state.statements.sorted { $0.key.precedesInBytes($1.key) }
        return written.compactMap { name, versions in
            let statement = kinds.statement(name, ofKind: kind)
            let policy = policies.policy(of: statement, kind: kind)
            return versions.verdict(of: statement, policy: policy, at: time).map {
                "  \(statement.fields.joined(separator: ",")) \($0.winner.content.brief)"
            }
        }
    }

    /// Every version in force with its revision, sorted: the whole state.
    ///
    /// ```
    /// figure/1 - present A1
    /// figure/1 note "x" A2#0
    /// figure/1 tags "a" in B1
    /// ```
    public func versionLines() -> [String] {
        var lines: [String] = []
        for (address, state) in records {
            let record = address.text
            for version in state.existence {
                lines.append("\(record) - \(version.content.rawValue) \(version.revision.brief)")
            }
            for (name, statement) in state.statements {
                for version in statement.versions {
                    let mark = "\(version.revision.brief)#\(version.order)"
                    lines.append("\(record) \(name) \(version.content.brief) \(mark)")
                }
            }
            for (element, versions) in state.elements {
                let name = "\(element.field) \(JSONString.quoted(element.text))"
                for version in versions {
                    let place = version.content ? "in" : "out"
                    lines.append("\(record) \(name) \(place) \(version.revision.brief)")
                }
            }
        }
        return lines.sorted { $0.precedesInBytes($1) }
    }
}

extension ModelCopy {
    public var text: StateText {
        StateText(records: records, kinds: kinds, policies: policies, at: time(of:))
    }

    /// The open conflicts, in the order of `StateText.conflicts()`.
    public func conflicts() -> [Conflict] { text.conflicts() }

    /// In the form of `StateText.export()`.
    public func exportText() -> String { text.export() }

    /// In the form of `StateText.versionLines()`.
    public func versionLines() -> [String] { text.versionLines() }
}
