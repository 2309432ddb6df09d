import Foundation
import Testing

/// What codes are called: in `show`, in `list`, and where they are looked up.
@Suite struct NameTests {
    private static let battery = "trade/KOR/USA/X/H6:850760/2023/kosis"

    private let mina: Analyst

    init() throws {
        mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.write(
            """
            reporter,partner,flow,product,period,source,value,valuation,status,quantity,quantity_unit
            KOR,USA,X,H6:850760,2023,kosis,7200345000,FOB,P,3400,u
            KOR,USA,X,S4:7,2023,kosis,92000000000,FOB,,,
            KOR,USA,M,X9:1,2023,kosis,5,,,,

            """, to: "trade.csv")
        try mina.must("import", "trade.csv")
    }

    @Test("show says what the codes of a record are called")
    func show() throws {
        #expect(
            try mina.must("show", Self.battery).output == """
                \(Self.battery)
                  South Korea – United States · Export · in 8507: Electric accumulators, including \
                separators therefor; whether or not rectangular (including square)
                  FIELD          VALUE                  BY           WHEN
                  value          7,200,345,000          mina@laptop  just now
                  unit           USD (US Dollar)        mina@laptop  just now
                  valuation      FOB (Free on board)    mina@laptop  just now
                  status         P (Provisional value)  mina@laptop  just now
                  quantity       3,400                  mina@laptop  just now
                  quantity_unit  u (Number of items)    mina@laptop  just now

                """)
        let json = try mina.must("show", Self.battery, "--json").json
        let names = try #require(json["names"] as? [String: String])
        #expect(names["partner"] == "United States" && names["status"] == "Provisional value")
        #expect(names["product"]?.hasPrefix("in 8507: Electric accumulators") == true)
        #expect(names["period"] == nil && names["source"] == nil)
        // The values stay codes.
        let fields = try #require(json["fields"] as? [[String: Any]])
        #expect(fields.first { $0["field"] as? String == "unit" }?["value"] as? String == "USD")

        let unknown = try mina.must("show", "trade/KOR/USA/M/X9:1/2023/kosis").output
        #expect(unknown.contains("\n  South Korea – United States · Import\n"))
        let narrow = try mina.shown(onTerminalOf: 80, "show", Self.battery)
        #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("list has names in a terminal, beside codes that differ and below for the others")
    func list() throws {
        let plain = try mina.must("list", "trade")
        #expect(!plain.output.contains("Electric") && !plain.errors.contains("South Korea"))
        let wide = try mina.shown(onTerminalOf: 150, "list", "trade")
        #expect(wide.contains("H6:850760  in 8507: Electric acc"), "\(wide)")
        #expect(wide.contains("\nKOR South Korea · USA United States"), "\(wide)")
        let narrow = try mina.shown(onTerminalOf: 80, "list", "trade")
        #expect(narrow.contains("KOR South Korea · USA United States · M Import · X Export"))
    }

    @Test("codes are found by code, number and name")
    func codes() throws {
        #expect(
            try mina.must("codes", "area", "korea").output == """
                CODE  NAME         ISO2  M49  ALSO
                KOR   South Korea  KR    410  Republic of Korea; Korea; ROK; Korea, Rep.; Korea (South)
                PRK   North Korea  KP    408  Democratic People's Republic of Korea; DPRK; Korea, North; Korea, Dem. People's Rep.; Korea (North)

                """)
        #expect(try mina.must("codes", "area", "south", "korea").output.contains("\nKOR "))
        #expect(try mina.must("codes", "area", "842").output.contains("\nUSA "))
        #expect(
            try mina.must("codes", "HS", "H6:850760").errors
                == "hs ends above H6:850760, which is in 8507\n")
        // As grep ends.
        let none = try mina.tally("codes", "area", "koera")
        #expect(none.status == 1 && none.output.isEmpty)
        #expect(
            none.errors == "Nothing in area is or holds \"koera\"; near it: "
                + "KOR (South Korea), PRK (North Korea)\n")
        let json = try mina.must("codes", "area", "KR", "--json").json
        let codes = try #require(json["codes"] as? [[String: Any]])
        #expect(codes.first?["code"] as? String == "KOR")
        #expect(codes.first?["m49"] as? String == "410")
        #expect((json["source"] as? String)?.isEmpty == false && json["date"] is String)
        let nothing = try mina.tally("codes", "area", "zzzz", "--json")
        #expect(nothing.status == 1 && (nothing.json["codes"] as? [Any])?.isEmpty == true)
        let list = try mina.tally("codes", "aera")
        #expect(list.status == 66)
        #expect(
            list.errors.contains("Did you mean area? The lists are area, cameo,"), "\(list.errors)")
        let lists = try mina.must("codes", "--json").json
        #expect((lists["lists"] as? [String])?.contains("sitc") == true)
        let shown = try mina.shown(onTerminalOf: 80, "codes", "hs", "8507")
        #expect(shown.contains("2022: UN Comtrade reference lists of products"))
    }
}
