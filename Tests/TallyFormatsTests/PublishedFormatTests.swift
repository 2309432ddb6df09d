import StoreTestSupport
import TallyCore
import TallyStore
import Testing

@testable import TallyFormats

/// Records in the formats of others: what stands there, what comes back, and what has no place.
struct PublishedFormatTests {
    private static let trade = """
        reporter,partner,flow,product,period,source,value,unit,valuation,status,released,\
        confidentiality,quantity,quantity_unit,quantity_status,net_weight_kg,note,tags,citations
        JPN,KOR,M,S4:7,2023-12,comtrade,5.5,USD,,,,,,,,,,,
        KOR,CHN,X,H6:0401,2023,comtrade,124800000000,USD,FOB,,,,12,u,E,3.25,,,
        KOR,S19,X,TOTAL,2023,comtrade,7,USD,CIF,,,,,,,,,,
        KOR,WLD,M,HS:85,2022,comtrade,,,,,,,,,,1000,,,

        """

    private func copy(_ folder: TestFolder, _ name: String, _ csv: String = trade) throws -> Copy {
        let copy = try folder.copy(name)
        try copy.importing(csv)
        return copy
    }

    private func export(
        _ copy: Copy, _ format: String, where condition: String? = nil
    ) throws -> (text: String, report: ExportReport) {
        var text = ""
        var report = ExportReport()
        try copy.dataset.read { access in
            let name = try wanted(RecordExport.published.first { $0.name == format }).kind
            report = try RecordExport.write(
                try wanted(access.kinds[name]), as: format, from: access, where: condition
            ) { text += $0 }
        }
        return (text, report)
    }

