import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Data messages of SDMX, made small here as the publishers of trade make them.
struct SDMXTests {
    /// A dataset that takes one file after the other.
    private final class Desk {
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
    }

    private func records(
        _ text: String, _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> [String] {
        let desk = try Desk()
        try desk.mina.importing(text, change)
        return try desk.records()
    }

    @Test("Eurostat Comext: up to three rows give one record, in euros and kilograms")
    func comext() throws {
        let desk = try Desk()
        let report = try desk.mina.importing(
            """
            DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG
            ESTAT:DS-045409(1.0),16/07/26 11:00:00,M,DE,KR,85076000,1,VALUE_IN_EUROS,2026-04,1000,p
            ESTAT:DS-045409(1.0),16/07/26 11:00:00,M,DE,KR,85076000,1,QUANTITY_IN_100KG,2026-04,12.5,
            ESTAT:DS-045409(1.0),16/07/26 11:00:00,M,DE,KR,85076000,1,SUPPLEMENTARY_QUANTITY,2026-04,30,
            ESTAT:DS-045409(1.0),16/07/26 11:00:00,A,EL,WORLD,TOTAL,2,VALUE_IN_EUROS,2025,7,
            ESTAT:DS-045409(1.0),16/07/26 11:00:00,A,EU27_2020,XS,8507,2,VALUE_IN_EUROS,2025,:,

            """)
        #expect(report.format == "sdmx-csv")
        #expect(report.brief == "2 new, 2 joined, 1 skipped")
        #expect(
            try desk.records() == [
                "DEU/KOR/M/CN:85076000/2026-04/eurostat value=1000 unit=EUR status=P quantity=30 net_weight_kg=1250",
                "GRC/WLD/X/TOTAL/2025/eurostat value=7 unit=EUR",
            ])
        // The same part of one record twice is a duplicate.
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                """
                DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE
                ESTAT:DS-045409(1.0),M,DE,KR,85076000,1,VALUE_IN_EUROS,2026-04,1000
                ESTAT:DS-045409(1.0),M,DE,KR,85076000,1,VALUE_IN_EUROS,2026-04,1001

                """)
        }
        #expect(refused?.report.refusedCount == 1)
    }

    @Test("IMF: the API gives dollars beside its scale, the portal figures in it")
    func imf() throws {
        #expect(
            try records(
                """
                STRUCTURE[;],STRUCTURE_ID,ACTION,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,STATUS
                dataflow,IMF.STA:IMTS(1.0.0),R,KOR,XG_FOB_USD,CHN,A,2023,124817682000,6,
                dataflow,IMF.STA:IMTS(1.0.0),R,KOR,MG_CIF_USD,G001,M,2023-M12,1.5,6,e
                dataflow,IMF.STA:IMTS(1.0.0),R,KOR,TBG_USD,CHN,A,2023,5,6,

                """) == [
                    "KOR/CHN/X/TOTAL/2023/imf value=124817682000 unit=USD valuation=FOB",
                    "KOR/WLD/M/TOTAL/2023-12/imf value=1.5 unit=USD valuation=CIF status=E",
                ])
        #expect(
            try records(
                "\u{feff}\"COUNTRY.ID\",\"COUNTRY\",\"INDICATOR.ID\",\"INDICATOR\",\"COUNTERPART_COUNTRY.ID\","
                    + "\"COUNTERPART_COUNTRY\",\"FREQUENCY.ID\",\"FREQUENCY\",\"TIME_PERIOD\",\"OBS_VALUE\",\"SCALE.ID\",\"SCALE\"\n"
                    + "\"KOR\",\"Korea\",\"XG_FOB_USD\",\"Exports\",\"CHN\",\"China\",\"A\",\"Annual\",\"2023\",\"124817.682\",\"6\",\"Millions\"\n"
            ) == ["KOR/CHN/X/TOTAL/2023/imf value=124817682000 unit=USD valuation=FOB"])
    }

    @Test(
        "OECD: balanced trade in millions, two series told apart by source; growth and balances left out"
    )
    func oecd() throws {
        #expect(
            try records(
                """
                DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_TYPE,PRODUCT_CPA,PRODUCT_HS,FREQ,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,UNIT_MEASURE,ADJUSTMENT
                OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_HS2017_2D(1.1),KOR,W,X,C,_T,HS17_85,A,2022,1.25,A,6,USD_EXC,B
                OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_HS2017_2D(1.1),KOR,W,X,C,_T,HS17_85,A,2022,1.5,A,6,USD_EXC,B_ADJ_RX
                OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_HS2017_2D(1.1),KOR,CHN,X,C,_T,_T,A,2022,2,A,6,USD_EXC,B

                """) == [
                    "KOR/CHN/X/TOTAL/2022/oecd-bimts value=2000000 unit=USD valuation=FOB status=A",
                    "KOR/WLD/X/H5:85/2022/oecd-bimts value=1250000 unit=USD valuation=FOB status=A",
                    "KOR/WLD/X/H5:85/2022/oecd-bimts-rx value=1500000 unit=USD valuation=FOB status=A",
                ])
        let desk = try Desk()
        let report = try desk.mina.importing(
            """
            DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_TYPE,FREQ,UNIT_MEASURE,ADJUSTMENT,TRANSFORMATION,TIME_PERIOD,OBS_VALUE,UNIT_MULT
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),KOR,W,X,C,M,USD_EXC,N,N,2023-12,57.6,9
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),KOR,W,TB,C,M,USD_EXC,N,N,2023-12,4,9
            OECD.SDD.TPS:DSD_IMTS@DF_IMTS(1.0),KOR,W,X,C,M,PC,N,GY,2023-12,5,0

            """)
        #expect(
            report.skipped == [
                "rows of balances": 1, "rows of another series (TRANSFORMATION \"GY\")": 1,
            ])
        #expect(try desk.records() == ["KOR/WLD/X/TOTAL/2023-12/oecd value=57600000000 unit=USD"])
    }

    @Test(
        "of several classifications the one counts in which the row is no total; SITC is told by the dataflow"
    )
    func classifications() throws {
        #expect(
            try records(
                """
                DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_CPA,PRODUCT_HS,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT,UNIT_MEASURE,ADJUSTMENT
                OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_CPA_2_1(1.1),KOR,CHN,X,CPA_2_1_C26,_T,A,2022,5,6,USD_EXC,B

                """) == ["KOR/CHN/X/CPA21:C26/2022/oecd-bimts value=5000000 unit=USD valuation=FOB"]
        )
        #expect(
            try records(
                """
                DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE
                ESTAT:DS-059331(1.0),A,DE,KR,776,2,VALUE_EUR,2023,5

                """) == ["DEU/KOR/X/S4:776/2023/eurostat value=5 unit=EUR"])
        let desk = try Desk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(act("I,KOR,CHN,X,8542,2023,5,,"), constants: ["source": "x"])
        }
        #expect(
            refused?.report.refusals == [
                "2: product \"8542\" does not say its classification | "
                    + "Say it for all: --classification H6 (HS 2022), S4 (SITC 4) …"
            ])
    }

    @Test("a deletion of one part of a record leaves the others")
    func deletedPart() throws {
        let header =
            "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TRADE_FLOW,COMMODITY_1,COUNTERPART_AREA_1,MEASURE,TIME_PERIOD,OBS_VALUE\n"
        func row(_ action: String, _ measure: String, _ value: String) -> String {
            "dataflow,UNSD:IMTS_A(1.0),\(action),KE,X,HS17_0902,W0,\(measure),2021,\(value)\n"
        }
        let desk = try Desk()
        try desk.mina.importing(header + row("I", "V_FOB", "100") + row("I", "W_N", "6"))
        #expect(try desk.mina.importing(header + row("D", "W_N", "")).brief == "1 changed")
        #expect(
            try desk.records() == ["KEN/WLD/X/H5:0902/2021/unsd value=100 unit=USD valuation=FOB"])
    }

    @Test(
        "of publishers that are not known, other series are left out, other components counted, and a scale asked for"
    )
    func unknownPublisher() throws {
        let desk = try Desk()
        let text = """
            DATAFLOW,REPORTER,PARTNER,FLOW,TIME_PERIOD,OBS_VALUE,TRANSFORMATION,REGION,SCALE
            X:T(1.0),KOR,CHN,X,2001,5,N,north,
            X:T(1.0),KOR,CHN,X,2001,6,GROWTH,,
            X:T(1.0),KOR,CHN,1,2001,7,N,,
            X:T(1.0),KOR,CHN,M,2001,8,N,,Millions

            """
        let report = try desk.mina.importing(text) {
            $0.constants = ["source": "x"]
            $0.skipBad = true
        }
        #expect(report.brief == "1 new, 1 skipped, 2 refused")
        #expect(report.notKept == ["REGION": 1])
        #expect(report.refused.map(\.row) == [4, 5])
        #expect(report.refused.last?.reason == "SCALE \"Millions\" may be applied already, or not")
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
        let desk = try Desk()
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

    @Test("a deletion looks at series, details and variants as an update does")
    func deletionOfOthers() throws {
        let desk = try Desk()
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

    @Test("a file is of one dataflow and one measure; weights are in kilograms")
    func oneDataflow() throws {
        let desk = try Desk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                """
                DATAFLOW,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE
                ESTAT:DS-045409(1.0),DE,KR,78,2,VALUE_IN_EUROS,2023,5
                ESTAT:DS-018995(1.0),DE,KR,78,2,VALUE_IN_EUROS,2023,6

                """)
        }
        #expect(
            refused?.report.refused.map(\.reason) == [
                "it is of the dataflow \"ESTAT:DS-018995(1.0)\", the first row of \"ESTAT:DS-045409(1.0)\""
            ])
        let measures = #expect(throws: Refused.self) {
            try desk.mina.importing(
                """
                DATAFLOW,REPORTER,PARTNER,FLOW,INDICATOR,TIME_PERIOD,OBS_VALUE
                X:T(1.0),KOR,CHN,X,VAL,2023,5
                X:T(1.0),KOR,CHN,M,INDEX,2023,104.5

                """, constants: ["source": "x"])
        }
        #expect(measures?.report.refused.map(\.row) == [3])
        let header =
            "STRUCTURE,STRUCTURE_ID,REF_AREA,TRADE_FLOW,COMMODITY_1,COUNTERPART_AREA_1,MEASURE,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE\n"
        func weight(_ unit: String) -> String {
            header + "dataflow,UNSD:IMTS_A(1.0),KE,X,HS17_0902,W0,W_N,2021,6,\(unit)\n"
        }
        try desk.mina.importing(weight("TN"))
        #expect(try desk.records() == ["KEN/WLD/X/H5:0902/2021/unsd net_weight_kg=6000"])
        #expect(throws: Refused.self) { try desk.mina.importing(weight("OZ")) }
    }

    @Test("a share is no value of trade")
    func shares() throws {
        let desk = try Desk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                """
                STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,REF_AREA,Reference area,COUNTERPART_AREA,Counterpart area,MEASURE,Measure,COMM_HS2017,Product,FREQ,Frequency of observation,UNIT_MEASURE,Unit of measure,TIME_PERIOD,Time period,OBS_VALUE,Observation value,OBS_STATUS,Observation status
                DATAFLOW,OECD.SDD.TPS:DSD_ITIC@DF_ITIC(1.1),Costs,I,CHN,China,AFG,Afghanistan,C_F,Margin,_T,Total,A,Annual,PT_IM_CIF,Percentage,2024,,6.24605710962237,,I,Imputed

                """)
        }
        #expect(
            refused?.report.refusals == [
                "2: the unit \"PT_IM_CIF\" is no currency: the figure is no value of trade | "
                    + "Shares, indices and growth have no field; leave them out when you ask for the data."
            ])
    }

    @Test("UNSD: a measure a row, details of a total, processing flows")
    func unsd() throws {
        let header =
            "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,TRADE_FLOW,COMMODITY_1,COUNTERPART_AREA_1,TRANSPORT_MODE_BORDER,CUSTOMS_PROC,MEASURE,TIME_PERIOD,OBS_VALUE,UNIT_MULT,UNIT_MEASURE,OBS_STATUS\n"
        func row(
            _ flow: String, _ transport: String, _ measure: String, _ value: String, _ unit: String
        ) -> String {
            "dataflow,UNSD:IMTS_A(1.0),I,A,KE,\(flow),HS17_0902,W0,\(transport),C_TOTAL,\(measure),2021,\(value),,\(unit),A\n"
        }
        #expect(
            try records(
                header + row("X", "T_TOTAL", "V_FOB", "100", "USD")
                    + row("X", "T_TOTAL", "QTY", "5", "KG")
                    + row("X", "T_TOTAL", "W_N", "6", "KG") + row("X", "T_21", "V_FOB", "90", "USD")
                    + row("X", "T_TOTAL", "W_G", "7", "KG")
                    + row("X2", "T_TOTAL", "V_FOB", "1", "USD")
            ) == [
                "KEN/WLD/RX/H5:0902/2021/unsd value=1 unit=USD valuation=FOB status=A",
                "KEN/WLD/X/H5:0902/2021/unsd value=100 unit=USD valuation=FOB status=A quantity=5 "
                    + "quantity_unit=KG quantity_status=A net_weight_kg=6",
            ])
    }

    static let generic =
        "STRUCTURE,STRUCTURE_ID,ACTION,REPORTER,PARTNER,FLOW,PRODUCT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n"

    private func act(_ rows: String...) -> String {
        Self.generic + rows.map { "dataflow,X:TRADE(1.0),\($0)\n" }.joined()
    }

    @Test("actions: what is not said stays under I, A and M, and goes under R; D takes away")
    func actions() throws {
        let desk = try Desk()
        func take(_ text: String) throws -> String {
            try desk.mina.importing(text, constants: ["source": "x"]).brief
        }
        #expect(try take(act("I,KOR,CHN,X,TOTAL,2023,5,P,F")) == "1 new")
        #expect(try take(act("M,KOR,CHN,X,TOTAL,2023,,A,")) == "1 changed")
        #expect(
            try desk.records() == [
                "KOR/CHN/X/TOTAL/2023/x value=5 unit=USD status=A confidentiality=F"
            ])
        #expect(try take(act("R,KOR,CHN,X,TOTAL,2023,6,,")) == "1 changed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2023/x value=6 unit=USD"])
        #expect(try take(act("A,KOR,CHN,X,TOTAL,2023,6,P,")) == "1 changed")
        // D with marks takes these away, without marks the record.
        #expect(try take(act("D,KOR,CHN,X,TOTAL,2023,,-,")) == "1 changed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2023/x value=6 unit=USD"])
        #expect(try take(act("D,KOR,CHN,X,TOTAL,2023,,,")) == "1 removed")
        #expect(try desk.records().isEmpty)
        #expect(try take(act("D,KOR,CHN,X,TOTAL,2023,,,")) == "1 unchanged")
        #expect(try take(act("D,KOR,CHN,X,TOTAL,2001,-,,")) == "1 unchanged")
        #expect(try desk.mina.view("trade/KOR/CHN/X/TOTAL/2001/x").isUnknown)
        #expect(try take(act("I,KOR,CHN,X,TOTAL,2023,5,,")) == "1 deleted")
    }

    @Test("a deletion by the source leaves what a person wrote")
    func deletionOfEdited() throws {
        let desk = try Desk()
        try desk.mina.importing(act("I,KOR,CHN,X,TOTAL,2023,5,P,"), constants: ["source": "x"])
        try desk.mina.edit("trade/KOR/CHN/X/TOTAL/2023/x", .note("checked"))
        let deletion = act("D,KOR,CHN,X,TOTAL,2023,,,")
        #expect(try desk.mina.importing(deletion, constants: ["source": "x"]).brief == "1 kept")
        let report = try desk.mina.importing(deletion, constants: ["source": "x"]) {
            $0.overwrite = true
        }
        #expect(report.brief == "1 removed")
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
        let desk = try Desk()
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

    @Test("actions that cannot be taken are refused by row")
    func badActions() throws {
        let desk = try Desk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                act(
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

    @Test(
        "a deletion with empty dimensions takes all that match, but what the file gives and what others publish"
    )
    func wildcards() throws {
        let desk = try Desk()
        func take(_ rows: String..., source: String = "x") throws -> String {
            let text = Self.generic + rows.map { "dataflow,X:TRADE(1.0),\($0)\n" }.joined()
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

    @Test("labels beside ids, a semicolon and a decimal comma")
    func labels() throws {
        #expect(
            try records(
                """
                STRUCTURE[|];STRUCTURE_ID;ACTION;REPORTER: Reporter;PARTNER: Partner;FLOW: Flow;PRODUCT: Product;TIME_PERIOD: Time;OBS_VALUE: Value;OBS_STATUS: Status
                dataflow;X:TRADE(1.0): Trade;I;KOR: Korea;CHN: China: mainland;X: Export;HS17_85: Machines;2023-Q1: 2023-Q1;12,4;P: Provisional
                dataflow;X:TRADE(1.0): Trade;I;KOR: Korea;CHN: China;M: Import;TOTAL: All;2023-Q1: 2023-Q1;1.187,5;A: Normal

                """
            ) { $0.constants = ["source": "x"] } == [
                "KOR/CHN/M/TOTAL/2023-Q1/x value=1187.5 unit=USD status=A",
                "KOR/CHN/X/H5:85/2023-Q1/x value=12.4 unit=USD status=P",
            ])
    }

    @Test("components that are called otherwise are named by the user")
    func mapped() throws {
        let text = """
            DATAFLOW,DECL,ORIGIN,FLOW,TIME_PERIOD,OBS_VALUE
            X:T(1.0),KOR,CHN,X,2023,5

            """
        let desk = try Desk()
        let error = #expect(throws: FormatError.self) { try desk.mina.importing(text) }
        #expect(
            error?.message
                == "the observations are not of trade: nothing says the reporter, partner")
        #expect(
            try records(text) {
                $0.columns = ["reporter": "DECL", "partner": "ORIGIN"]
                $0.constants = ["source": "x"]
            } == ["KOR/CHN/X/TOTAL/2023/x value=5 unit=USD"])
        let unknown = #expect(throws: FormatError.self) {
            try desk.mina.importing(text) { $0.columns = ["reporter": "DECLARANT"] }
        }
        #expect(unknown?.message == "--map reporter=DECLARANT names no component of the file")
    }

    @Test(
        "SDMX-JSON: attributes of a group of dimensions and defaults count as those of the observation"
    )
    func jsonGroups() throws {
        let text = """
            {"data":{"structures":[{"dimensions":{"dataSet":[{"id":"REPORTER","keyPosition":0,"values":[{"id":"KOR"}]}],
              "series":[{"id":"FLOW","keyPosition":2,"values":[{"id":"X"},{"id":"M"}]},
               {"id":"PARTNER","keyPosition":1,"values":[{"id":"CHN"}]}],
              "observation":[{"id":"TIME_PERIOD","keyPosition":3,"values":[{"id":"2023"}]}]},
              "attributes":{"dimensionGroup":[{"id":"UNIT_MULT","values":[{"id":"6"}]}],
               "observation":[{"id":"OBS_STATUS","default":"A","values":[{"id":"A"},{"id":"P"}]}]}}],
             "dataSets":[{"dimensionGroupAttributes":{"::0:":[0]},
              "series":{"0:0":{"observations":{"0":[5.25]}},"1:0":{"observations":{"0":[7,1]}}}}]}}
            """
        #expect(
            try records(text) { $0.constants = ["source": "x"] } == [
                "KOR/CHN/M/TOTAL/2023/x value=7 unit=USD status=P",
                "KOR/CHN/X/TOTAL/2023/x value=5250000 unit=USD status=A",
            ])
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
        let desk = try Desk()
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

    @Test("SDMX-JSON 1.0 and 2.0, flat and by series, give what SDMX-CSV gives")
    func json() throws {
        func values(_ ids: String...) -> String {
            "[" + ids.map { "{\"id\":\"\($0)\",\"name\":\"n\"}" }.joined(separator: ",") + "]"
        }
        let dimensions = [
            "{\"id\":\"REPORTER\",\"values\":\(values("KOR"))}",
            "{\"id\":\"PARTNER\",\"values\":\(values("CHN", "USA"))}",
            "{\"id\":\"FLOW\",\"values\":\(values("X", "M"))}",
        ]
        let time = "{\"id\":\"TIME_PERIOD\",\"values\":\(values("2022", "2023"))}"
        let attributes = "[{\"id\":\"OBS_STATUS\",\"values\":\(values("A", "P"))}]"
        let flat = """
            {"header":{"id":"x"},"dataSets":[{"action":"Information","observations":
              {"0:0:0:0":[5.25,1],"0:1:1:1":[7,null]}}],
             "structure":{"dimensions":{"observation":[\(dimensions.joined(separator: ",")),\(time)]},
              "attributes":{"observation":\(attributes)}}}
            """
        let series = """
            {"meta":{"schema":"x"},"data":{"structures":[{"dimensions":{"dataSet":[\(dimensions[0])],
              "series":[\(dimensions[1]),\(dimensions[2])],"observation":[\(time)]},
              "measures":{"observation":[{"id":"OBS_VALUE"}]},"attributes":{"observation":\(attributes)}}],
             "dataSets":[{"structure":0,"series":{"0:0":{"observations":{"0":[5.25,1]}},
              "1:1":{"observations":{"1":["7"]}}}}]}}
            """
        for text in [flat, series] {
            #expect(
                try records(text) { $0.constants = ["source": "x"] } == [
                    "KOR/CHN/X/TOTAL/2022/x value=5.25 unit=USD status=P",
                    "KOR/USA/M/TOTAL/2023/x value=7 unit=USD",
                ])
        }
    }

    private static let own =
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE"

    private func rows(_ lines: String..., columns: String = own) -> String {
        ([columns] + lines.map { "dataflow,XX:T(1.0)," + $0 }).joined(separator: "\n") + "\n"
    }

    @Test("a deletion of all that match takes its frequency alone")
    func deletionOfFrequency() throws {
        let desk = try Desk()
        try desk.mina.importing(
            rows("I,A,KOR,CHN,X,2020,100,A,USD", "I,M,KOR,CHN,X,2020-01,10,A,USD"),
            constants: ["source": "x"])
        let report = try desk.mina.importing(rows("D,M,KOR,CHN,X,,,,"), constants: ["source": "x"])
        #expect(report.brief == "1 removed")
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=100 unit=USD status=A"])
    }

    @Test("a deletion by something that no record has takes nothing")
    func deletionOfUnknownPart() throws {
        let desk = try Desk()
        let columns = Self.own + ",COLOUR"
        try desk.mina.importing(
            rows("I,A,KOR,CHN,X,2020,100,A,USD,", columns: columns), constants: ["source": "x"])
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                rows("D,A,KOR,CHN,X,2020,,,,RED", columns: columns), constants: ["source": "x"])
        }
        #expect(
            refused?.report.refused.map(\.reason)
                == ["ACTION D names COLOUR \"RED\", which no record has"])
    }

    @Test("under M an empty cell says nothing beside a figure either")
    func mergeOfFigure() throws {
        let desk = try Desk()
        try desk.mina.importing(rows("I,A,KOR,CHN,X,2020,100,P,USD"), constants: ["source": "x"])
        try desk.mina.importing(rows("M,A,KOR,CHN,X,2020,7,,"), constants: ["source": "x"])
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=7 unit=USD status=P"])
        try desk.mina.importing(rows("I,A,KOR,CHN,X,2020,8,,USD"), constants: ["source": "x"])
        #expect(try desk.records() == ["KOR/CHN/X/TOTAL/2020/x value=8 unit=USD"])
    }

    @Test("--scale is refused where the file gives the unit of its values")
    func scaleBesideMultiplier() throws {
        let error = #expect(throws: FormatError.self) {
            try records(
                rows("I,A,KOR,CHN,X,2020,1,A,USD,3", columns: Self.own + ",UNIT_MULT")
            ) {
                $0.constants = ["source": "x"]
                $0.scale = 6
            }
        }
        #expect(error?.message.contains("gives the unit of its values by UNIT_MULT") == true)
    }

    @Test("a part is a part, whoever publishes it")
    func partOfUnknownPublisher() throws {
        let columns = Self.own + ",TRANSPORT"
        let refused = #expect(throws: Refused.self) {
            try records(rows("I,A,KOR,CHN,X,2020,60,A,USD,AIR", columns: columns)) {
                $0.constants = ["source": "x"]
            }
        }
        #expect(refused?.report.refused.first?.reason.contains("it is a part (transport)") == true)
        #expect(
            try records(rows("I,A,KOR,CHN,X,2020,60,A,USD,_T", columns: columns)) {
                $0.constants = ["source": "x"]
            } == ["KOR/CHN/X/TOTAL/2020/x value=60 unit=USD status=A"])
    }
}
