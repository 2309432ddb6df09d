import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Files as UN Comtrade gives them, made small here with the same quirks.
struct ComtradeTests {
    /// The columns of the web, with a comma more on every row of data.
    static let header =
        "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,"
        + "flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
        + "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,"
        + "customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,"
        + "altQtyUnitAbbr,altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,"
        + "fobvalue,primaryValue,legacyEstimationFlag,isReported,isAggregate\n"

    /// One row of data; what is not given is that of an annual row of totals.
    static func row(_ given: [String: String] = [:]) -> String {
        let usual: [String: String] = [
            "typeCode": "C", "freqCode": "A", "refPeriodId": "20230101", "refYear": "2023",
            "refMonth": "52", "period": "2023", "reporterCode": "410", "reporterISO": "KOR",
            "reporterDesc": "Rep. of Korea", "flowCode": "X", "flowDesc": "Export",
            "partnerCode": "156", "partnerISO": "CHN", "partnerDesc": "China", "partner2Code": "0",
            "partner2ISO": "W00", "partner2Desc": "World", "classificationCode": "H6",
            "classificationSearchCode": "HS", "isOriginalClassification": "true", "cmdCode": "8542",
            "cmdDesc": "Circuits", "aggrLevel": "4", "isLeaf": "false", "customsCode": "C00",
            "customsDesc": "TOTAL CPC", "mosCode": "0 ", "motCode": "0", "motDesc": "TOTAL MOT",
            "qtyUnitCode": "-1", "qtyUnitAbbr": "N/A", "isQtyEstimated": "false",
            "altQtyUnitCode": "-1", "altQtyUnitAbbr": "N/A", "isAltQtyEstimated": "false",
            "isNetWgtEstimated": "false", "isGrossWgtEstimated": "false", "fobvalue": "100",
            "primaryValue": "100", "legacyEstimationFlag": "0", "isReported": "true",
            "isAggregate": "false",
        ]
        let names = header.dropLast().split(separator: ",").map(String.init)
        let cells = names.map { name -> String in
            let text = given[name] ?? usual[name] ?? ""
            return text.isEmpty ? "" : "\"\(text)\""
        }
        return cells.joined(separator: ",") + ",\n"
    }

    private static let key =
        #""reporter":"KOR","partner":"CHN","flow":"X","product":"H6:8542","period":"2023","source":"comtrade""#

    private func imported(
        _ text: String, _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> (report: ImportReport, records: String) {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(text, change)
        return (report, try mina.export("trade", as: "jsonl"))
    }

    @Test("a row of totals is one record; the comma too many shifts nothing")
    func totals() throws {
        let (report, records) = try imported(Self.header + Self.row())
        #expect(report.format == "comtrade")
        #expect(report.brief == "1 new")
        #expect(
            records
                == "{\"kind\":\"trade\",\(Self.key),\"value\":100,\"unit\":\"USD\",\"valuation\":\"FOB\"}\n"
        )
    }

    @Test(
        "areas by Comtrade's numbers and its own codes",
        arguments: [
            ("842", "USA", "USA"), ("251", "FRA", "FRA"), ("757", "CHE", "CHE"),
            ("579", "NOR", "NOR"),
            ("699", "IND", "IND"), ("0", "W00", "WLD"), ("490", "S19", "S19"), ("899", "_X ", "_X"),
            ("410", "KOR", "KOR"), ("", "_X ", "_X"), ("490", "", "S19"),
        ])
    func areas(_ number: String, _ iso: String, _ code: String) throws {
        let (_, records) = try imported(
            Self.header + Self.row(["partnerCode": number, "partnerISO": iso]))
        #expect(records.contains("\"partner\":\"\(code)\""))
    }

