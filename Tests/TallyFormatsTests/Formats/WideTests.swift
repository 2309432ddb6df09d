import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Tables with a column a flow, made small here as kdiplo, KOSIS and customs publish them.
struct WideTests {
    private func imported(
        _ text: String, _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> (report: ImportReport, records: [String]) {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(text, change)
        let kind = try #require(KindCatalog.shipped["trade"])
        let records = try mina.dataset.read { access in
            var lines: [String] = []
            try access.forEachRow(of: kind) { row in
                let weight = row.values["net_weight_kg"].map { " \($0.plain) kg" } ?? ""
                lines.append(
                    "\(row.key.parts.joined(separator: "/")) \((row.values["value"] ?? .null).plain) "
                        + (row.values["unit"] ?? .null).plain + weight)
            }
            return lines
        }
        return (report, records)
    }

    @Test("a row gives an export and an import; NA is no figure; what has no field is counted")
    func kdiplo() throws {
        let (report, records) = try imported(
            """
            iso3c,country,year,export,import,total_export,updated_at
            CHN,China,2023,124817682000,142857338000,632225824000,2025-06-19
            ABW,Aruba,1990,NA,126818.61,NA,2025-06-19
            ABW,Aruba,1965,NA,NA,175082000,2025-06-19

            """
        ) { $0.constants = ["reporter": "KOR", "source": "kdiplo"] }
        #expect(report.format == "wide")
        #expect(report.brief == "3 new, 1 skipped")
        #expect(report.notKept == ["country": 3, "total_export": 2, "updated_at": 3])
        #expect(report.remarks.count == 1)
        #expect(
            records == [
                "KOR/ABW/M/TOTAL/1990/kdiplo 126818.61 USD",
                "KOR/CHN/M/TOTAL/2023/kdiplo 142857338000 USD",
                "KOR/CHN/X/TOTAL/2023/kdiplo 124817682000 USD",
            ])
    }

