import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// Data messages of SDMX, made small here as the publishers of trade make them.
struct SDMXTests {
    @Test("Eurostat Comext: up to three rows give one record, in euros and kilograms")
    func comext() throws {
        let desk = try SDMXDesk()
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
            try SDMXDesk.records(
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
            try SDMXDesk.records(
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
            try SDMXDesk.records(
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
        let desk = try SDMXDesk()
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
            try SDMXDesk.records(
                """
                DATAFLOW,REF_AREA,COUNTERPART_AREA,TRADE_FLOW,PRODUCT_CPA,PRODUCT_HS,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT,UNIT_MEASURE,ADJUSTMENT
                OECD.SDD.TPS:DSD_BIMTS@DF_BIMTS_CPA_2_1(1.1),KOR,CHN,X,CPA_2_1_C26,_T,A,2022,5,6,USD_EXC,B

                """) == ["KOR/CHN/X/CPA21:C26/2022/oecd-bimts value=5000000 unit=USD valuation=FOB"]
        )
        #expect(
            try SDMXDesk.records(
                """
                DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE
                ESTAT:DS-059331(1.0),A,DE,KR,776,2,VALUE_EUR,2023,5

                """) == ["DEU/KOR/X/S4:776/2023/eurostat value=5 unit=EUR"])
        let desk = try SDMXDesk()
        let refused = #expect(throws: Refused.self) {
            try desk.mina.importing(
                SDMXText.act("I,KOR,CHN,X,8542,2023,5,,"), constants: ["source": "x"])
        }
        #expect(
            refused?.report.refusals == [
                "2: product \"8542\" does not say its classification | "
                    + "Say it for all: --classification H6 (HS 2022), S4 (SITC 4) …"
            ])
    }

    @Test(
        "of publishers that are not known, other series are left out, other components counted, and a scale asked for"
    )
    func unknownPublisher() throws {
        let desk = try SDMXDesk()
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

    @Test("a file is of one dataflow and one measure; weights are in kilograms")
    func oneDataflow() throws {
        let desk = try SDMXDesk()
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
        let desk = try SDMXDesk()
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
            try SDMXDesk.records(
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

    @Test("labels beside ids, a semicolon and a decimal comma")
    func labels() throws {
        #expect(
            try SDMXDesk.records(
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
        let desk = try SDMXDesk()
        let error = #expect(throws: FormatError.self) { try desk.mina.importing(text) }
        #expect(
            error?.message
                == "the observations are not of trade: nothing says the reporter, partner")
        #expect(
            try SDMXDesk.records(text) {
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
            try SDMXDesk.records(text) { $0.constants = ["source": "x"] } == [
                "KOR/CHN/M/TOTAL/2023/x value=7 unit=USD status=P",
                "KOR/CHN/X/TOTAL/2023/x value=5250000 unit=USD status=A",
            ])
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
                try SDMXDesk.records(text) { $0.constants = ["source": "x"] } == [
                    "KOR/CHN/X/TOTAL/2022/x value=5.25 unit=USD status=P",
                    "KOR/USA/M/TOTAL/2023/x value=7 unit=USD",
                ])
        }
    }

    @Test("--scale is refused where the file gives the unit of its values")
    func scaleBesideMultiplier() throws {
        let error = #expect(throws: FormatError.self) {
            try SDMXDesk.records(
                SDMXText.rows("I,A,KOR,CHN,X,2020,1,A,USD,3", columns: SDMXText.own + ",UNIT_MULT")
            ) {
                $0.constants = ["source": "x"]
                $0.scale = 6
            }
        }
        #expect(error?.message.contains("gives the unit of its values by UNIT_MULT") == true)
    }

    @Test("a part is a part, whoever publishes it")
    func partOfUnknownPublisher() throws {
        let columns = SDMXText.own + ",TRANSPORT"
        let refused = #expect(throws: Refused.self) {
            try SDMXDesk.records(SDMXText.rows("I,A,KOR,CHN,X,2020,60,A,USD,AIR", columns: columns))
            {
                $0.constants = ["source": "x"]
            }
        }
        #expect(refused?.report.refused.first?.reason.contains("it is a part (transport)") == true)
        #expect(
            try SDMXDesk.records(SDMXText.rows("I,A,KOR,CHN,X,2020,60,A,USD,_T", columns: columns))
            {
                $0.constants = ["source": "x"]
            } == ["KOR/CHN/X/TOTAL/2020/x value=60 unit=USD status=A"])
    }
}
