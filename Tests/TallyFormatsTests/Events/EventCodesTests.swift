import TallyStore
import Testing

@testable import TallyFormats

@Suite struct EventCodesTests {
    @Test(
        "codes of CAMEO have a type, whose categories are those of 2017",
        arguments: [
            ("010", "statement"), ("0251", "statement"), ("036", "agree"), ("057", "support"),
            ("083", "concede"), ("0841", "retreat"), ("0814", "retreat"), ("090", "investigate"),
            ("1041", "demand"), ("112", "disapprove"), ("1214", "reject"), ("163", "sanction"),
            ("174", "coerce"), ("1712", "assault"), ("191", "coerce"), ("204", "assault"),
        ])
    func types(code: String, type: String) {
        #expect(CAMEO.type(of: code) == type)
    }

    @Test("what is no code of CAMEO has no type; one that has lost its zero is known")
    func noCodes() {
        for code in ["", "57", "0", "210", "999", "---"] { #expect(CAMEO.type(of: code) == nil) }
        #expect(CAMEO.hasLostZero("57") && CAMEO.hasLostZero("841"))
        #expect(!CAMEO.hasLostZero("057") && !CAMEO.hasLostZero("10") && !CAMEO.hasLostZero("999"))
    }

    @Test("countries of CAMEO are those of ISO 3166, or map to one, or are regions")
    func countries() {
        for (code, area) in [
            ("CHN", "CHN"), ("KOR", "KOR"), ("ROM", "ROU"), ("TMP", "TLS"), ("WSB", "PSE"),
            ("SAS", nil), ("EUR", nil), ("GOV", nil), ("", nil),
        ] { #expect(CAMEO.area(of: code) == area, "\(code)") }
        #expect(CAMEO.isRegion("EUR") && !CAMEO.isRegion("ROM") && !CAMEO.isRegion("CHN"))
    }

    @Test("of a code as long as a cell only the beginning is kept")
    func longCodes() {
        var codes = UnknownCodes()
        // One character to a reader, and many to the memory.
        let long = "e" + String(repeating: "\u{301}", count: 5000)
        for end in ["a", "b"] { codes.note(long + end) }
        let kept = "\"e" + String(repeating: "\u{301}", count: 63) + "\" 2"
        #expect(codes.remarks("codes") == ["codes: \(kept)"])
        var names = AreaNames()
        for name in ["South Korea", long, String(repeating: "x", count: 5000)] {
            _ = names.area(name, at: "2018-06-01")
        }
        #expect(names.known.count == 1)
    }

    @Test("ids of Tally are UUIDs, or have a source and a colon")
    func ids() {
        let uuid = "01890a5d-ac96-774b-bcce-b302099a8057"
        #expect(RecordID.isOne(uuid) && RecordID.source(of: uuid) == nil)
        #expect(RecordID.source(of: "gdelt:881") == "gdelt")
        for text in ["881", "G:1", ":1", "ETH-1", uuid.uppercased(), ""] {
            #expect(!RecordID.isOne(text), "\(text)")
        }
    }

    @Test("two letters of FIPS are not those of ISO 3166")
    func fips() {
        for (code, area) in [
            ("CH", "CHN"), ("KS", "KOR"), ("KN", "PRK"), ("GM", "DEU"), ("GA", "GMB"),
            ("GB", "GAB"), ("SZ", "CHE"), ("UK", "GBR"), ("AS", "AUS"), ("AU", "AUT"),
            ("LO", "SVK"), ("GZ", "PSE"), ("MQ", "UMI"), ("OS", nil), ("DE", nil), ("KR", "KIR"),
        ] { #expect(FIPS.area(of: code) == area, "\(code)") }
        #expect(FIPS.isCode("OS") && !FIPS.isCode("DE"))
    }
}