    @Test("quoted names of countries, months with a point, thousands")
    func kosis() throws {
        let (report, records) = try imported(
            """
            "Country","Date",Exports,Imports
            "China, peoples' republic of","2001.01",1239083,999763

            """
        ) {
            $0.constants = ["reporter": "KOR", "source": "kosis"]
            $0.scale = 3
        }
        #expect(
            report.remarks == [
                "figures are taken in USD; where that is wrong, say so as in --set unit=JPY"
            ])
        #expect(
            records == [
                "KOR/CHN/M/TOTAL/2001-01/kosis 999763000 USD",
                "KOR/CHN/X/TOTAL/2001-01/kosis 1239083000 USD",
            ])
    }

    @Test(
        "semicolons, CRLF, months in words, thousands separators, millions; the balance is not kept"
    )
    func census() throws {
        let (report, records) = try imported(
            "Month;Exports;Imports;Balance\r\nJanuary 2001;1,187.5;8,427.5;-7,240.0\r\n"
                + "May 2001;1,187;8,427;-7,240\r\n\r\n"
        ) {
            $0.constants = ["reporter": "USA", "partner": "CHN", "source": "us-census"]
            $0.scale = 6
        }
        #expect(report.notKept == ["Balance": 2])
        #expect(
            records == [
                "USA/CHN/M/TOTAL/2001-01/us-census 8427500000 USD",
                "USA/CHN/M/TOTAL/2001-05/us-census 8427000000 USD",
                "USA/CHN/X/TOTAL/2001-01/us-census 1187500000 USD",
                "USA/CHN/X/TOTAL/2001-05/us-census 1187000000 USD",
            ])
    }

    @Test("Korean columns: product, country by two letters, weight beside the value")
    func customs() throws {
        let (report, records) = try imported(
            """
            월,품목명,HS코드,국가코드,국가명,수출금액_USD,수출중량_KG
            2022.07,반도체전체,8542,US,미국,134657921,24570

            """
        ) { $0.constants = ["reporter": "KOR", "source": "kcs"] }
        #expect(records == ["KOR/USA/X/HS:8542/2022-07/kcs 134657921 USD 24570 kg"])
        #expect(report.notKept == ["국가명": 1, "품목명": 1])
        #expect(report.remarks.contains { $0.hasPrefix("products are HS:CODE here") })
    }

    @Test("the first days of a month are a range; JSON rows with two digits of a year are months")
    func flashes() throws {
        let set = ["reporter": "KOR", "partner": "WLD", "source": "kcs-flash"]
        #expect(
            try imported(
                "date,period,export_usd\n2021-05-01,10d,12500000000.0\n2021-05-01,20d,31100000000.0\n"
            ) { $0.constants = set }.records == [
                "KOR/WLD/X/TOTAL/2021-05-01/P10D/kcs-flash 12500000000 USD",
                "KOR/WLD/X/TOTAL/2021-05-01/P20D/kcs-flash 31100000000 USD",
            ])
        #expect(
            try imported("[{\"m\": \"25.08\", \"exp\": 582.4, \"bal\": 64.0}]") {
                $0.constants = set
                $0.scale = 8
            }.records == ["KOR/WLD/X/TOTAL/2025-08/kcs-flash 58240000000 USD"])
    }

    @Test(
        "columns that are called as fields of trade are read as these; the user's word is told where it comes before one"
    )
    func fields() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            """
            year,country,unit,exports,status,released,source,note
            2001,Japan,EUR,5,P,2002-03-01,x,checked

            """, constants: ["reporter": "DEU", "partner": "CHN"])
        #expect(
            try mina.export("trade", as: "jsonl").hasSuffix(
                "\"source\":\"x\",\"value\":5,\"unit\":\"EUR\",\"status\":\"P\",\"released\":\"2002-03-01\",\"note\":\"checked\"}\n"
            ))
        #expect(report.notKept.isEmpty)
        #expect(
            report.remarks.last
                == "the column \"country\" is left out, since --set says the partner")
    }

    static let headers: [(String, String)] = [
        ("year,partner,exports\n", "--set names partner, which the file gives itself"),
        (
            "year,exports,export_usd\n",
            "several columns may hold exports: \"exports\", \"export_usd\""
        ),
    ]

    @Test("columns of which it is not clear which is meant are asked for", arguments: headers)
    func unclear(_ header: String, _ message: String) {
        let error = #expect(throws: FormatError.self) {
            try imported(header) {
                $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
                if header.contains("trade") {
                    $0.columns = ["exports": "trade", "imports": "trade"]
                }
            }
        }
        #expect(error?.message == message)
    }

    @Test("a column of years holds years; a quarter may stand beside it")
    func years() throws {
        let set = ["reporter": "KOR", "partner": "CHN", "source": "x"]
        let (report, records) = try imported("year,exports\n2009,1\n2009-10,2\n") {
            $0.constants = set
            $0.skipBad = true
        }
        #expect(records == ["KOR/CHN/X/TOTAL/2009/x 1 USD"])
        #expect(report.refused.first?.reason == "\"2009-10\" stands where a year should")
        #expect(
            try imported("year,quarter,exports\n2009,1,1\n2009,Q2,2\n") { $0.constants = set }
                .records
                == ["KOR/CHN/X/TOTAL/2009-Q1/x 1 USD", "KOR/CHN/X/TOTAL/2009-Q2/x 2 USD"])
    }

    @Test("numbers of JSON have a point, whatever is written in its texts")
    func jsonNumbers() throws {
        let (report, records) = try imported(
            "[{\"month\":\"2023-01\",\"exports\":1.234},{\"month\":\"2023-02\",\"exports\":\"1,5\"}]"
        ) {
            $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            $0.skipBad = true
        }
        #expect(records == ["KOR/CHN/X/TOTAL/2023-01/x 1.234 USD"])
        #expect(report.refused.map(\.row) == [3])
    }

    @Test("a product of the HS that has lost its zero is refused, one with a point is read")
    func products() throws {
        let (report, records) = try imported(
            "year,hs,exports\n2001,0101.21,1\n2001,101,2\n2001,All,3\n2001,85,4\n"
        ) {
            $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            $0.classification = "H6"
            $0.skipBad = true
        }
        #expect(records == ["KOR/CHN/X/H6:010121/2001/x 1 USD", "KOR/CHN/X/H6:85/2001/x 4 USD"])
        #expect(
            report.refused.map(\.reason) == [
                "product \"101\" is no code of the Harmonized System",
                "product \"All\" is no code of the Harmonized System",
            ])
    }

    @Test("a row is taken whole or not: an export goes with the import beside it")
    func wholeRows() throws {
        let (report, records) = try imported(
            "year,exports,imports\n2022,1,2\n2022,1,3\n2023,5,x\n2024,4,6\n2024,4,6\n"
        ) {
            $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            $0.skipBad = true
        }
        #expect(report.brief == "4 new, 1 skipped, 2 refused")
        #expect(report.refused.map(\.row) == [3, 4])
        #expect(
            records == [
                "KOR/CHN/M/TOTAL/2022/x 2 USD", "KOR/CHN/M/TOTAL/2024/x 6 USD",
                "KOR/CHN/X/TOTAL/2022/x 1 USD", "KOR/CHN/X/TOTAL/2024/x 4 USD",
            ])
    }

    @Test("lines that end with a carriage return alone, and a tab between cells")
    func oldLineEnds() throws {
        #expect(
            try imported("year\texports\r2022\t1\r2023\t\"2\"\r") {
                $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            }.records == ["KOR/CHN/X/TOTAL/2022/x 1 USD", "KOR/CHN/X/TOTAL/2023/x 2 USD"])
    }

    @Test(
        "what the table leaves unsaid is asked for; what the user says comes before a column that is guessed"
    )
    func constants() throws {
        let text = "Country,Date,Exports\nall the world,2001,5\n"
        let error = #expect(throws: FormatError.self) { try imported(text) }
        #expect(error?.message == "the file does not say the reporter, source of its figures")
        #expect(error?.hint == "Say what holds for every row: --set reporter=KOR --source NAME")
        #expect(
            try imported(text) {
                $0.constants = ["reporter": "KOR", "partner": "WLD", "source": "x", "status": "P"]
            }.records == ["KOR/WLD/X/TOTAL/2001/x 5 USD"])
    }

    @Test("columns that are called otherwise are named by the user")
    func mapped() throws {
        let text = "Jahr;Land;Ausfuhr\n2001;KR;12,4\n"
        #expect(
            try imported(text) {
                $0.columns = ["period": "Jahr", "partner": "Land", "exports": "Ausfuhr"]
                $0.constants = ["reporter": "DEU", "source": "destatis", "unit": "EUR"]
                $0.scale = 6
            }.records == ["DEU/KOR/X/TOTAL/2001/destatis 12400000 EUR"])
        let error = #expect(throws: FormatError.self) {
            try imported(text) { $0.columns = ["exports": "Ausfuhren"] }
        }
        #expect(error?.message == "there is no column \"Ausfuhren\"")
        #expect(error?.hint == "Did you mean Ausfuhr?")
        // The user's word comes before a year and a month beside each other, and a column must be one.
        #expect(
            try imported("year,month,when,exports\n1999,1,2001-02,5\n") {
                $0.columns = ["period": "when", "exports": "exports"]
                $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            }.records == ["KOR/CHN/X/TOTAL/2001-02/x 5 USD"])
        let twice = #expect(throws: FormatError.self) {
            try imported("year,exports,Exports\n1999,1,2\n") {
                $0.constants = ["reporter": "KOR", "partner": "CHN", "source": "x"]
            }
        }
        #expect(twice?.message == "the column \"exports\" stands twice")
    }

    @Test("a partner by the name of a former state is the one of the period")
    func formerStates() throws {
        #expect(
            try imported("period,country,exports\n1996,Zaire,5\n1998,Zaire,6\n") {
                $0.constants = ["reporter": "KOR", "source": "x"]
            }.records == ["KOR/COD/X/TOTAL/1998/x 6 USD", "KOR/ZAR/X/TOTAL/1996/x 5 USD"])
    }

    @Test("NA among areas is nothing or Namibia, and refused")
    func notAvailable() {
        let refused = #expect(throws: Refused.self) {
            try imported("period,iso3c,exports\n2020,USA,5\n2020,NA,6\n") {
                $0.constants = ["reporter": "KOR", "source": "x"]
            }
        }
        #expect(refused?.report.refused.map(\.row) == [3])
    }

    @Test("products of the customs service are known by their column, and weights are told")
    func customsService() throws {
        let (report, records) = try imported(
            "기간,품목코드,국가명,수출중량,수출금액\n2016,72,CN,\"4,466,799.1\",\"3,218,975\"\n"
        ) {
            $0.constants = ["reporter": "KOR", "source": "kcs"]
            $0.scale = 3
        }
        #expect(records == ["KOR/CHN/X/HS:72/2016/kcs 3218975000 USD 4466799.1 kg"])
        #expect(report.remarks.contains("weights are taken in kilograms"))
    }
}
