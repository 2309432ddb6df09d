import TallyCore
import TallyStore

/// One row of an edited sheet, as it was read.
struct SheetRow {
    let source: TableReader.Row
    /// How many cells it lacks; nil where it has all.
    let shortBy: Int?
    /// The record that it was exported from; nil in a row that somebody has added.
    let exported: RecordAddress?
    /// The record that it gives, another one where its key was changed, and of an added row what it says; or why it
    /// cannot be taken.
    let given: Result<(record: RecordAddress, typed: RecordInput?), InputFault>
    /// Of an added row what other cells than the last may name.
    let misplaced: [(record: RecordAddress, column: String)]
    /// The cells of its key that a program has rewritten.
    var rewritten: [EditedReport.Sample.Field] = []

    var addresses: [RecordAddress] {
        [exported, try? given.get().record].compactMap { $0 } + misplaced.map(\.record)
    }

    /// - Throws: `InputFault` for a row that was shifted within the table, and was not typed: it has the mark of a record that is
    ///   there, or was, in another column. A text may only look like one.
    func checkPlaces(_ records: [RecordAddress: RecordSince]) throws(InputFault) {
        for (record, column) in misplaced {
            guard let known = records[record], known.then.row != nil || known.now.isVisible
            else { continue }
            throw InputFault(
                field: "",
                "\(Quoted.short(record.text)), which names a record, stands in the column "
                    + "\(Quoted.short(column)), and none in that of the mark",
                hint:
                    "Is the row shifted? Put its cells back under their names; in a new row no cell names a record."
            )
        }
    }

    /// What a row that can be taken is to the record that it gives.
    enum Meaning {
        /// It says what an earlier row says.
        case repeated
        /// The row of the record, perhaps edited.
        case exported(before: RecordRow)
        /// The row of another record, whose key was changed into this one.
        case moved(from: RecordAddress, before: RecordRow)
        /// Typed anew, of a record that was there when the file was exported.
        case retyped(before: RecordRow)
        /// Typed, of a record that was not there.
        case typed(RecordInput)
    }
}

extension SheetRow.Meaning {
    /// - Parameters:
    ///   - exported: the record that the row was exported from; nil of an added one.
    ///   - typed: what an added row says.
    ///   - record: the one that the row gives.
    ///   - earlier: the row that gave it before, and whether the two are the same.
    /// - Throws: `InputFault` for a row of which nobody can tell what it is.
    init(
        exported: RecordSince?, typed: RecordInput?, record: RecordSince,
        earlier: (row: Int, isSame: Bool)?
    ) throws(InputFault) {
        let address = record.now.address
        let isKept = exported?.now.address == address
        if let exported, !isKept, exported.then.row != nil, record.then.row != nil {
            // Were it taken, one record would get what is of another: as where a sheet was sorted without its last column.
            throw InputFault(
                field: "",
                "its key is that of \(address), and its last cell says that it was exported as "
                    + "\(exported.now.address)",
                hint: "Put the right one back.")
        }
        if let earlier {
            guard earlier.isSame else {
                throw InputFault(
                    field: "", "\(address) stands twice in the file (row \(earlier.row))",
                    hint: "Leave one of the two rows.")
            }
            self = .repeated
        } else if let exported {
            guard let before = exported.then.row else {
                throw InputFault(
                    field: "",
                    "\(exported.now.address) was not there when the file was exported",
                    hint: "Empty the last cell of a new row.")
            }
            self =
                isKept
                ? .exported(before: before) : .moved(from: exported.now.address, before: before)
        } else if let before = record.then.row {
            self = .retyped(before: before)
        } else if let typed {
            self = .typed(typed)
        } else {
            preconditionFailure("an added row says something")
        }
    }
}
