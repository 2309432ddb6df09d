import Foundation
import Testing

/// Mina with a dataset of a few figures, and jun with a copy of it.
struct Desk {
    let mina: Analyst
    let jun: Analyst

    static let kosis = "trade/KOR/CHN/X/TOTAL/2023/kosis"
    static let motie = "trade/KOR/CHN/X/TOTAL/2023/motie"

    /// - Parameter setUp: what mina does before jun gets a copy.
    init(_ setUp: (Analyst) throws -> Void = { _ in }) throws {
        let office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=124817682000", "status=A", "note=customs", "tags=a;b")
        try setUp(mina)
        try jun.must("clone", "../mina/korea.tally", "korea.tally")
    }

    /// Both have what either has.
    func sync() throws {
        try jun.must("sync", "../mina/korea.tally")
    }

    /// The repository's example data.
    static var examples: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Examples/korea-2023").path
    }
}

extension Analyst {
    /// How many changesets the file has.
    func changesetCount() throws -> Int {
        (try must("log", "--json").json["changesets"] as? [Any])?.count ?? 0
    }
}

extension Finished {
    /// The output without the names of revisions, which are others each time.
    var plainOutput: String { output.replacing(#/  \([a-z2-7]{6}:\d+\)/#, with: "") }
}
