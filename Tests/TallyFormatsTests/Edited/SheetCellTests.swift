import TallyCore
import TallyStore
import Testing

@testable import TallyFormats

/// What programs make of cells that nobody has touched, and what is somebody's edit.
struct SheetCellTests {
    private static func field(_ type: FieldType) -> Kind.Field {
        Kind.Field(name: "\(type)", type: type)
    }

    private func finding(
        _ type: FieldType, _ exported: String, _ cell: String, mark: DecimalMark? = nil,
        order: DateOrder? = nil, hasNA: Bool = false
    ) -> SheetCell.Finding {
        SheetCell(field: Self.field(type), mark: mark, order: order, hasNA: hasNA, firstYear: 2026)
            .compare(cell, with: exported)
    }

    static let rewrittenCells: [(FieldType, String, String)] = [
        // Excel without a format, LibreOffice, columns with separators or a currency, pandas.
        (.number, "124817682000", "1.24818E+11"), (.number, "124817682000", "1,24818E+11"),
        (.number, "124817682000", "124,817,682,000"), (.number, "124817682000", "124.817.682.000"),
        (.number, "124817682000", "124 817 682 000"), (.number, "124817682000", "124817682000.00"),
        (.number, "124817682000", "$124,817,682,000.00"),
        (.number, "124817682000", "124817682000.0"),
        (.number, "124817682000", "124\u{a0}817\u{a0}682\u{a0}000"),
        (.number, "100000000123", "1E+11"), (.number, "123456500000", "1.23457E+11"),
        (.number, "1e+21", "1E+021"), (.number, "12", "12.0"), (.number, "12.5", "12,50"),
        (.number, "-5", "-5.0"), (.number, "0.30000000000000004", "0.3"),
        (.number, "1234.56789012345", "1234.56789"), (.number, "1234567890123456", "1.23457E+15"),
        (.number, "1234567890123456", "1234567890123450"), (.number, "", "nan"),
        (.number, "", "NaN"),
        (.number, "1234.567", "1.234.567"),
        // Text that looks like a number.
        (.text, "0401", "401"), (.text, "0401", "401.0"), (.code, "042", "42"),
        (.text, "1.10", "1.1"), (.text, "1E5", "100000"), (.text, "1E5", "1.00E+05"),
        (.identifier, "1234567890123456789", "1.23457E+18"), (.period, "2023", "2023.0"),
        (.period, "2023", "2,023"), (.date, "2023", "2023.0"),
        // Days and months.
        (.period, "2023-12", "Dec-23"), (.period, "2023-12", "Dez 23"),
        (.period, "2023-08", "août-23"), (.period, "1965-01", "Jan-65"),
        (.period, "2031-01", "Jan-31"), (.period, "2023-03", "Mrz 23"),
        (.date, "2023-12-01", "1 Dec 2023 00:00"),
        (.period, "2023-12", "12/1/2023"), (.period, "2023-12", "01.12.2023"),
        (.period, "2023-12", "2023/12/01"), (.period, "2023-12", "2023-12-01"),
        (.period, "2023-12", "2023-12-01 00:00:00"), (.period, "2023-12", "12/2023"),
        (.period, "2023-12", "45261"), (.date, "2023-12", "2023년 12월 1일"),
        (.date, "2023-09-15", "15-Sep"), (.date, "2023-09-23", "23 Sep"),
        (.date, "2023-09-15", "15. September"), (.period, "2015-09", "Sep-15"),
        (.date, "2023-12-31", "12/31/2023"), (.date, "2023-12-31", "31.12.2023"),
        (.date, "2023-12-31", "31/12/23"), (.date, "2023-12-31", "12/31/23"),
        (.date, "2023-12-31", "31-Dec-23"), (.date, "2023-12-31", "2023-12-31 00:00:00"),
        (.date, "2023-12-31", "45291"), (.date, "2023-12-31", "2023/12/31"),
        (.text, "1-2", "2-Jan"), (.text, "1-2", "1-Feb"), (.text, "1/2", "01/02/26"),
        (.text, "2023/12/31", "12/31/2023"), (.text, "Dec-23", "12/23/2026"),
        (.text, "Sept 3", "09/03/2026"), (.text, "May 2023", "05/01/2023"),
        (.date, "2023", "2023-01-01 00:00:00"), (.period, "2023", "1/1/2023"),
        // Figures and times in texts, as LibreOffice writes them.
        (.text, "1,234", "1234"), (.text, "1,234,567", "1234567"), (.text, "$500", "500"),
        (.text, "$1,200.50", "1200.5"), (.text, "(5)", "-5"), (.text, "3 1/2", "3.5"),
        (.text, "12:30", "12:30:00 PM"), (.text, "10:00 PM", "10:00:00 PM"),
        (.text, "1:2", "01:02:00 AM"), (.text, "26:10", "26:10:00"),
        (.text, "0:15", "12:15:00 AM"), (.text, "2 PM", "02:00:00 PM"),
        (.text, "12:30", "12시 30분 0초"), (.text, "21:30", "오후 9:30:00"),
        (.text, "1.234.567", "1234567"), (.text, "1,50", "1,5"), (.text, "1.234,56", "1234,56"),
        (.text, "1 234 567", "1234567"), (.text, "1e-7", "0.0000001"), (.text, "$500", "$500.00"),
        (.text, "5%", "5.00%"), (.text, "May 2023", "05/01/23"), (.text, "3/4/2023", "03/04/23"),
        (.text, "May 5", "5-May"), (.text, "Sept 3", "3-Sep"), (.text, "May 15", "15-May"),
        // Eleven characters of Excel's.
        (.number, "0.0123456789", "0.012345679"), (.number, "0.0333333333333", "0.033333333"),
        (.number, "0.00123456789", "0,001234568"),
        // Words that mean something to a program.
        (.text, "true", "TRUE"), (.text, "true", "WAHR"), (.text, "TRUE", "True"),
        (.text, "false", "FAUX"), (.text, "NA", ""), (.text, "N/A", ""), (.text, "null", ""),
        (.text, "", "nan"), (.text, "'x", "x"), (.text, "x", "'x"),
        // An encoding without the letters.
        (.text, "한국과 중국", "??? ??"), (.text, "Dvořák", "Dvorák"), (.text, "Dvořák", "Dvo?ák"),
        (.set, "한국;b", "??;b"), (.set, "b;a", "a;b"), (.set, "0401", "401"),
    ]

