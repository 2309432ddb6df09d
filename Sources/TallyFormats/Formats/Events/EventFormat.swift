import TallyCore

/// A format of events of one publisher.
protocol EventFormat: ImportFormat {
    static var layout: EventLayout { get }
    var table: EventTable { get }
    /// What a person should be told beside what is not known.
    var notes: [String] { get }
}

extension EventFormat {
    static var name: String { layout.format }
    static var options: ReadingOptions { [] }

    static func laterMembers(beside header: TableHeader) -> [String] {
        let names = Set(layout.used + layout.shown + layout.others).sorted()
        return EventColumns.absent(names, by: layout, in: header)
    }

    static func fits(_ header: TableHeader, _ context: MappingContext) -> Bool {
        EventColumns.are(layout.allRequired, in: header)
    }

    var kind: Kind { table.kind }
    var notKept: [String: Int] { table.notKept }
    var remarks: [String] { table.remarks(notes) }
    var notes: [String] { [] }
}
