import TallyTerminal
import Testing

@Suite struct TableTests {
    private func conflicts() -> Table {
        var table = Table([
            .init("id"), .text("record", minimumWidth: 12, priority: 1, cut: .middle),
            .init("what"),
            .init("field"), .text("sides"), .init("since"),
        ])
        table.append([
            "c7f2q4ma", "trade/KOR/CHN/X/TOTAL/2023/motie", "edit/edit", "value",
            "A mina@laptop · B jun@desk-2", "2 h",
        ])
        table.append([
            "k3la7w2e", "event/0192f0c1", "delete/edit", "-", "A 전준 deleted · B 미나 edited summary",
            "1 d",
        ])
        return table
    }

    @Test("columns line up, two spaces apart, under titles in upper case")
    func natural() {
        #expect(
            conflicts().rendered() == """
                ID        RECORD                            WHAT         FIELD  SIDES                                   SINCE
                c7f2q4ma  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit    value  A mina@laptop · B jun@desk-2            2 h
                k3la7w2e  event/0192f0c1                    delete/edit  -      A 전준 deleted · B 미나 edited summary  1 d

                """)
    }

    @Test("flexible columns shrink, those of low priority first")
    func fitted() {
        #expect(
            conflicts().rendered(width: 96) == """
                ID        RECORD                            WHAT         FIELD  SIDES                      SINCE
                c7f2q4ma  trade/KOR/CHN/X/TOTAL/2023/motie  edit/edit    value  A mina@laptop · B jun@de…  2 h
                k3la7w2e  event/0192f0c1                    delete/edit  -      A 전준 deleted · B 미나 …  1 d

                """)
        #expect(
            conflicts().rendered(width: 70) == """
                ID        RECORD                   WHAT         FIELD  SIDES     SINCE
                c7f2q4ma  trade/KOR/C…/2023/motie  edit/edit    value  A mina@…  2 h
                k3la7w2e  event/0192f0c1           delete/edit  -      A 전준 …  1 d

                """)
    }

    @Test("a first column that names the rows stands above them where the whole does not fit")
    func folded() {
        var table = Table([
            .init("record"), .init("what"), .text("after"), .number("rows"),
        ])
        table.foldsFirstColumn = true
        table.append(["trade/KOR/CHN/X/TOTAL/2023/motie", "value", "124,817,682,000", "1"])
        table.append(["", "note", "customs figure, final", "12"])
        table.append(["event/0192f0c1", "title", "Han meets Xi", "1"])
        table.append(["event/0192f0c1", "type", "meeting", "1"])
        #expect(
            table.rendered(width: 67) == """
                RECORD
                  WHAT   AFTER                  ROWS
                trade/KOR/CHN/X/TOTAL/2023/motie
                  value  124,817,682,000           1
                  note   customs figure, final    12
                event/0192f0c1
                  title  Han meets Xi              1
                  type   meeting                   1

                """)
        #expect(
            table.rendered(width: 33).split(separator: "\n").prefix(5) == [
                "RECORD", "  WHAT   AFTER               ROWS",
                "trade/KOR/CHN/X/TOTAL/2023/motie", "  value  124,817,682,000        1",
                "  note   customs figure, f…    12",
            ])
        #expect(table.rendered().hasPrefix("RECORD                            WHAT   AFTER"))
        #expect(table.rendered(width: 73).hasPrefix("RECORD                            WHAT"))
    }

    @Test("a text that may take several lines is broken between words, and cut when these are full")
    func wrapped() {
        var table = Table([
            .init("field"), .text("now", minimumWidth: 12, maximumLines: 2),
            .text("why", minimumWidth: 12, maximumLines: .max), .number("rows"),
        ])
        table.append([
            "value", "124,817,682,000 | 124,818,000,000",
            "jun@desk-2 has changed it since (b7c2d3:4)", "1",
        ])
        table.append(["note", "one two three four five six seven eight nine", "", "12"])
        #expect(
            table.rendered(width: 48) == """
                FIELD  NOW                WHY               ROWS
                value  124,817,682,000 |  jun@desk-2 has       1
                       124,818,000,000    changed it since
                                          (b7c2d3:4)
                note   one two three                          12
                       four five six se…

                """)
        let (titles, rows) = table.renderedRows(width: 48)
        #expect(rows.count == 2 && titles + rows.joined() == table.rendered(width: 48))
        #expect(table.naturalWidth == 101)
        #expect(
            table.rendered(width: 101) == table.rendered()
                && table.rendered().split(separator: "\n").count == 3)
    }

    @Test("a table that cannot be made narrow enough keeps its fixed columns whole")
    func tooNarrow() {
        var table = Table([.number("value"), .text("note")])
        table.append(["124,817,682,000", "customs, final"])
        #expect(
            table.rendered(width: 10) == """
                          VALUE  NOTE
                124,817,682,000  customs…

                """)
    }

    @Test("columns of one priority share the loss, and short ones keep their width")
    func sharedLoss() {
        var table = Table([.text("a"), .text("b"), .text("c")])
        table.append(["short", "twelve chars", "twenty-two characters!"])
        #expect(
            table.rendered(width: 30) == """
                A      B            C
                short  twelve cha…  twenty-tw…

                """)
    }

    @Test("numbers stand to the right, and no line ends in spaces")
    func alignment() {
        var table = Table([.init("partner"), .number("exports"), .number("growth"), .init("note")])
        table.append(["중국", "124,817,682,000", "-19.9", ""])
        table.append(["United States", "115,696", "", "P"])
        table.append(["WLD"])
        #expect(
            table.rendered() == """
                PARTNER                EXPORTS  GROWTH  NOTE
                중국           124,817,682,000   -19.9
                United States          115,696          P
                WLD

                """)
        #expect(table.rowCount == 3)
    }

    @Test("titles may be left out, left as they are, and indented")
    func titles() {
        var plain = Table([.init(""), .init("")], indent: 2)
        plain.append(["records", "1,204"])
        #expect(plain.rendered() == "  records  1,204\n")

        var sides = Table(
            [.init(""), .init("before"), .init("A jun@desk-2 13:57")], uppercasesTitles: false)
        sides.append(["value", "124,800,000,000", "124,900,000,000"])
        #expect(
            sides.rendered() == """
                       before           A jun@desk-2 13:57
                value  124,800,000,000  124,900,000,000

                """)
    }

    @Test("a table without rows is nothing")
    func empty() {
        #expect(Table([.init("id")]).rendered() == "")
    }

    @Test("a cell cannot break its line or drive the terminal")
    func hostileCell() {
        var table = Table([.init("note"), .init("by")])
        table.append(["two\nlines\u{1B}[2J", "mina"])
        #expect(
            table.rendered() == #"""
                NOTE                 BY
                two\nlines\u{1B}[2J  mina

                """#)
    }

    @Test("styles colour the text and not the padding")
    func styles() {
        var table = Table([.init("id"), .number("left")])
        table.append([.init("c7f2", .cyan), .init("1", [.bold, .red])])
        #expect(
            table.rendered(color: true)
                == "\u{1B}[1mID\u{1B}[0m    \u{1B}[1mLEFT\u{1B}[0m\n"
                + "\u{1B}[36mc7f2\u{1B}[0m     \u{1B}[1;31m1\u{1B}[0m\n")
        #expect(table.rendered() == "ID    LEFT\nc7f2     1\n")
    }
}
