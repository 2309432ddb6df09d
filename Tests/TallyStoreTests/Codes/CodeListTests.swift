import Foundation
import TallyCore
import Testing

@testable import TallyStore

@Suite struct CodeListTests {
    @Test("every list is sorted, says where it is from, and has each code once")
    func lists() throws {
        #expect(CodeList.named("nothing") == nil)
        for name in CodeList.names {
            let list = try #require(CodeList.named(name))
            let codes = list.entries.map(\.code)
            #expect(codes == codes.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) })
            #expect(!list.source.isEmpty && !list.date.isEmpty && !list.title.isEmpty)
            #expect(list.entries.allSatisfy { !$0.name.isEmpty && list[$0.code] != nil })
        }
        for kind in KindCatalog.shipped.all {
            for field in kind.key + kind.fields {
                if let codes = field.codes { #expect(CodeList.named(codes) != nil) }
            }
        }
    }

    @Test("what a list says of types and areas is in the lists of these")
    func references() throws {
        let (types, areas) = (CodeList.named("event_type"), CodeList.named("area"))
        let cameo = try #require(CodeList.named("cameo"))
        #expect(cameo.entries.allSatisfy { $0.type.map { types?[$0] != nil } == true })
        for name in ["fips", "cameo_country"] {
            let list = try #require(CodeList.named(name))
            for entry in list.entries {
                if let area = entry.area { #expect(areas?[area] != nil, "\(entry.code)") }
            }
        }
    }

    @Test("the lists find what somebody may have meant")
    func suggestions() throws {
        let area = try #require(CodeList.named("area"))
        #expect(area["KOR"]?.name == "South Korea")
        #expect(area["kor"] == nil)
        #expect(area.suggestions(for: "south korea").first?.code == "KOR")
        #expect(area.suggestions(for: "Burma").map(\.code).prefix(2) == ["MMR", "BUR"])
        #expect(area.suggestions(for: "Koera").count <= 3)
        #expect(area.near("koera").map(\.code).contains("KOR"))
        #expect(area.near("no such land").isEmpty)
    }

    @Test(
        "a search finds codes, numbers and names, the likeliest first",
        arguments: [
            ("area", "korea", ["KOR", "PRK"]), ("area", "KOREA", ["KOR", "PRK"]),
            ("area", "south korea", ["KOR"]), ("area", "Korea, Republic of", ["KOR", "PRK"]),
            ("area", "842", ["USA"]), ("area", "840", ["USA"]), ("area", "56", ["BEL"]),
            ("area", "056", ["BEL"]), ("area", "W00", ["WLD"]), ("area", "490", ["S19"]),
            ("area", "cote d'ivoire", ["CIV"]), ("area", "no such land", []),
            ("currency", "840", ["USD"]), ("flow", "re-export", ["RX"]),
            ("hs", "8507", ["8507"]), ("hs", "H6:8507", ["8507"]), ("hs", "85.07", ["8507"]),
            ("hs", "850760", []), ("hs", "unmanned aircraft", ["8806", "8802"]),
            ("cameo", "impose embargo", ["163"]), ("fips", "china", ["CH"]),
            ("fips", "switzerland", ["SZ"]), ("fips", "KOR", ["KS", "KN"]),
            ("cameo_country", "ROU", ["ROM"]),
            ("sitc", "S4:7", ["7"]), ("sitc", "H6:8507", []),
        ])
    func search(list: String, text: String, codes: [String]) throws {
        let found = try #require(CodeList.named(list)).search(text).map(\.code)
        #expect(found == codes)
    }

    @Test("what is looked for most stands first among many")
    func searchOrder() throws {
        let area = try #require(CodeList.named("area"))
        #expect(area.search("KR").first?.code == "KOR")
        #expect(area.search("us").first?.code == "USA")
        #expect(CodeList.named("fips")?.search("CH").first?.code == "CH")
        #expect(area.search("china").first?.code == "CHN")
        #expect(area.search("").count == area.entries.count)
        let hs = try #require(CodeList.named("hs"))
        #expect(hs.search("85").prefix(3).map(\.code) == ["85", "8501", "8502"])
        #expect(hs.search("accumulators").first?.code == "8507")
        #expect(hs.entry(above: "850760")?.code == "8507")
        #expect(hs.entry(above: "H6:880330")?.code == "88")
        #expect(hs.entry(above: "S4:7") == nil)
        #expect(hs.entry(above: "accumulators") == nil)
        #expect(area.entry(above: "842") == nil)
    }
}