    @Test(
        "SDMX-CSV has dimensions, the figure and its attributes, by ids that a reader of the standard takes"
    )
    func sdmx() throws {
        let folder = try TestFolder()
        let mina = try copy(
            folder, "mina",
            """
            reporter,partner,flow,product,period,source,value,unit,valuation,status,released,note,tags
            KOR,CHN,X,TOTAL,2021-05-01/P10D,motie,1,USD,,P,2021-05-11,"a ""b"", c",asia
            KOR,CHN,X,H6:850760,2023-Q4,motie,2.5,EUR,FOB,A,,,

            """)
        let (text, report) = try export(mina, "sdmx-csv")
        #expect(
            text == """
                STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REPORTER,PARTNER,FLOW,PRODUCT,SOURCE,TIME_PERIOD,\
                OBS_VALUE,UNIT_MEASURE,VALUATION,OBS_STATUS,CONF_STATUS,RELEASED,QUANTITY,\
                QUANTITY_UNIT,QUANTITY_STATUS,NET_WEIGHT_KG,COMMENT_OBS
                dataflow,TALLY:TRADE(1.0),I,Q,KOR,CHN,X,HS22_850760,motie,2023-Q4,2.5,EUR,FOB,A,,,,,,,
                dataflow,TALLY:TRADE(1.0),I,_O,KOR,CHN,X,_T,motie,2021-05-01/P10D,1,USD,,P,,\
                2021-05-11,,,,,"a ""b"", c"

                """)
        #expect(report.records == 2 && report.notWritten == ["tags": 1] && report.leftOut.isEmpty)
    }

    @Test(
        "each frequency is told by its period",
        arguments: [
            ("2023", "A"), ("2023-S1", "S"), ("2023-Q4", "Q"), ("2023-12", "M"), ("2023-W05", "W"),
            ("2023-12-31", "D"), ("2021-05-01/P10D", "_O"),
        ])
    func frequency(period: String, code: String) throws {
        let folder = try TestFolder()
        let mina = try copy(
            folder, "mina",
            "reporter,partner,flow,product,period,source,value\nKOR,CHN,X,TOTAL,\(period),kosis,1\n"
        )
        let row = try wanted(try export(mina, "sdmx-csv").text.split(separator: "\n").last)
        #expect(row.hasPrefix("dataflow,TALLY:TRADE(1.0),I,\(code),KOR,"))
    }

    @Test(
        "what is exported for others and imported is the same again",
        arguments: ["sdmx-csv", "comtrade"])
    func roundTrip(format: String) throws {
        let folder = try TestFolder()
        let mina = try copy(folder, "mina")
        let jun = try folder.copy("jun")
        let (text, report) = try export(mina, format)
        #expect(report.leftOut.isEmpty && report.notWritten.isEmpty && report.records == 4)
        let imported = try jun.importing(text)
        #expect(imported.format == format && imported.brief == "4 new")
        #expect(try jun.export("trade") == Self.trade)
        #expect(try jun.importing(text).brief == "4 unchanged")
    }

    @Test("rows of UN Comtrade have its numbers and names; what Tally does not know is empty")
    func comtrade() throws {
        let folder = try TestFolder()
        let lines = try export(try copy(folder, "mina"), "comtrade").text.split(separator: "\n")
        #expect(lines[0].split(separator: ",").count == 47)
        #expect(
            lines.contains(
                "C,A,20230101,2023,52,2023,410,KOR,South Korea,X,Export,156,CHN,China,0,W00,World,H6,HS,,"
                    + "0401,\"Milk and cream; not concentrated, not containing added sugar or other sweetening matter\","
                    + "4,,C00,TOTAL CPC,0,0,TOTAL MOT,5,u,12,true,-1,N/A,,,3.25,,,,,124800000000,124800000000,,,"
            ), "\(lines)")
        #expect(
            lines.contains { $0.hasPrefix("C,M,20231201,2023,12,202312,392,JPN,Japan,M,Import,") })
        #expect(lines.contains { $0.contains(",490,S19,") })
    }

    @Test("what UN Comtrade has no place for is left out, and counted")
    func noPlace() throws {
        let folder = try TestFolder()
        let mina = try copy(
            folder, "mina",
            """
            reporter,partner,flow,product,period,source,value,unit,note
            KOR,CHN,X,TOTAL,2023,kosis,1,USD,typed
            KOR,CHN,X,TOTAL,2022,kosis,1,EUR,
            KOR,CHN,X,TOTAL,2023-Q4,kosis,1,USD,
            KOR,CHN,X,ISIC4:26,2023,kosis,1,USD,
            KOR,EA19,X,TOTAL,2023,kosis,1,USD,

            """)
        let report = try export(mina, "comtrade").report
        #expect(report.records == 1 && report.notWritten == ["note": 1, "source": 1])
        #expect(
            report.leftOut == [
                "values that are not in USD": 1, "periods that are neither years nor months": 1,
                "products of classifications that UN Comtrade has not": 1,
                "areas that UN Comtrade has no number for": 1,
            ])
    }

    @Test("records of several sources are no file of UN Comtrade, and nothing is written of one")
    func sources() throws {
        let folder = try TestFolder()
        let mina = try copy(
            folder, "mina",
            """
            reporter,partner,flow,product,period,source,value,unit
            KOR,CHN,X,TOTAL,2022,kosis,1,USD
            KOR,CHN,X,TOTAL,2023,motie,1,USD

            """)
        var written = ""
        #expect(throws: FormatError.self) {
            try mina.dataset.read { access in
                _ = try RecordExport.write(
                    try wanted(access.kinds["trade"]), as: "comtrade", from: access
                ) { written += $0 }
            }
        }
        #expect(written.isEmpty)
        #expect(try export(mina, "comtrade", where: "source = 'motie'").report.records == 1)
    }

    @Test("PLOVER has categories in capitals, and what has none is left out")
    func plover() throws {
        let folder = try TestFolder()
        let mina = try copy(
            folder, "mina",
            """
            id,date,type,title,summary,actors,targets,location,country,citations,code,intensity,latitude,longitude,note
            a,2023-09-23,visit,Han in Hangzhou,"He says ""so\""",KOR,CHN,Hangzhou,CHN,https://example.org,042,1.9,30.25,120.1551,seen
            b,2023-12,sanction,,,USA;JPN,,,,,,,,,
            c,2023,milestone,first deficit,,KOR,,,,,,,,,
            d,2023,,untyped,,KOR,,,,,,,,,
            e,,visit,undated,,KOR,,,,,,,,,

            """)
        let (text, report) = try export(mina, "plover")
        #expect(
            text == """
                {"id":"a","date":"2023-09-23","event":"CONSULT","mode":"visit",\
                "source":[{"code":"KOR"}],"target":[{"code":"CHN"}],"eventText":"Han in Hangzhou",\
                "text":"He says \\"so\\"","eventLoc":{"name":"Hangzhou","country code":"CHN",\
                "latitude":30.25,"longitude":120.1551},"comment":"seen",\
                "publication":"https://example.org"}
                {"id":"b","date":"2023-12","event":"SANCTION",\
                "source":[{"code":"JPN"},{"code":"USA"}],"target":[]}

                """)
        #expect(report.notWritten == ["code": 1, "intensity": 1])
        #expect(
            report.leftOut == [
                "events of types that PLOVER has not": 1, "events without a type": 1,
                "events without a date": 1,
            ])
    }

    @Test("every classification comes back from SDMX-CSV, and its total stays its own")
    func classifications() throws {
        let folder = try TestFolder()
        let products = ["B4:1", "CN:85076000", "EB:TOTAL", "H4:TOTAL", "H6:0401", "S4:7", "TOTAL"]
        let mina = try copy(
            folder, "mina",
            "reporter,partner,flow,product,period,source,value,unit\n"
                + products.map { "KOR,CHN,X,\($0),2023,motie,1,USD\n" }.joined())
        let jun = try folder.copy("jun")
        try jun.importing(try export(mina, "sdmx-csv").text)
        #expect(try jun.export("trade") == mina.export("trade"))
    }
}