    @Test("what a program has written in another way", arguments: 0..<rewrittenCells.count)
    func rewritten(index: Int) {
        let (type, exported, cell) = Self.rewrittenCells[index]
        #expect(finding(type, exported, cell) == .rewritten, "\(exported) → \(cell)")
    }

    static let sameCells: [(FieldType, String, String)] = [
        (.text, "=1+1", "'=1+1"), (.text, "=1+1", "=1+1"), (.text, "a\nb", "a\r\nb"),
        (.text, "a\nb", "a\rb"), (.text, "é", "e\u{301}"), (.text, "a", "a "),
        (.set, "-x;y", "'-x;y"),
        (.number, "12", "12"), (.number, "", ""), (.code, "A", " A"),
    ]

    @Test("what nobody has touched", arguments: 0..<sameCells.count)
    func same(index: Int) {
        let (type, exported, cell) = Self.sameCells[index]
        #expect(finding(type, exported, cell) == .same, "\(exported) → \(cell)")
    }

    static let editedCells: [(FieldType, String, String)] = [
        (.number, "124817682000", "124817682001"), (.number, "124817682000", "1E+11"),
        (.number, "124817682000", "1.25E+11"), (.number, "124817682000", ""),
        (.number, "124817682000", "125000000000"), (.number, "124.817", "124.8"),
        (.number, "12", "120"), (.number, "", "0"), (.number, "12", "-12"),
        (.number, "12.34", "1234"), (.number, "12.345", "12346"), (.number, "12345", "12"),
        (.text, "0401", "402"), (.text, "0401", "04010"), (.text, "a", "b"), (.text, "a", ""),
        (.text, "A", "a"), (.text, "12/3/2023", "3/12/2023"), (.text, "May", "May 1"),
        (.period, "2023-12", "2023-11"), (.period, "2023-12", "Nov-23"),
        (.period, "2023-12", "2023-12-02"), (.period, "2023", "2024.0"),
        (.period, "1965-01", "Jan-66"), (.period, "2023-06", "jui-23"),
        (.period, "2021-05-01/P10D", "May-21"), (.period, "2023-Q4", "2023-Q3"),
        (.date, "2023-12-31", "12/30/2023"),
        (.date, "2023-12-31", "Dec-23"), (.date, "2023-12-31", ""),
        (.text, "true", "FALSE"), (.text, "yes", ""), (.text, "", "NA"),
        (.text, "한국", "??x"), (.text, "ab", "a?"), (.set, "a;b", "a"), (.set, "a;b", "a;b;c"),
        // What no program makes of a text that it takes for a number.
        (.code, "57", "057"), (.set, "007", "0007"), (.text, "2023", "02023"),
        (.text, "500", "$500"), (.text, "500", "500 €"), (.text, "1187", "1.187"),
        (.text, "1187", "1,187"), (.text, "0x10", "16"), (.text, "inf", "1"),
        (.text, "12345678901234567", "12345678901234568"), (.text, "15", "1.5"),
        // More than a number can be.
        (.text, "5e1234", "7"), (.text, "1e400", "1.79769313486232E+308"), (.set, "1e400", "1"),
        // A day of another month or year.
        (.date, "2023-09-15", "15-Oct"), (.date, "2023-09-15", "Sep 16"),
        (.date, "2023-09-15", "15-Sep-24"), (.date, "2023", "2023-01-02"),
        (.date, "2023", "2024-01-01"), (.text, "Dec-23", "12/24/2026"), (.text, "Dec-23", "23"),
        (.text, "May 2023", "06/01/2023"), (.text, "12:30", "12:31:00"),
        (.text, "12:30", "12:30:00 AM"), (.text, "12:30", "1230"), (.text, "1,234", "1.234"),
        (.text, "1,23", "123"), (.text, "$500", "€500"), (.text, "5%", "5"), (.text, "500", "5%"),
        (.text, "1,234", "1,234.00 USD"), (.text, "1234", "1.234"), (.text, "12,5", "12.5"),
        // A year that no program puts in, and a half of the day.
        (.text, "Sept 23", "Sept 23, 2023"), (.text, "Oct 7", "7 October 2023"),
        (.text, "Dec-23", "23 Dec 2019"), (.text, "1/2", "1/2/1999"), (.text, "9:30", "9:30 AM"),
        (.number, "0.0123456789", "0.01234568"), (.number, "0.0123456789", "0.012345678"),
        (.text, "(5)", "5"), (.text, "3 1/2", "3"), (.text, "3 1/0", "3"),
        (.text, "a 5", "5"), (.text, "1:60", "2:00"),
    ]

