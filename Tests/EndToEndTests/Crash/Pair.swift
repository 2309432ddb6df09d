import Foundation
import Testing

/// Two machines that have the same dataset: mina imported it, jun cloned it.
struct Pair {
    let office: Office
    let mina: Analyst
    let jun: Analyst

    init(records: Range<Int>) throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.write(Workload.csv(Array(records), Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        try jun.must("clone", mina.file, "korea.tally")
    }

    /// Starts the hub, where mina publishes and for which both have a token.
    ///
    /// - Returns: the address of the dataset.
    func meetAtHub() throws -> String {
        try office.startHub()
        let url = office.hubURL + "/korea"
        let token = try office.token(for: "team", dataset: "korea", role: "admin")
        for analyst in [mina, jun] { try analyst.must("login", url, input: token + "\n") }
        try mina.must("publish", url)
        return url
    }

    /// mina has 200 conflicts and `new.csv` to import, and jun has edits that mina has not; jun's sides came first.
    static func inConflict() throws -> Pair {
        let pair = try Pair(records: 0..<300)
        let sides = [(pair.jun, Workload.junValue), (pair.mina, Workload.minaValue)]
        for (analyst, value) in sides {
            try analyst.write(Workload.csv(Array(0..<200), value), to: "own.csv")
            try analyst.must("import", "own.csv", "--overwrite")
        }
        try pair.mina.must("sync", pair.jun.file)
        guard try pair.mina.conflicts().count == 200 else { throw Failure("no 200 conflicts") }
        for record in 250..<255 {
            try pair.jun.must("set", Workload.address(record), "note=checked")
        }
        try pair.mina.write(Workload.csv(Array(300..<1_000), Workload.value), to: "new.csv")
        return pair
    }

    /// mina's file has edits of another tool that wait: of each tenth of the records some changed fields, keys, deletions,
    /// and values that are not valid.
    static func editedElsewhere() throws -> Pair {
        let pair = try Pair(records: 0..<300)
        try OtherTool.sqlite.run(
            by: pair.mina, "korea.tally",
            """
            UPDATE trade SET note = 'checked' WHERE product LIKE '%1';
            UPDATE trade SET product = product || '0' WHERE product LIKE '%2';
            DELETE FROM trade WHERE product LIKE '%3';
            UPDATE trade SET value = 'abc' WHERE product LIKE '%4';
            """)
        return pair
    }
}
