import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// A dataset that takes one file after the other.
final class SDMXDesk {
    let folder: TestFolder
    let mina: Copy

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
    }

    /// Key, then the fields that have a value, a line each.
    func records() throws -> [String] {
        let kind = try #require(KindCatalog.shipped["trade"])
        return try mina.dataset.read { access in
            var lines: [String] = []
            try access.forEachRow(of: kind) { row in
                let values = kind.fields.compactMap { field in
                    row.values[field.name].map { "\(field.name)=\($0.plain)" }
                }
                lines.append(
                    (["\(row.key.parts.joined(separator: "/"))"] + values).joined(
                        separator: " "))
            }
            return lines
        }
    }

    /// The records of a dataset that has taken one file.
    static func records(
        _ text: String, _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> [String] {
        let desk = try SDMXDesk()
        try desk.mina.importing(text, change)
        return try desk.records()
    }
}

/// Files of a publisher that is not known.
enum SDMXText {
    static let generic =
        "STRUCTURE,STRUCTURE_ID,ACTION,REPORTER,PARTNER,FLOW,PRODUCT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n"

    static func act(_ rows: String...) -> String {
        generic + rows.map { "dataflow,X:TRADE(1.0),\($0)\n" }.joined()
    }

    static let own =
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE"

    static func rows(_ lines: String..., columns: String = own) -> String {
        ([columns] + lines.map { "dataflow,XX:T(1.0)," + $0 }).joined(separator: "\n") + "\n"
    }
}
