import Testing

@testable import TallyFormats

@Suite struct TableLayoutTests {
    @Test("the columns of GDELT have the names of its codebooks, at their places")
    func columns() {
        let (first, second) = (GDELTColumns.first, GDELTColumns.second)
        #expect((first.count, second.count) == (58, 61))
        #expect(
            (first[26], first[30], first[51], first[57]) == (
                "EventCode", "GoldsteinScale", "ActionGeo_CountryCode", "SOURCEURL"
            ))
        #expect(
            (second[53], second[56], second[59]) == (
                "ActionGeo_CountryCode", "ActionGeo_Lat", "DATEADDED"
            ))
        #expect(Set(first).count == 58 && Set(second).count == 61)
    }

    @Test("a table is told by the number of its columns and its first cells, not by less")
    func layouts() throws {
        func layout(_ text: String) throws -> TableLayout? { try TableLayout(of: Array(text.utf8)) }
        let start = "1\t20160728\t201607\t2016"
        for (count, names) in [(57, 58), (58, 58), (61, 61)] {
            let row = start + String(repeating: "\t", count: count - 4) + "\nx"
            #expect(try layout(row)?.names?.count == names)
            #expect(try layout("\r\n" + row)?.dialect.hasQuotes == false)
        }
        #expect(try layout(start + String(repeating: "\t", count: 55)) == nil)
        #expect(try layout("a" + start + String(repeating: "\t", count: 54)) == nil)
        #expect(try layout("Event ID\tEvent Date\tx\n").map { $0.names == nil } == true)
        #expect(try layout("\"Event ID\"\t\"Event Date\"\tx\n") == nil)
        #expect(try layout("") == nil)
    }
}
