import Foundation
import Testing

/// What has to be read whole on a terminal of 80 columns: figures, revisions, reasons.
@Suite struct NarrowTerminalTests {
    private static let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    private let office: Office
    private let mina: Analyst
    private let jun: Analyst

    init() throws {
        office = try Office()
        mina = try office.analyst("mina.kim", machine: "mina-office-desktop")
        jun = try office.analyst("jun.park", machine: "jun-home-laptop")
        try mina.must("init", "korea.tally")
        try mina.write(
            "reporter,partner,flow,product,period,source,value,status\n"
                + "KOR,CHN,X,TOTAL,2023,kosis,115696334101,A\n", to: "trade-annual.csv")
        try mina.must("import", "trade-annual.csv")
        try jun.must("clone", mina.file, "korea.tally")
    }

    /// The text with times and replicas that are the same at every run.
    private func stable(_ text: String) throws -> String {
        var text = text
        for (analyst, name) in [(mina, "minaaa"), (jun, "junjun")] {
            let json = try analyst.must("status", "--json").json
            guard let replica = json["replica"] as? String else { continue }
            text = text.replacingOccurrences(of: replica.prefix(6), with: name)
        }
        return text.withStableTimes
    }

    @Test("history: a line a changeset, its fields under it, no figure cut")
    func history() throws {
        try mina.must("add", "event", "date=2023", "title=x", "id=x:1")
        for number in 3...100 { try mina.must("set", "event/x:1", "intensity=\(number)") }
        try mina.must("set", Self.record, "value=115696334102", "-m", "typed from the article")
        try jun.must("set", Self.record, "value=115696334103", "note=rounded", "status=P")
        try mina.must("sync", jun.file)
        try mina.must("resolve", "--all", "--take", "A", "--note", "final")
        let long =
            "FOB, customs basis, as the ministry has it in the table that it published with its "
            + "yearbook, page 117"
        try mina.must("set", Self.record, "note=\(long)")
        let expected = """
            \(Self.record)
              REVISION    WHEN   BY                            WHY
                WHAT    BEFORE                             AFTER
              minaaa:103  13:57  mina.kim@mina-office-desktop
                note    rounded                            FOB, customs basis, as the
                                                           ministry has it in the table that
                                                           it published with its yearbook,
                                                           page 117
              minaaa:102  13:57  mina.kim@mina-office-desktop
                “final (resolve value: 115,696,334,102 USD A over 115,696,334,103 USD P)”
                value   115,696,334,102 | 115,696,334,103  115,696,334,102 (settled)
                status  P                                  A
              junjun:1    13:57  jun.park@jun-home-laptop
                value   115,696,334,101                    115,696,334,103
                status  A                                  P
                note    -                                  rounded
              minaaa:101  13:57  mina.kim@mina-office-desktop  typed from the article
                value   115,696,334,101                    115,696,334,102
              minaaa:1    13:57  mina.kim@mina-office-desktop  import trade-annual.csv
                added
                value   -                                  115,696,334,101
                unit    -                                  USD
                status  -                                  A

            """
        let shown = try stable(mina.shown(onTerminalOf: 80, "history", Self.record))
        #expect(shown == expected, "\(shown)")
        #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let wide = try stable(mina.shown(onTerminalOf: 300, "history", Self.record))
        #expect(
            wide.contains(
                "minaaa:101  13:57  mina.kim@mina-office-desktop  value   115,696,334,101  "))
    }

    @Test("a rehearsal of an import: no record's name is cut, its fields stand below it")
    func rehearsal() throws {
        let header = "reporter,partner,flow,product,period,source,value,unit\n"
        try mina.write(
            header + "KOR,CHN,X,H6:85076010,2023-11,kosis-monthly,5,USD\n", to: "old.csv")
        try mina.must("import", "old.csv")
        try mina.write(
            header + "KOR,CHN,X,H6:85076010,2023-11,kosis-monthly,124817682000,KRW\n"
                + "KOR,CHN,M,H6:85076010,2023-11,kosis-monthly,124817682000,USD\n"
                + "KOR,CHN,M,H6:85076020,2023-11,kosis-monthly,7,USD\n", to: "new.csv")
        try mina.write(
            "date,title,type,source\n2023-12-03,"
                + "The foreign ministers of three countries meet for the first time in four years and agree to go on,"
                + "visit,mofa\n", to: "events.csv")
        let shown = try mina.shown(onTerminalOf: 80, "import", "new.csv", "--dry-run")
        #expect(
            shown == """
                Would import new.csv: 2 new, 1 changed

                WHAT     ROW  RECORD
                new        3  trade/KOR/CHN/M/H6:85076010/2023-11/kosis-monthly
                                value 124,817,682,000; unit USD
                new        4  trade/KOR/CHN/M/H6:85076020/2023-11/kosis-monthly
                                value 7; unit USD
                changed    2  trade/KOR/CHN/X/H6:85076010/2023-11/kosis-monthly
                                value 5 → 124,817,682,000; unit USD → KRW

                """, "\(shown)")
        let wide = try mina.shown(onTerminalOf: 120, "import", "new.csv", "--dry-run")
        #expect(
            wide.contains(
                "\nchanged    2  trade/KOR/CHN/X/H6:85076010/2023-11/kosis-monthly  "
                    + "value 5 → 124,817,682,000; unit USD → KRW\n"), "\(wide)")
        for columns in [40, 80, 120] {
            let events = try mina.shown(onTerminalOf: columns, "import", "events.csv", "--dry-run")
            #expect(events.split(separator: "\n").allSatisfy { $0.count <= columns }, "\(events)")
            #expect(!events.contains("…") || columns == 40, "\(events)")
        }
    }

    @Test("undo: what was put back, and what was left, by whom, in which revision")
    func undo() throws {
        try mina.must(
            "set", Self.record, "value=115696334102", "quantity=7", "tags+=draft",
            "note=typed from the table of the ministry, page 117")
        let replica = try #require(try mina.must("status", "--json").json["replica"] as? String)
        let named = "\(replica):2"
        try mina.must("sync", jun.file)
        try jun.must("set", Self.record, "value=115696334103")
        try mina.must("sync", jun.file)
        try mina.must("set", Self.record, "note=checked, and typed once more")
        let shown = try stable(mina.shown(onTerminalOf: 80, "undo", named, "--dry-run"))
        let expected = """
            Would undo minaaa:2 of mina.kim@mina-office-desktop
            Would put back 1 record: 1 changed
              RECORD                            FIELD     NOW
              \(Self.record)  quantity  nothing
              \(Self.record)  tags      - draft
            Left as it is:
              RECORD
                FIELD  WHY
              \(Self.record)
                note   mina.kim@mina-office-desktop has changed it since (minaaa:3)
                value  jun.park@jun-home-laptop has changed it since (junjun:1)

            """
        #expect(shown == expected, "\(shown)")
    }
}
