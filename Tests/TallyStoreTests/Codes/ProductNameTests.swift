import TallyStore
import Testing

@Suite struct ProductNameTests {
    @Test(
        "a product has its own name, or that of what it is in, in its edition",
        arguments: [
            ("TOTAL", "All commodities"), ("H6:TOTAL", "All commodities"),
            (
                "H6:8507",
                "Electric accumulators, including separators therefor; "
                    + "whether or not rectangular (including square)"
            ),
            (
                "H6:85.07",
                "Electric accumulators, including separators therefor; "
                    + "whether or not rectangular (including square)"
            ),
            ("H6:010121", "in 0101: Horses, asses, mules and hinnies; live"),
            ("HS:01", "Animals; live"),
            ("H4:01012100", "in 0101: Horses, asses, mules and hinnies; live"),
            ("S4:7", "Machinery and transport equipment"),
            ("S4:79", "Other transport equipment"),
            ("S4:00111", "in 0011: Bovine animals, live"),
            ("H6:99", "Commodities not specified according to kind"),
            // New in 2022, gone since 2022, gone since 2017, new in 2017.
            ("H6:8806", "Unmanned aircraft"),
            ("H5:8806", "in 88: Aircraft, spacecraft, and parts thereof"),
            ("H5:8803", "Aircraft; parts of heading no. 8801 or 8802"),
            ("H6:880330", "in 88: Aircraft, spacecraft, and parts thereof"),
            ("HS:8803", "Aircraft; parts of heading no. 8801 or 8802"),
            (
                "H4:8469",
                "Typewriters other than printers of heading 84.43; word-processing machines"
            ),
            ("H5:9620", "Monopods, bipods, tripods and similar articles"),
            ("H4:9620", "in 96: Miscellaneous manufactured articles"),
            // Another name in another edition.
            (
                "H6:8539",
                "Lamps; electric filament or discharge lamps, including sealed beam lamp units and "
                    + "ultra-violet or infra-red lamps, arc lamps, light-emitting diode (LED) light sources"
            ),
            ("H5:2404", "in 24: Tobacco and manufactured tobacco substitutes"),
        ])
    func names(product: String, text: String) {
        #expect(ProductName(of: product)?.text == text)
    }

    @Test(
        "what is not known has no name",
        arguments: [
            "H2:8507", "BEC:41", "X1:01", "H6:", "H6:7", "H6:77", "S4:X", "8507", "", "total",
        ])
    func unknown(product: String) {
        #expect(ProductName(of: product) == nil)
    }

    @Test("it is told whether the name is the product's own")
    func exactness() throws {
        let own = try #require(ProductName(of: "H6:8507"))
        #expect(own.isExact && own.code == "8507" && own.text == own.name)
        let wider = try #require(ProductName(of: "H6:850760"))
        #expect(!wider.isExact && wider.code == "8507" && wider.name == own.name)
        #expect(wider.text == "in 8507: \(own.name)")
    }

    @Test("the editions of HS have the chapters and headings that they have")
    func counts() throws {
        let hs = try #require(CodeList.named("hs"))
        // 9999 is Comtrade's own, as is 99.
        for (edition, headings) in [("H4", 1224), ("H5", 1222), ("H6", 1228)] {
            let codes = hs.entries.filter { $0.name(in: edition) != nil }.map(\.code)
            #expect(codes.count { $0.utf8.count == 4 && $0 != "9999" } == headings)
            #expect(codes.count { $0.utf8.count == 2 && $0 != "99" } == 96)
        }
        let sitc = try #require(CodeList.named("sitc"))
        let lengths = Dictionary(grouping: sitc.entries, by: \.code.utf8.count)
        #expect(lengths.mapValues(\.count) == [1: 10, 2: 67, 3: 262, 4: 1023])
    }
}