    @Test("what somebody has changed", arguments: 0..<editedCells.count)
    func edited(index: Int) {
        let (type, exported, cell) = Self.editedCells[index]
        #expect(finding(type, exported, cell) == .edited, "\(exported) → \(cell)")
    }

    @Test("a file that shows its marks and its order of days is read by them")
    func learned() {
        #expect(finding(.date, "2023-03-12", "12/3/2023") == .rewritten)
        #expect(finding(.date, "2023-03-12", "12/3/2023", order: .dmy) == .rewritten)
        #expect(finding(.date, "2023-03-12", "12/3/2023", order: .mdy) == .edited)
        // Only the file's mark can tell: what is typed is refused.
        for (exported, cell) in [
            ("1.187", "1,187"), ("124817", "124.817"), ("1500", "1.500"), ("12.345", "12345"),
            ("0.125", "125"), ("-106.217", "-106217"),
        ] {
            #expect(finding(.number, exported, cell) == .edited, "\(exported) → \(cell)")
            #expect(
                finding(.number, exported, cell, mark: .comma) == .rewritten,
                "\(exported) → \(cell)")
            #expect(finding(.number, exported, cell, mark: .point) == .edited)
            #expect(typed(.number, exported, cell).contains(" may be \(exported) or "))
        }
        #expect(
            typed(.number, "124817", "124.817") == "! number \"124.817\" may be 124817 or 124.817")
        #expect(typed(.number, "124817", "124.818") == "124.818")
        #expect(finding(.number, "1.187", "1,187", mark: .point) == .edited)
        #expect(finding(.number, "1.187", "1187", mark: .point) == .edited)
        #expect(finding(.code, "12.345", "12345", mark: .point) == .edited)
        #expect(finding(.text, "1.5", "1,5", mark: .point) == .edited)
        #expect(finding(.text, "1.5", "1,5") == .rewritten)
        #expect(finding(.period, "2023", "2,023", mark: .comma) == .edited)
        #expect(finding(.text, "1,234", "1234", mark: .comma) == .edited)
        #expect(SheetDate.order(in: "31.12.2023") == .dmy)
        #expect(SheetDate.order(in: "12/31/2023") == .mdy)
        #expect(SheetDate.order(in: "1/2/2023") == nil)
        #expect(SheetDate.order(in: "2023-12-31") == nil)
    }

    /// What becomes of a cell that somebody has changed; `!` before a refusal.
    private func typed(
        _ type: FieldType, _ exported: String, _ cell: String, order: DateOrder? = nil
    ) -> String {
        var numbers = NumberCells(mark: nil, isPointUsual: true)
        let cellReader = SheetCell(field: Self.field(type), order: order)
        do throws(InputFault) {
            return try cellReader.value(cell, instead: exported, &numbers).plain
        } catch { return "! \(error.message)" }
    }

    @Test("what a spreadsheet shows in place of a value is none")
    func failed() {
        let failures = [
            "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", " #n/a ", "#####", "Err:508",
            "#ERROR!", "Loading...", "#BEZUG!", "#NV", "#¡REF!", "#NOM?",
        ]
        for text in failures {
            for type in [FieldType.text, .number, .period, .date, .code, .identifier] {
                #expect(
                    typed(type, "5", text).hasSuffix(
                        "is what a spreadsheet shows in place of a value"),
                    "\(type) \(text)")
            }
            #expect(throws: InputFault.self) {
                try SheetCell(field: Self.field(.set)).elements("b; \(text)", instead: ["a"])
            }
        }
        for text in ["#1", "##", "#korea", "Err: none", "N/A", "#a b!", "#!"] {
            #expect(typed(.text, "5", text) == text)
        }
    }

    @Test("a number that may have lost the zeros before it is refused where there were some")
    func zeros() throws {
        #expect(
            typed(.text, "0401", "42")
                == "! text \"42\" may have lost the zeros before it, as 0401 has them")
        #expect(typed(.identifier, "0401", "402").hasPrefix("!"))
        for (exported, cell) in [("0401", "1402"), ("0401", "0042"), ("401", "42"), ("0401", "x1")]
        {
            #expect(typed(.text, exported, cell) == cell)
        }
        func elements(_ cell: String, _ held: [String]) throws -> [String] {
            try SheetCell(field: Self.field(.set)).elements(cell, instead: held)
        }
        #expect(try elements("401;0402", ["0401"]) == ["0401", "0402"])
        for cell in ["42", "0401;190.0"] {
            #expect(throws: InputFault.self) { try elements(cell, ["0401"]) }
        }
    }

    @Test("NA where nothing had stood is what R writes, where the file shows that it does")
    func missing() {
        #expect(finding(.text, "", "NA") == .edited)
        #expect(finding(.text, "", "NA", hasNA: true) == .rewritten)
        #expect(finding(.set, "", "NA", hasNA: true) == .rewritten)
        #expect(finding(.text, "a", "NA", hasNA: true) == .edited)
        #expect(typed(.text, "", "NA") == "! text \"NA\" may be what R writes for an empty cell")
        #expect(typed(.text, "a", "NA") == "NA")
    }

    @Test("what was typed is read as people and programs write it")
    func values() {
        #expect(typed(.number, "1", "125,000,000,000") == "125000000000")
        #expect(
            typed(.number, "1", "2E+11")
                == "! number \"2E+11\" may be but the first digits of a figure")
        #expect(typed(.number, "1", "1.5E+11").hasPrefix("!"))
        #expect(typed(.number, "1", "1.23456789E+11") == "123456789000")
        #expect(typed(.number, "1", "") == "")
        #expect(typed(.date, "2023-12-31", "12/30/2023") == "2023-12-30")
        #expect(typed(.date, "2023-12-31", "Dec-23") == "2023-12")
        #expect(
            typed(.date, "2023-12-31", "3/12/2024")
                == "! date \"3/12/2024\" may be 2024-03-12 or 2024-12-03")
        #expect(typed(.date, "2023-12-31", "3/12/2024", order: .dmy) == "2024-12-03")
        #expect(
            typed(.date, "2023-12-31", "12/30/2023", order: .dmy)
                == "! date \"12/30/2023\" has no month 30")
        #expect(typed(.date, "2023-12-31", "1/2/29", order: .dmy) == "2029-02-01")
        #expect(typed(.date, "2023-12-31", "1/2/30", order: .dmy) == "1930-02-01")
        #expect(typed(.period, "2023-12", "Nov-23") == "2023-11")
        for (type, exported, cell) in [
            (FieldType.date, "2023-09-15", "15-Oct"), (.date, "2023-09-15", "Oct 15"),
            (.date, "", "15-Sep"), (.date, "", "Sep 15"), (.period, "", "15-Sep"),
            (.period, "2023-12", "23-Sep"), (.date, "2023-09-15", "5-Oct"),
        ] {
            #expect(
                typed(type, exported, cell).contains("may be a day, the year left out"),
                "\(exported) → \(cell)")
        }
        #expect(typed(.period, "", "Sep 15") == "2015-09")
        #expect(typed(.date, "", "Jan-65") == "1965-01")
        #expect(
            typed(.period, "2023-12", "11/1/2023", order: .mdy)
                == "! period \"11/1/2023\" may be a month, of which a program has made its first day"
        )
        #expect(
            typed(.date, "2023", "2024-01-01 00:00:00")
                == "! date \"2024-01-01 00:00:00\" may be a year, of which a program has made its first day"
        )
        #expect(typed(.date, "2023", "2024-01-02") == "2024-01-02")
        #expect(typed(.period, "2023-12", "2023-Q3") == "2023-Q3")
        #expect(typed(.text, "a", "'=1+2") == "=1+2")
        #expect(typed(.text, "a", "=1+2") == "=1+2")
        #expect(typed(.text, "a", "it's") == "it's")
        #expect(
            typed(.text, "040", "190.0")
                == "! text \"190.0\" may be a whole number of which a program has made a figure")
        #expect(typed(.text, "1.0", "2.0") == "2.0")
        #expect(
            typed(.text, "한국 2023", "?? 2024")
                == "! text \"?? 2024\" has lost letters that were there")
        #expect(typed(.text, "한국 2023", "중국 2024") == "중국 2024")
        #expect(
            typed(.text, "한국 2023", "why?") == "! text \"why?\" has lost letters that were there")
    }

    @Test(
        "where the file has every letter, what lacks some was typed so, but for question marks alone"
    )
    func letters() throws {
        let cell = SheetCell(field: Self.field(.text), hasAllLetters: true)
        var numbers = NumberCells(mark: nil, isPointUsual: true)
        for (exported, text) in [("José", "Jose"), ("Å", "A"), ("Korea？", "Korea?")] {
            #expect(cell.compare(text, with: exported) == .edited)
        }
        #expect(cell.compare("??? ??", with: "한국과 중국") == .rewritten)
        let question = "Will the president visit?"
        #expect(try cell.value(question, instead: "대통령 방문", &numbers).plain == question)
        #expect(throws: InputFault.self) {
            try cell.value("??? ?? 2024", instead: "한국과 중국", &numbers)
        }
    }

    @Test(
        "cells that a spreadsheet would run are made safe, and come back as they were",
        arguments: ["=1+1", "+1", "-x", "@a", "\ta", "'=1", "''+1", "'a", "a", "", "\u{ff1d}1"])
    func safe(text: String) {
        let cell = SheetText.safe(text)
        #expect(SheetText.plain(cell) == text)
        #expect(!"=+-@\t\r\u{ff1d}".contains(cell.first ?? "a"))
    }

    @Test("numbers stay numbers")
    func numbers() {
        #expect(SheetText.of(.number(-5), Self.field(.number)) == "-5")
        #expect(SheetText.of(.text("-5"), Self.field(.text)) == "'-5")
    }
}