    @Test("an area that is not known is refused by its row")
    func unknownArea() throws {
        let refused = #expect(throws: Refused.self) {
            try imported(
                Self.header + Self.row() + Self.row(["partnerCode": "9999", "partnerISO": "QQQ"]))
        }
        #expect(
            refused?.report.refusals == [
                "3: partner \"9999 QQQ\" is no area of UN Comtrade that is known | "
                    + "Look for it with: tally codes area TEXT"
            ])
    }

    @Test("periods of months, and of a year that is called month 52")
    func periods() throws {
        let month = Self.row(["freqCode": "M", "period": "202311", "refMonth": "11"])
        #expect(try imported(Self.header + month).records.contains("\"period\":\"2023-11\""))
        let refused = #expect(throws: Refused.self) {
            try imported(Self.header + Self.row(["freqCode": "A", "period": "202311"]))
        }
        #expect(
            refused?.report.refused.first?.reason
                == "period \"202311\" does not go with the frequency \"A\"")
    }

    @Test("an estimate of the quantity is its status, never that of the value")
    func quantity() throws {
        let (report, records) = try imported(
            Self.header
                + Self.row([
                    "qtyUnitCode": "5", "qtyUnitAbbr": "u", "qty": "12", "isQtyEstimated": "true",
                    "netWgt": "3.5", "isNetWgtEstimated": "true", "altQty": "7", "grossWgt": "4",
                ]))
        #expect(
            records
                == "{\"kind\":\"trade\",\(Self.key),\"value\":100,\"unit\":\"USD\",\"valuation\":\"FOB\","
                + "\"quantity\":12,\"quantity_unit\":\"u\",\"quantity_status\":\"E\",\"net_weight_kg\":3.5}\n"
        )
        #expect(report.notKept == ["isNetWgtEstimated": 1, "altQty": 1, "grossWgt": 1])
    }

    @Test("which valuation the value is; another beside it is counted as not kept")
    func valuation() throws {
        func valued(_ cif: String, _ fob: String) throws -> (String, [String: Int]) {
            let (report, records) = try imported(
                Self.header + Self.row(["flowCode": "M", "cifvalue": cif, "fobvalue": fob]))
            let valuation = ["CIF", "FOB"].first { records.contains("\"valuation\":\"\($0)\"") }
            return (valuation ?? "", report.notKept)
        }
        #expect(try valued("100", "") == ("CIF", [:]))
        #expect(try valued("100", "90") == ("CIF", ["fobvalue": 1]))
        #expect(try valued("110", "100") == ("FOB", ["cifvalue": 1]))
        #expect(try valued("0.0", "100.0") == ("FOB", [:]))
        #expect(try valued("100.0", "100.0") == ("CIF", [:]))
        #expect(try valued("", "") == ("", [:]))
    }

    @Test("rows of detail are left out where their total is there, before or behind them")
    func details() throws {
        let parts = [
            ["customsCode": "C04", "primaryValue": "60"],
            ["motCode": "2100", "primaryValue": "70"],
            ["partner2Code": "392", "partner2ISO": "JPN"], ["mosCode": "1", "motCode": "1000"],
        ].map { Self.row($0) }
        let (report, records) = try imported(
            Self.header + parts[0] + Self.row() + parts[1] + parts[2] + parts[3])
        #expect(report.brief == "1 new, 4 skipped")
        #expect(
            report.skipped == [
                "rows of detail (customs procedure) of a total that is there": 1,
                "rows of detail (transport) of a total that is there": 1,
                "rows of detail (second partner) of a total that is there": 1,
                "rows of detail (transport, mode of supply) of a total that is there": 1,
            ])
        #expect(records.contains("\"value\":100"))
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let refused = #expect(throws: Refused.self) {
            try mina.importing(Self.header + parts[0] + parts[1])
        }
        #expect(
            refused?.report.refusals.first
                == "2: it is a part (customs procedure) of trade/KOR/CHN/X/H6:8542/2023/comtrade, whose total is "
                + "not in the file | Get the totals too, or add the parts up yourself.")
        #expect(refused?.report.refusedCount == 2)
        // The total may be in the dataset already.
        try mina.importing(Self.header + Self.row())
        #expect(try mina.importing(Self.header + parts[0] + parts[1]).brief == "2 skipped")
    }

    @Test("the answer of the API, as JSON, is read as the file of the web")
    func json() throws {
        let text = """
            {"elapsedTime": "0.2 secs", "count": 2, "data": [
              {"typeCode": "C", "freqCode": "A", "period": "2023", "reporterCode": 410, "reporterISO": null,
               "flowCode": "X", "partnerCode": 0, "partner2Code": 0, "classificationCode": "H6", "cmdCode": "TOTAL",
               "customsCode": "C00", "motCode": 0, "qtyUnitCode": -1, "qty": null, "isQtyEstimated": false,
               "cifvalue": null, "fobvalue": 632225824000.0, "primaryValue": 632225824000.0, "isAggregate": true},
              {"typeCode": "C", "freqCode": "A", "period": "2023", "reporterCode": 410, "reporterISO": null,
               "flowCode": "M", "partnerCode": 490, "partner2Code": 0, "classificationCode": "H6", "cmdCode": "0401",
               "customsCode": "C00", "motCode": 0, "qtyUnitCode": 8, "qty": 12.5, "isQtyEstimated": true,
               "cifvalue": 9007199254740993, "fobvalue": null, "primaryValue": 9007199254740993, "isAggregate": true}
            ], "error": ""}
            """
        let (report, records) = try imported(text) { $0.skipBad = true }
        #expect(
            records
                == "{\"kind\":\"trade\",\"reporter\":\"KOR\",\"partner\":\"WLD\",\"flow\":\"X\",\"product\":\"TOTAL\","
                + "\"period\":\"2023\",\"source\":\"comtrade\",\"value\":632225824000,\"unit\":\"USD\","
                + "\"valuation\":\"FOB\"}\n")
        // A number is judged as it is written: nothing is rounded on the way.
        #expect(
            report.refusals.map { String($0.prefix(80)) }
                == [
                    "3: value \"9007199254740993\" has more digits than can be kept; it would become 9007199254740992 | Give at most 15 significant digits."
                ].map { String($0.prefix(80)) })
    }

    @Test(
        "a file that says how many rows it has is believed where it has as many",
        arguments: [
            ("\"count\": 1, ", "", []), ("", ", \"count\": 1", []), ("", "", []),
            ("\"count\": null, ", ", \"count\": \"many\"", []),
            (
                "\"count\": 4, ", "",
                ["the file says that it has 4 rows, and has 1 row: was it cut?"]
            ),
            (
                "", ", \"count\": 4",
                ["the file says that it has 4 rows, and has 1 row: was it cut?"]
            ),
            ("\"count\": 0, ", "", ["the file says that it has 0 rows, and has 1 row"]),
        ])
    func count(before: String, behind: String, remarks: [String]) throws {
        let row =
            "{\"period\": \"2023\", \"reporterCode\": 410, \"flowCode\": \"X\", \"partnerCode\": 0, "
            + "\"classificationCode\": \"H6\", \"cmdCode\": \"TOTAL\", \"primaryValue\": 5}"
        let (report, _) = try imported("{\(before)\"data\": [\(row)]\(behind)}")
        #expect(report.brief == "1 new")
        #expect(report.remarks == remarks)
    }

    @Test("the columns that a program has kept, in any case and with an index before them")
    func short() throws {
        let text =
            ",Period,ReporterCode,FlowCode,PartnerCode,Partner2Code,CmdCode,Cifvalue,Fobvalue,PrimaryValue\n"
            + "0,2022,792,X,0,0,0101,0.0,292771.0,292771.0\n"
        let (report, records) = try imported(text)
        #expect(
            records.contains(
                "\"reporter\":\"TUR\",\"partner\":\"WLD\",\"flow\":\"X\",\"product\":\"HS:0101\""))
        #expect(report.remarks.count == 1)
        let named = try imported(text) { $0.classification = "H6" }
        #expect(named.records.contains("\"product\":\"H6:0101\""))
        #expect(named.report.remarks.isEmpty)
    }

    @Test("what a file has no column for stays as a fuller file has said it")
    func partial() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            Self.header
                + Self.row([
                    "qtyUnitCode": "5", "qtyUnitAbbr": "u", "qty": "12", "netWgt": "3.5",
                ]))
        let frame =
            "period,reporterCode,flowCode,partnerCode,cmdCode,classificationCode,primaryValue\n"
        #expect(try mina.importing(frame + "2023,410,X,156,8542,H6,100\n").brief == "1 unchanged")
        #expect(try mina.importing(frame + "2023,410,X,156,8542,H6,101\n").brief == "1 changed")
        #expect(
            try mina.export("trade", as: "jsonl").hasSuffix(
                "\"value\":101,\"unit\":\"USD\",\"valuation\":\"FOB\",\"quantity\":12,"
                    + "\"quantity_unit\":\"u\",\"net_weight_kg\":3.5}\n"))
    }

    @Test("what the file does not give is said for all, what it gives is not said twice")
    func constants() throws {
        let text =
            "period,reporterCode,flowCode,cmdCode,classificationCode,primaryValue\n2023,410,X,8542,H6,1\n"
        #expect(
            try imported(text) { $0.constants = ["partner": "WLD", "valuation": "FOB"] }.records
                .contains(
                    "\"partner\":\"WLD\",\"flow\":\"X\",\"product\":\"H6:8542\",\"period\":\"2023\",\"source\":\"comtrade\","
                        + "\"value\":1,\"unit\":\"USD\",\"valuation\":\"FOB\""))
        let error = #expect(throws: FormatError.self) {
            try imported(text) { $0.constants = ["partner": "WLD", "flow": "M"] }
        }
        #expect(error?.message == "--set names flow, which the file gives itself")
    }

    @Test("the total of services is not that of goods")
    func services() throws {
        let (report, records) = try imported(
            Self.header + Self.row(["cmdCode": "TOTAL"])
                + Self.row(["typeCode": "S", "classificationCode": "EB10", "cmdCode": "TOTAL"]))
        #expect(report.brief == "2 new")
        #expect(records.contains("\"product\":\"TOTAL\""))
        #expect(records.contains("\"product\":\"EB10:TOTAL\""))
    }

    // MARK: Until 2022

    static let legacyHeader =
        "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,"
        + "Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,2nd Partner Code,2nd Partner,"
        + "2nd Partner ISO,Customs Proc. Code,Customs,Mode of Transport Code,Mode of Transport,Commodity Code,"
        + "Commodity,Qty Unit Code,Qty Unit,Qty,Alt Qty Unit Code,Alt Qty Unit,Alt Qty,Netweight (kg),"
        + "Gross weight (kg),Trade Value (US$),CIF Trade Value (US$),FOB Trade Value (US$),Flag\n"

    @Test("the 35 columns of before: the flag is of the quantity, No Quantity is none")
    func legacy() throws {
        let (report, records) = try imported(
            Self.legacyHeader
                + "H5,2017,2017,2017,6,1,1,Import,410,Rep. of Korea,KOR,0,World,WLD,,,,,,,,848620,Machines,1,No Quantity,0,,,,50951,,3830588,,,2\n"
                + "H5,2017,201703,2017,6,1,4,Re-Import,842,USA,USA,490,\"Other Asia, nes\",,,,,,,,,848620,Machines,5,Number of items,9,,,,,,7,,,2\n"
        )
        #expect(report.format == "comtrade-legacy")
        #expect(
            records
                == "{\"kind\":\"trade\",\"reporter\":\"KOR\",\"partner\":\"WLD\",\"flow\":\"M\",\"product\":\"H5:848620\","
                + "\"period\":\"2017\",\"source\":\"comtrade\",\"value\":3830588,\"unit\":\"USD\",\"net_weight_kg\":50951}\n"
                + "{\"kind\":\"trade\",\"reporter\":\"USA\",\"partner\":\"S19\",\"flow\":\"RM\",\"product\":\"H5:848620\","
                + "\"period\":\"2017-03\",\"source\":\"comtrade\",\"value\":7,\"unit\":\"USD\",\"quantity\":9,"
                + "\"quantity_unit\":\"u\",\"quantity_status\":\"E\"}\n")
    }

    @Test("in files of the old API the quantity stands under another name, and is found")
    func shifted() throws {
        let quoted = Self.legacyHeader.dropLast().split(separator: ",").map { "\"\($0)\"" }
        let (report, records) = try imported(
            quoted.joined(separator: ",") + "\n"
                + "\"H1\",2000,2000,2000,4,0,2,\"Export\",450,\"Madagascar\",\"MDG\",899,\"Areas, nes\",\"\",,,,,,,,1005,"
                + "\"Maize (corn)\",8,\"Weight in kilograms\",,,2728805,,2728805,,267840,,,0\n")
        #expect(report.brief == "1 new")
        #expect(records.contains("\"partner\":\"_X\""))
        #expect(
            records.contains(
                "\"quantity\":2728805,\"quantity_unit\":\"kg\",\"net_weight_kg\":2728805"))
        #expect(!records.contains("quantity_status"))
    }

    @Test("the 22 columns of bulk files")
    func bulk() throws {
        let (report, records) = try imported(
            "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,"
                + "Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,"
                + "Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag\n"
                + "S3,2008,2008,2008,1,0,1,Import,4,Afghanistan,AFG,0,World,WLD,0,Food,1,No Quantity,,,309541080,0\n"
        )
        #expect(report.brief == "1 new")
        #expect(records.contains("\"product\":\"S3:0\""))
        #expect(records.contains("\"value\":309541080"))
    }

    @Test("a number and a code that are of two areas refuse the row")
    func exchangedColumns() throws {
        let refused = #expect(throws: Refused.self) {
            try imported(Self.header + Self.row(["partnerCode": "842"]))
        }
        #expect(
            refused?.report.refused.map(\.reason)
                == ["partner \"842\" is USA, and \"CHN\" stands beside it"])
    }
}
