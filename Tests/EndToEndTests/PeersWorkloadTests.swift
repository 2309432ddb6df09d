import Foundation
import Testing

/// The peers' workload of DESIGN.md section 11, with real processes over HTTP: the counts are exact.
@Suite struct PeersWorkloadTests {
    @Test("100 + 40 + 20 conflicts are reported, none false, and everything else is merged")
    func exactCounts() throws {
        let team = try Team(rows: 4_000)
        try team.editApart()
        try team.sync()

        let conflicts = try team.mina.conflicts()
        #expect(
            Workload.keys(conflicts, "edit/edit")
                == Set(team.workload.sameField.map(Workload.address)))
        #expect(
            Workload.keys(conflicts, "delete/edit")
                == Set(
                    (team.workload.deletedByMina + team.workload.deletedByJun).map(Workload.address)
                ))
        #expect(
            Workload.keys(conflicts, "add/add")
                == Set(team.workload.addedDifferently.map(Workload.address)))
        #expect(conflicts.count == 160)
        #expect(Set(conflicts.compactMap { $0["field"] as? String }) == ["value", "-"])
        #expect(try team.signature(team.jun.conflicts()) == team.signature(conflicts))
        #expect(try team.mina.export() == team.jun.export())

        // Everything else is merged: both statements of a record that each edited one of, and every lone edit.
        let rows = try team.values(team.mina)
        for record in team.workload.differentStatements {
            let row = try #require(rows[Workload.address(record)])
            #expect(row["value"] as? Double == Workload.minaValue(record))
            #expect(row["quantity"] as? Double == Workload.junQuantity(record))
        }
        for record in team.workload.aloneByMina {
            #expect(
                rows[Workload.address(record)]?["value"] as? Double == Workload.minaValue(record))
        }
        for record in team.workload.aloneByJun {
            #expect(
                rows[Workload.address(record)]?["value"] as? Double == Workload.junValue(record))
        }
        for record in team.workload.addedEqually {
            #expect(rows[Workload.address(record)]?["value"] as? Double == Workload.value(record))
        }
        #expect(rows.count == 4_000 + 40)
    }

    @Test("a replay of everything changes nothing")
    func replay() throws {
        let team = try Team(rows: 1_000)
        try team.editApart()
        try team.sync()
        let before = try team.mina.export()
        let open = try team.signature(team.mina.conflicts())

        for analyst in [team.mina, team.jun] {
            let again = try analyst.must("sync", "--json").json
            #expect(again["pushed"] as? Int == 0)
            #expect(again["pulled"] as? Int == 0)
            #expect(again["new_conflicts"] as? Int == 0)
            #expect(again["open_conflicts"] as? Int == 160)
        }
        // The same lines once more, by another way: file to file, in both directions.
        try team.mina.must("sync", team.jun.file)
        try team.jun.must("sync", team.mina.file)
        #expect(try team.mina.export() == before)
        #expect(try team.jun.export() == before)
        #expect(try team.signature(team.jun.conflicts()) == open)
        for analyst in [team.mina, team.jun] { try analyst.must("verify") }
    }

    @Test("two people who resolve alike converge; differently, they make one new conflict each")
    func crissCross() throws {
        let team = try Team(rows: 1_000)
        try team.editApart()
        try team.sync()
        let ids = try team.mina.conflicts().filter { $0["what"] as? String == "edit/edit" }
            .compactMap { $0["id"] as? String }.sorted()
        let (alike, unlike) = (Array(ids.prefix(10)), Array(ids.dropFirst(10).prefix(10)))
        for analyst in [team.mina, team.jun] {
            try #require(analyst.tally(["resolve"] + alike + ["--take", "A"]).status == 0)
        }
        try #require(team.mina.tally(["resolve"] + unlike + ["--take", "A"]).status == 0)
        try #require(team.jun.tally(["resolve"] + unlike + ["--take", "B"]).status == 0)
        try team.sync()

        let left = try team.mina.conflicts()
        let open = Set(left.compactMap { $0["id"] as? String })
        #expect(open.isDisjoint(with: alike))
        #expect(open.isSuperset(of: unlike))
        #expect(left.count == 160 - 10)
        for conflict in left where unlike.contains(conflict["id"] as? String ?? "") {
            // The sides are the two resolutions, not the dead values.
            let sides = conflict["sides"] as? [[String: Any]] ?? []
            #expect(sides.count == 2)
            #expect(sides.allSatisfy { ($0["message"] as? String)?.hasPrefix("resolve") == true })
        }

        try #require(team.mina.tally(["resolve"] + unlike + ["--take", "newest"]).status == 0)
        try team.sync()
        #expect(try team.jun.conflicts().count == 160 - 20)
        #expect(try team.mina.export() == team.jun.export())
    }
}

/// Two analysts with the same rows, a hub, and what each does apart from the other.
private struct Team {
    let office: Office
    let mina: Analyst
    let jun: Analyst
    let workload: Workload

