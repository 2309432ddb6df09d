import TallyCore
import TallyStore
import TallyWire

/// Events as PLOVER has them: JSON lines, an event a line.
///
/// Visits and meetings are consultations there, agreements are agree, each with its type as the mode; statements, policies
/// and milestones have no category and are left out.
///
/// Source: PLOVER manual (github.com/openeventdata/PLOVER), the attributes of its gold standard records.
struct PLOVERExport: PublishedFormat {
    static let name = "plover"
    static let kind = "event"

    private(set) var report = ExportReport()

    var header: String { "" }

    mutating func text(of record: RecordRow) -> String? {
        func value(_ field: String) -> String? { record.values[field]?.text }
        guard let date = value("date") else {
            report.leaveOut("events without a date")
            return nil
        }
        let type = value("type") ?? ""
        guard let category = PLOVERCategory.category(of: type) else {
            report.leaveOut(
                type.isEmpty ? "events without a type" : "events of types that PLOVER has not")
            return nil
        }
        report.note(
            record,
            unwritten: [
                "end_date", "code", "intensity", "participants", "source", "tags",
            ])
        var members: [JSONValue.Member] = [
            .init("id", .string(record.key.parts[0])), .init("date", .string(date)),
            .init("event", .string(category.name)),
        ]
        func add(_ name: String, _ text: String?) {
            if let text { members.append(.init(name, .string(text))) }
        }
        add("mode", category.mode)
        for (name, field) in [("source", "actors"), ("target", "targets")] {
            let codes = (record.sets[field] ?? []).map {
                JSONValue.object([.init("code", .string($0))])
            }
            members.append(.init(name, .array(codes)))
        }
        add("eventText", value("title"))
        add("text", value("summary"))
        let place: [JSONValue.Member] =
            [
                value("location").map { .init("name", .string($0)) },
                value("country").map { .init("country code", .string($0)) },
            ].compactMap { $0 }
            + ["latitude", "longitude"].compactMap { name in
                record.values[name].map { .init(name, $0.json) }
            }
        if !place.isEmpty { members.append(.init("eventLoc", .object(place))) }
        add("comment", value("note"))
        if let citations = record.sets["citations"], !citations.isEmpty {
            // One text, as PLOVER has it, where there is one that needs no escape.
            let isPlain = citations.count == 1 && ElementList.join(citations) == citations[0]
            members.append(
                .init(
                    "publication",
                    isPlain
                        ? .string(citations[0]) : .array(citations.map(JSONValue.string))))
        }
        return JSONValue.object(members).text + "\n"
    }
}
