import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// What the rows of SDMX do to records: actions, keys, records that several rows give.
struct SDMXActionTests {
    @Test("actions: what is not said stays under I, A and M, and goes under R; D takes away")
    func actions() throws {
        let desk = try SDMXDesk()
        func take(_ text: String) throws -> String {
            try desk.mina.importing(text, constants: ["source": "x"]).brief
        }
        #expect(try take(SDMXText.act("I,KOR,CHN,X,TOTAL,2023,5,P,F")) == "1 new")
        #expect(try take(SDMXText.act("M,KOR,CHN,X,TOTAL,2023,,A,")) == "1 changed")
        #expect(
            try desk.records() == [
                "KOR/CHN/X/TOTAL/2023/x value=5 unit=USD status=A confidentiality=F"
            ])
        #expect(try take(SDMXText.act("R,KOR,CHN,X,TOTAL,2023,6,,")) == "1 changed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2023/x value=6 unit=USD"])
        #expect(try take(SDMXText.act("A,KOR,CHN,X,TOTAL,2023,6,P,")) == "1 changed")
        // D with marks takes these away, without marks the record.
        #expect(try take(SDMXText.act("D,KOR,CHN,X,TOTAL,2023,,-,")) == "1 changed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2023/x value=6 unit=USD"])
        #expect(try take(SDMXText.act("D,KOR,CHN,X,TOTAL,2023,,,")) == "1 removed")
        #expect(try desk.records().isEmpty)
        #expect(try take(SDMXText.act("D,KOR,CHN,X,TOTAL,2023,,,")) == "1 unchanged")
        #expect(try take(SDMXText.act("D,KOR,CHN,X,TOTAL,2001,-,,")) == "1 unchanged")
        #expect(try desk.mina.view("trade/KOR/CHN/X/TOTAL/2001/x").isUnknown)
        #expect(try take(SDMXText.act("I,KOR,CHN,X,TOTAL,2023,5,,")) == "1 deleted")
    }

    @Test("under M an empty cell says nothing beside a figure either")
    func mergeOfFigure() throws {
        let desk = try SDMXDesk()
        try desk.mina.importing(
            SDMXText.rows("I,A,KOR,CHN,X,2020,100,P,USD"), constants: ["source": "x"])
        try desk.mina.importing(SDMXText.rows("M,A,KOR,CHN,X,2020,7,,"), constants: ["source": "x"])
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=7 unit=USD status=P"])
        try desk.mina.importing(
            SDMXText.rows("I,A,KOR,CHN,X,2020,8,,USD"), constants: ["source": "x"])
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=8 unit=USD"])
    }

    @Test("actions that cannot be taken are refused by row")
    func badActions() throws {
        let desk = try SDMXDesk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                SDMXText.act(
                    "E,KOR,CHN,X,TOTAL,2023,5,,", "D,,CHN,X,TOTAL,2023,-,,", "I,KOR,CHN,X,,2023,5,,"
                ),
                constants: ["source": "x"])
        }
        #expect(
            refused?.report.refusals == [
                "2: ACTION \"E\" is not known | It is I, A, M, R or D.",
                "3: ACTION D takes single values away from all that match | "
                    + "Name every record of which values are to go in a row of its own.",
                "4: product is missing | The total is written _T.",
            ])
    }

    @Test("what only takes values away does not settle a deletion beside an edit")
    func takenAwayFromDisputed() throws {
        let desk = try SDMXDesk()
        try desk.mina.importing(
            SDMXText.act("I,KOR,CHN,X,TOTAL,2023,5,P,"), constants: ["source": "x"])
        let address = "trade/KOR/CHN/X/TOTAL/2023/x"
        let jun = try desk.folder.copy("jun", of: desk.mina)
        try jun.edit(address, .note("checked"))
        try desk.mina.edit(address, .delete)
        try desk.mina.pull(from: jun)
        let report = try desk.mina.importing(
            SDMXText.act("D,KOR,CHN,X,TOTAL,2023,,-,"), constants: ["source": "x"]
        ) { $0.resolve = true }
        #expect(report.brief == "1 changed, 1 conflicted")
        #expect(try desk.mina.dataset.read { try $0.conflicts() }.map(\.what) == [.deleteEdit])
    }

    @Test("a deletion by the source leaves what a person wrote")
    func deletionOfEdited() throws {
        let desk = try SDMXDesk()
        try desk.mina.importing(
            SDMXText.act("I,KOR,CHN,X,TOTAL,2023,5,P,"), constants: ["source": "x"])
        try desk.mina.edit("trade/KOR/CHN/X/TOTAL/2023/x", .note("checked"))
        let deletion = SDMXText.act("D,KOR,CHN,X,TOTAL,2023,,,")
        #expect(try desk.mina.importing(deletion, constants: ["source": "x"]).brief == "1 kept")
        let report = try desk.mina.importing(deletion, constants: ["source": "x"]) {
            $0.overwrite = true
        }
        #expect(report.brief == "1 removed")
    }

    @Test("a deletion of one part of a record leaves the others")
    func deletedPart() throws {
        let header =
            "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TRADE_FLOW,COMMODITY_1,COUNTERPART_AREA_1,MEASURE,TIME_PERIOD,OBS_VALUE\n"
        func row(_ action: String, _ measure: String, _ value: String) -> String {
            "dataflow,UNSD:IMTS_A(1.0),\(action),KE,X,HS17_0902,W0,\(measure),2021,\(value)\n"
        }
        let desk = try SDMXDesk()
        try desk.mina.importing(header + row("I", "V_FOB", "100") + row("I", "W_N", "6"))
        #expect(try desk.mina.importing(header + row("D", "W_N", "")).brief == "1 changed")
        #expect(
            try desk.records() == ["KEN/WLD/X/H5:0902/2021/unsd value=100 unit=USD valuation=FOB"])
    }

    @Test("a deletion looks at series, details and variants as an update does")
    func deletionOfOthers() throws {
        let desk = try SDMXDesk()
        let oecd =
            "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,TRANSFORMATION,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n"
        func row(_ action: String, _ partner: String, _ series: String, _ value: String) -> String {
            "DATAFLOW,OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),\(action),KOR,\(partner),X,\(series),2023,\(value),\(action == "D" ? "" : "USD_EXC")\n"
        }
        try desk.mina.importing(oecd + row("I", "W", "N", "5"))
        #expect(try desk.mina.importing(oecd + row("D", "W", "GY", "")).brief == "1 skipped")
        let unknown = #expect(throws: Refused.self) {
            try desk.mina.importing(
                oecd + "DATAFLOW,OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),D,,QQQ,X,N,2023,,\n")
        }
        #expect(unknown?.report.refusedCount == 1)
        // A record whose own row is refused is not deleted for that.
        let report = try desk.mina.importing(
            oecd + "DATAFLOW,OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),D,KOR,,,N,2023,,\n"
                + row("I", "W", "N", "5x")
        ) { $0.skipBad = true }
        #expect(report.brief == "2 refused")
        let bimts =
            "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_HS,TIME_PERIOD,OBS_VALUE,ADJUSTMENT\n"
        func other(_ action: String, _ partner: String, _ value: String, _ series: String) -> String
        {
            "dataflow,OECD:DSD_BIMTS@DF_BIMTS_HS2017_2D(1.1),\(action),KOR,\(partner),X,_T,2023,\(value),\(series)\n"
        }
        try desk.mina.importing(
            bimts + other("I", "CHN", "5", "B") + other("I", "CHN", "6", "B_ADJ_RX"))
        #expect(
            try desk.mina.importing(bimts + other("D", "", "", "B_ADJ_RX")).brief == "1 removed")
        #expect(
            try desk.records().map { $0.split(separator: " ")[0] } == [
                "KOR/CHN/X/TOTAL/2023/oecd-bimts", "KOR/WLD/X/TOTAL/2023/oecd",
            ])
    }

    @Test(
        "a deletion with empty dimensions takes all that match, but what the file gives and what others publish"
    )
    func wildcards() throws {
        let desk = try SDMXDesk()
        func take(_ rows: String..., source: String = "x") throws -> String {
            let text = SDMXText.generic + rows.map { "dataflow,X:TRADE(1.0),\($0)\n" }.joined()
            return try desk.mina.importing(text, constants: ["source": source]).brief
        }
        for source in ["x", "y"] {
            _ = try take(
                "I,KOR,CHN,X,TOTAL,2022,1,,", "I,KOR,CHN,X,TOTAL,2023,2,,",
                "I,KOR,USA,X,_T,2023,3,,",
                source: source)
        }
        try desk.mina.edit("trade/KOR/CHN/X/TOTAL/2022/x", .note("checked"))
        #expect(try take("D,KOR,CHN,,,,,,", "R,KOR,CHN,X,TOTAL,2023,5,,") == "1 changed, 1 kept")
        #expect(try take("D,,,,,,,,") == "1 kept, 2 removed")
        #expect(try desk.records().count == 4)
        #expect(try take("D,,,,TOTAL,2023,,,", source: "y") == "2 removed")
    }

    @Test("a deletion of all that match takes its frequency alone")
    func deletionOfFrequency() throws {
        let desk = try SDMXDesk()
        try desk.mina.importing(
            SDMXText.rows("I,A,KOR,CHN,X,2020,100,A,USD", "I,M,KOR,CHN,X,2020-01,10,A,USD"),
            constants: ["source": "x"])
        let report = try desk.mina.importing(
            SDMXText.rows("D,M,KOR,CHN,X,,,,"), constants: ["source": "x"])
        #expect(report.brief == "1 removed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=100 unit=USD status=A"])
    }

    @Test(
        "a deletion by something that no record has takes nothing",
        arguments: [("COLOUR", "COLOUR"), ("COL\u{0}OUR", #"COL\u0000OUR"#)])
    func deletionOfUnknownPart(_ name: String, _ shown: String) throws {
        let desk = try SDMXDesk()
        let columns = SDMXText.own + "," + name
        try desk.mina.importing(
            SDMXText.rows("I,A,KOR,CHN,X,2020,100,A,USD,", columns: columns),
            constants: ["source": "x"])
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                SDMXText.rows("D,A,KOR,CHN,X,2020,,,,RED", columns: columns),
                constants: ["source": "x"])
        }
        #expect(
            refused?.report.refused.map(\.reason)
                == ["ACTION D names \"\(shown)\" \"RED\", which no record has"])
    }

    @Test(
        "parts with what holds for all rows, of records that were deleted, and of which one changes"
    )
    func parts() throws {
        let header =
            "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
        func row(_ period: String, _ indicator: String, _ value: String) -> String {
            "ESTAT:DS-045409(1.0),A,DE,KR,8507,1,\(indicator),\(period),\(value)\n"
        }
        func file(_ weight: String) -> String {
            header + row("2022", "VALUE_IN_EUROS", "1") + row("2023", "VALUE_IN_EUROS", "2")
                + row("2022", "QUANTITY_IN_100KG", weight) + row("2023", "QUANTITY_IN_100KG", "4")
                + row("2023", "SUPPLEMENTARY_QUANTITY", "5")
        }
        let desk = try SDMXDesk()
        func take(_ weight: String, _ change: (inout ImportOptions) -> Void = { _ in }) throws
            -> String
        {
            try desk.mina.importing(file(weight)) {
                $0.constants = ["released": "2024-03-01", "tags": "comext", "note": "n"]
                change(&$0)
            }.brief
        }
        let expected = [
            "DEU/KOR/M/HS:8507/2022/eurostat value=1 unit=EUR released=2024-03-01 net_weight_kg=300 note=n",
            "DEU/KOR/M/HS:8507/2023/eurostat value=2 unit=EUR released=2024-03-01 quantity=5 net_weight_kg=400 note=n",
        ]
        #expect(try take("3") == "2 new, 3 joined")
        #expect(try desk.records() == expected)
        #expect(try take("3") == "2 unchanged, 3 joined")
        // A record of which one part changes has changed.
        #expect(try take("6") == "1 changed, 1 unchanged, 3 joined")
        let address = "trade/DEU/KOR/M/HS:8507/2022/eurostat"
        try desk.mina.edit(address, .set(statement: "net_weight_kg", value: [.number(9)]))
        #expect(try take("3") == "1 unchanged, 1 kept, 3 joined")
        // What is brought back has what the file says, and nothing of before.
        try desk.mina.edit(
            address, .set(statement: "quantity", value: [.number(1), .text("u"), .null]))
        try desk.mina.write { try $0.edit(wanted(RecordAddress(address)), [.delete]) }
        #expect(try take("3") == "1 unchanged, 1 deleted, 3 joined")
        #expect(try take("3") { $0.restore = true } == "1 changed, 1 unchanged, 3 joined")
        #expect(try desk.records() == expected)
        // Everybody can take what was written.
        let other = try desk.folder.copy("jun", of: desk.mina)
        _ = try other.dataset.take(try desk.mina.dataset.lines(), durable: false)
        let verification = try desk.mina.verification(in: desk.folder)
        #expect(verification.faults.isEmpty)
    }

    @Test(
        "parts that lie further apart than a line of the log are brought back whole, and counted once"
    )
    func farParts() throws {
        let header =
            "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE\n"
        let products = (1000..<6500).map { "0\($0)0" }
        func rows(_ indicator: String, _ value: String) -> String {
            products.map { "ESTAT:DS-045409(1.0),A,DE,KR,\($0),1,\(indicator),2022,\(value)\n" }
                .joined()
        }
        let text = header + rows("VALUE_IN_EUROS", "1") + rows("SUPPLEMENTARY_QUANTITY", "2")
        let desk = try SDMXDesk()
        #expect(try desk.mina.importing(text).brief == "5500 new, 5500 joined")
        try desk.mina.write { editor in
            for product in products {
                try editor.edit(
                    RecordAddress(
                        kind: "trade",
                        key: RecordKey(["DEU", "KOR", "M", "HS:\(product)", "2022", "eurostat"])),
                    [.delete])
            }
        }
        #expect(
            try desk.mina.importing(text) { $0.restore = true }.brief == "5500 changed, 5500 joined"
        )
        let records = try desk.records()
        #expect(records.count == 5500)
        #expect(records.allSatisfy { $0.hasSuffix("value=1 unit=EUR quantity=2") })
    }

    @Test("a frequency that contradicts its period is refused by row")
    func frequency() throws {
        let rows: [(frequency: String, period: String, isTaken: Bool)] = [
            ("A", "2023", true), ("A", "2020-A1", true), ("S", "2023-S2", true),
            ("Q", "2023-Q4", true), ("M", "2023-11", true), ("M", "2023-M12", true),
            ("W", "2023-W05", true), ("D", "2023-12-31", true), ("B", "2023-12-29", true),
            ("", "2022", true), ("A2", "2021", true), ("M", "2023", false), ("A", "2023-10", false),
            ("Q", "2023-09", false), ("m", "2023-Q3", false), ("A", "2023-01-01", false),
        ]
        let text = rows.map { "X:Y(1.0),\($0.frequency),KOR,CHN,X,\($0.period),1\n" }.joined()
        let desk = try SDMXDesk()
        let report = try desk.mina.importing(
            "DATAFLOW,FREQ,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,TIME_PERIOD,OBS_VALUE\n" + text
        ) {
            $0.constants = ["source": "x"]
            $0.skipBad = true
        }
        #expect(report.new == rows.count(where: \.isTaken))
        #expect(
            report.refused.map(\.row) == rows.indices.filter { !rows[$0].isTaken }.map { $0 + 2 })
        #expect(
            report.refusals.first
                == "13: FREQ \"M\" says a month, the period \"2023\" is a year | "
                + "Mend the one that is wrong, or get the file once more.")
        let deletion = #expect(throws: Refused.self) {
            try desk.mina.importing(
                "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,TIME_PERIOD,OBS_VALUE\n"
                    + "dataflow,X:Y(1.0),D,M,KOR,CHN,X,2023,\n"
            ) { $0.constants = ["source": "x"] }
        }
        #expect(
            deletion?.report.refused.map(\.reason)
                == ["FREQ \"M\" says a month, the period \"2023\" is a year"])
    }
}