    init(rows: Int) throws {
        office = try Office()
        mina = try office.analyst("mina", machine: "laptop")
        jun = try office.analyst("jun", machine: "desk-2")
        workload = Workload(rows: rows)
        try office.startHub()
        let hub = office.hubURL
        try mina.logIn(as: "admin")
        try jun.logIn(as: "writer")
        try mina.must("init", "korea.tally")
        try mina.write(Workload.csv(workload.base, Workload.value), to: "base.csv")
        try mina.must("import", "base.csv")
        try mina.must("publish", hub + "/korea")
        try jun.must("clone", hub + "/korea", "korea.tally")
    }

    /// What both do while they are offline.
    func editApart() throws {
        try edit(
            mina,
            workload.sameField + workload.differentStatements + workload.aloneByMina
                + workload.deletedByJun,
            Workload.minaValue)
        try edit(
            jun, workload.sameField + workload.aloneByJun + workload.deletedByMina,
            Workload.junValue)
        try jun.write(
            Workload.csv(workload.differentStatements, Workload.junQuantity, field: "quantity"),
            to: "quantity.csv")
        try jun.must("import", "quantity.csv", "--overwrite")
        try #require(
            mina.tally(["delete"] + workload.deletedByMina.map(Workload.address)).status == 0)
        try #require(
            jun.tally(["delete"] + workload.deletedByJun.map(Workload.address)).status == 0)
        for (analyst, value) in [(mina, Workload.minaValue), (jun, Workload.junValue)] {
            try analyst.write(Workload.csv(workload.addedEqually, Workload.value), to: "equal.csv")
            try analyst.must("import", "equal.csv")
            try analyst.write(Workload.csv(workload.addedDifferently, value), to: "different.csv")
            try analyst.must("import", "different.csv")
        }
    }

    private func edit(_ analyst: Analyst, _ records: [Int], _ value: (Int) -> Double) throws {
        try analyst.write(Workload.csv(records, value), to: "edit.csv")
        let report = try analyst.must("import", "edit.csv", "--overwrite", "--json").json
        try #require(report["changed"] as? Int == records.count)
    }

    /// Until both have everything.
    func sync() throws {
        for analyst in [mina, jun, mina] { try analyst.must("sync") }
    }

    func values(_ analyst: Analyst) throws -> [String: [String: Any]] {
        let rows =
            try analyst.must("list", "trade", "--json").json["records"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let key = ["reporter", "partner", "flow", "product", "period", "source"].map {
                    row[$0] as? String ?? ""
                }
                return ("trade/" + key.joined(separator: "/"), row)
            })
    }

    /// What must be the same on every machine: ids, letters, values, hands.
    func signature(_ conflicts: [[String: Any]]) -> [String] {
        conflicts.map { conflict in
            let data = try? JSONSerialization.data(withJSONObject: conflict, options: [.sortedKeys])
            return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}

/// Records by number, and who does what to which.
struct Workload {
    let base: [Int]
    let sameField, differentStatements, aloneByMina, aloneByJun: [Int]
    let deletedByMina, deletedByJun: [Int]
    let addedEqually, addedDifferently: [Int]

    init(rows: Int) {
        base = Array(0..<rows)
        // Spread over the dataset in an order that is the same at every run.
        var rest = base.map { ($0 &* 7919) % rows }
        precondition(Set(rest).count == rows, "7919 is coprime to the number of rows")
        func take(_ count: Int) -> [Int] {
            defer { rest.removeFirst(count) }
            return Array(rest.prefix(count))
        }
        sameField = take(100)
        differentStatements = take(100)
        deletedByMina = take(20)
        deletedByJun = take(20)
        aloneByMina = take(200)
        aloneByJun = take(200)
        addedEqually = Array(rows..<(rows + 20))
        addedDifferently = Array((rows + 20)..<(rows + 40))
    }

    private static let reporters = ["KOR", "CHN", "USA", "JPN", "DEU", "VNM", "AUS", "IND"]

    private static func key(_ record: Int) -> [String] {
        let reporter = reporters[record % 8]
        let partner = reporters[(record / 8) % 8]
        let product = "H6:\(100_000 + record / 64)"
        return [
            reporter, partner, record % 3 == 0 ? "M" : "X", product, "20\(10 + record % 14)",
            "kosis",
        ]
    }

    static func address(_ record: Int) -> String { "trade/" + key(record).joined(separator: "/") }
    static func value(_ record: Int) -> Double { Double(record) * 1000 + 0.25 }
    static func minaValue(_ record: Int) -> Double { Double(record) * 1000 + 1 }
    static func junValue(_ record: Int) -> Double { Double(record) * 1000 + 2 }
    static func junQuantity(_ record: Int) -> Double { Double(record) + 7 }

    static func csv(_ records: [Int], _ value: (Int) -> Double, field: String = "value") -> String {
        let rows = records.map { (key($0) + ["\(value($0))"]).joined(separator: ",") }
        return (["reporter,partner,flow,product,period,source,\(field)"] + rows).joined(
            separator: "\n") + "\n"
    }

    static func keys(_ conflicts: [[String: Any]], _ what: String) -> Set<String> {
        Set(
            conflicts.filter { $0["what"] as? String == what }.compactMap {
                $0["record"] as? String
            })
    }
}
