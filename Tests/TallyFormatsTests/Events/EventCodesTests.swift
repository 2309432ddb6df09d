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
