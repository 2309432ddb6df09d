import TallyCore

/// A record as the file holds it.
struct StoredRecord {
    var state: RecordState
    /// Where the versions stand.
    var place: Place
    /// The row, where the record is visible and of a known kind.
    var row: RecordRow?

    enum Place: Equatable {
        /// Nothing is known of the record.
        case nowhere
        /// In the row alone: all versions come from the changeset at this position.
        case row(position: Int)
        /// In `tally_state`, and in a row too where the record is visible.
        case state
    }
}

/// Whether a state can stand in the row of its kind alone, and the way back.
///
/// It can when every version comes from one revision, the record is simply there, every statement has a value that is
/// not all null, either all or none of them have a history, and no element is out and no field unknown: then the row
/// says which statements and elements there are.
struct RowState {
    let table: KindTable

    /// The `tally_rev` of a state that can stand in its row; nil for one that cannot.
    func rev(of state: RecordState, position: (Revision) throws -> Int) rethrows -> Int? {
        guard state.existence.count == 1, state.existence[0].content == .present else { return nil }
        let revision = state.existence[0].revision
        var hasHistory: Bool?
        for (name, statement) in state.statements {
            guard statement.versions.count == 1, statement.versions[0].revision == revision,
                table.kind.statement(of: name) != nil,
                !statement.versions[0].content.allSatisfy(\.isNull),
                hasHistory == nil || hasHistory == statement.hasHistory
            else { return nil }
            hasHistory = statement.hasHistory
        }
        for (element, versions) in state.elements {
            guard versions.count == 1, versions[0].revision == revision, versions[0].content,
                table.kind.field(element.field) != nil
            else { return nil }
        }
        let position = try position(revision)
        return hasHistory == true ? -position : position
    }

    /// The state that a row stands for.
    func state(of row: RecordRow, revision: Revision) -> RecordState {
        var state = RecordState()
        state.existence = [Version(.present, revision)]
        let hasHistory = row.rev < 0
        for statement in table.kind.statements {
            let values = statement.fields.map { row.values[$0] ?? .null }
            if values.allSatisfy(\.isNull) { continue }
            state.statements[statement.name] = StatementState(
                versions: [Version(values, revision)], hasHistory: hasHistory)
        }
        for (field, elements) in row.sets {
            for text in elements {
                state.elements[Element(field: field, text: text)] = [Version(true, revision)]
            }
        }
        return state
    }
}

/// A row of the table of a kind: the record as everybody sees it.
public struct RecordRow: Sendable, Equatable {
    public let key: RecordKey
    /// The fields that are no sets and not null.
    public var values: [String: Value]
    /// The elements of the set fields that have any, sorted by bytes.
    public var sets: [String: [String]]
    var rev: Int

    public init(key: RecordKey, values: [String: Value], sets: [String: [String]]) {
        self.init(key: key, values: values, sets: sets, rev: 0)
    }

    init(key: RecordKey, values: [String: Value], sets: [String: [String]], rev: Int) {
        self.key = key
        self.values = values
        self.sets = sets
        self.rev = rev
    }
}
