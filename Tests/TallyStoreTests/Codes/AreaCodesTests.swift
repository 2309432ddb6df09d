import Foundation
import TallyStore
import TallyWire
import Testing

@Suite struct AreaCodesTests {
    private let areas = AreaCodes.shipped

    @Test(
        "Comtrade's numbers are areas, also where they are not those of M49",
        arguments: [
            ("0", "WLD"), ("842", "USA"), ("840", "USA"), ("841", "USA"), ("410", "KOR"),
            ("156", "CHN"), ("490", "S19"), ("158", "TWN"), ("251", "FRA"), ("250", "FRA"),
            ("757", "CHE"), ("579", "NOR"), ("699", "IND"), ("58", "BEL"), ("056", "BEL"),
            (" 56 ", "BEL"), ("899", "_X"), ("412", "XKX"), ("8", "ALB"), ("008", "ALB"),
            ("810", "SUN"), ("473", "C473"), ("636", "A79"),
        ])
    func numbers(number: String, code: String) {
        #expect(areas.area(comtrade: number)?.code == code)
    }

    @Test(
        "Comtrade's ISO column is an area, padded or not",
        arguments: [
            ("KOR", "KOR"), ("W00", "WLD"), ("S19", "S19"), ("_X ", "_X"), ("X1 ", "X1"),
            ("_KS", "XKX"), ("WLD", "WLD"), ("A79", "A79"),
        ])
    func isoColumn(iso: String, code: String) {
        #expect(areas.area(comtradeISO: iso)?.code == code)
    }

    @Test("M49, alpha-2 and names are areas")
    func others() {
        #expect(areas.area(m49: "410")?.code == "KOR")
        #expect(areas.area(m49: "4")?.code == "AFG")
        #expect(areas.area(m49: "001")?.code == "WLD")
        #expect(areas.area(m49: "842") == nil)
        #expect(areas.area(iso2: "KR")?.code == "KOR")
        #expect(areas.area(iso2: " us ")?.code == "USA")
        #expect(areas.area(iso2: "ZZ") == nil)
        #expect(areas.area(name: "South Korea")?.code == "KOR")
        #expect(areas.area(name: "republic of KOREA ")?.code == "KOR")
        #expect(areas.area(name: "Cote d'Ivoire")?.code == "CIV")
        #expect(areas.area(name: "World")?.code == "WLD")
        #expect(areas.area(name: "Dem. People's Rep. of Korea")?.code == "PRK")
        #expect(areas.area(name: "Fmr USSR")?.code == "SUN")
        #expect(areas.area(name: "usa")?.code == "USA")
        #expect(areas.area(name: "Kore") == nil)
        #expect(areas["KOR"]?.iso2 == "KR")
        for text in ["", " ", "all", "99999", "-1"] {
            #expect(areas.area(comtrade: text) == nil)
            #expect(areas.area(comtradeISO: text) == nil)
            #expect(areas.area(m49: text) == nil && areas.area(iso2: text) == nil)
            #expect(areas.area(name: text) == nil)
        }
    }

    @Test("flows and units of quantity have Comtrade's numbers and names")
    func flowsAndUnits() {
        for (number, name, code) in [
            ("1", "Import", "M"), ("2", "Exports", "X"), ("3", "re-Export", "RX"),
            ("4", "Re-import", "RM"),
        ] {
            #expect(CodeIndex.flow.entry(comtrade: number)?.code == code)
            #expect(CodeIndex.flow.entry(name: name)?.code == code)
            #expect(CodeIndex.flow[code]?.code == code)
        }
        #expect(CodeIndex.flow.entry(comtrade: "9") == nil)
        #expect(CodeIndex.quantityUnit.entry(comtrade: "8")?.code == "kg")
        #expect(CodeIndex.quantityUnit.entry(comtrade: "5")?.code == "u")
        // No quantity.
        #expect(CodeIndex.quantityUnit.entry(comtrade: "1") == nil)
        #expect(CodeIndex.quantityUnit.entry(comtrade: "-1") == nil)
    }

    /// UN Comtrade's own lists of reporters and partners, where they are at hand: in `vocab/` of `$TALLY_PUBLISHED_DATA`.
    private static let folder = ProcessInfo.processInfo.environment["TALLY_PUBLISHED_DATA"]
        .flatMap { $0.isEmpty ? nil : "\($0)/vocab" }

    @Test(
        "every number, ISO form and name of Comtrade's lists of reporters and partners is an area",
        .enabled(if: folder != nil, "TALLY_PUBLISHED_DATA names no folder of published files"))
    func comtradeLists() throws {
        let folder = try #require(Self.folder)
        var rows = 0
        for name in ["comtrade_ref_reporter.csv", "comtrade_ref_partner_country.csv"] {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            let text = try #require(String(data: bytes, encoding: .windowsCP1252))
            for line in text.split(whereSeparator: \.isNewline).dropFirst() {
                let cells = line.dropFirst().components(separatedBy: "\",\"")
                let area = areas.area(comtrade: cells[0])
                #expect(area != nil, "\(line)")
                // By name that is FXX, as ISO had it; by number France.
                if cells[1] != "Metropolitan France" {
                    #expect(areas.area(name: cells[1])?.code == area?.code, "\(line)")
                }
                rows += 1
                // The ISO columns; CS was both Czechoslovakia and Serbia and Montenegro.
                for iso in cells[4...]
                where iso.count <= 3 && iso == iso.uppercased() && iso != "CS" && Int(iso) == nil {
                    let found = areas.area(comtradeISO: iso) ?? areas.area(iso2: iso)
                    #expect(found != nil, "\(iso): \(line)")
                }
            }
        }
        for name in ["comtrade_legacy_partners.json", "comtrade_legacy_reporters.json"] {
            let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
            let json = try JSONValue(parsing: Array(bytes))
            for item in json["results"]?.array ?? [] {
                guard let id = item["id"]?.string, id != "all" else { continue }
                let area = areas.area(comtrade: id)
                #expect(area != nil, "\(item.text)")
                let name = try #require(item["text"]?.string)
                #expect(areas.area(name: name)?.code == area?.code, "\(item.text)")
                rows += 1
            }
        }
        #expect(rows > 1000)
    }
}
