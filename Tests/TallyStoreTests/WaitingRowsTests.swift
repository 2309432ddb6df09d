import TallyCore
import Testing

@testable import TallyStore

struct WaitingRowsTests {
    private func cells(_ row: WaitingRows.Row, _ count: Int) -> [Value] {
        var cells: [Value] = []
        row.forEachCell(count) { cell in
            switch cell {
            case .null: cells.append(.null)
            case .number(let number): cells.append(.number(number))
            case .text(let text): cells.append(.text(String(decoding: text, as: UTF8.self)))
            }
        }
        return cells
    }

    @Test(
        "rows come in the order of the key whatever changesets they are of, those of one key in their own"
    )
    func order() {
        var waiting = WaitingRows()
        // Those of 2022 and 2023 differ behind the first eight bytes.
        let keys = [
            ["KOR", "CHN", "2022"], ["KOR", "CHN", "2023"], ["CHN", "2023"],
            ["KOR", "CHN", "2022"], ["", "\u{1}"],
        ]
        for (source, key) in keys.enumerated() {
            let row = Edit.Row(key: RecordKey(key), values: [.number(Double(source))])
            waiting.append(row, from: source, columns: [0])
        }
        waiting.append(RecordKey(["KOR"]), from: 5)
        var found: [[String]] = []
        var sources: [Int] = []
        waiting.forEach(orderedBy: [0, 0, 0, 0, 0, 0]) { row in
            found.append(RecordKey(compared: row.key).parts)
            sources.append(row.source)
        }
        #expect(sources == [4, 2, 5, 0, 3, 1])
        #expect(found == [keys[4], keys[2], ["KOR"], keys[0], keys[3], keys[1]])

        sources = []
        waiting.forEach(orderedBy: [1, 1, 0, 1, 1, 0]) { sources.append($0.source) }
        #expect(sources == [2, 5, 4, 0, 3, 1])
    }

    @Test(
        "a row has the value of each column, however long",
        arguments: [0, 1, 254, 255, 256, 70_000])
    func cells(length: Int) {
        var waiting = WaitingRows()
        let text = Value.text(
            String(repeating: "ü", count: length / 2) + (length % 2 == 0 ? "" : "x"))
        let key = RecordKey([text.plain, "b"])
        let row = Edit.Row(key: key, values: [.number(-1.5), text, .null])
        waiting.append(row, from: 7, columns: [nil, 1, 2, 0])
        var count = 0
        waiting.forEach(orderedBy: Array(repeating: 0, count: 8)) { row in
            count += 1
            #expect(RecordKey(compared: row.key) == key)
            #expect(cells(row, 4) == [.null, text, .null, .number(-1.5)])
        }
        #expect(count == 1)
    }
}
