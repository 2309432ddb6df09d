import Testing

@testable import TallyFormats

struct RowLedgerTests {
    @Test("a key is found again with the row that noted it, among many")
    func finds() {
        var ledger = RowLedger()
        for number in 1...5000 {
            #expect(ledger.note("key \(number)", content: number, row: number) == .new)
        }
        for number in 1...5000 {
            #expect(ledger.note("key \(number)", content: number, row: 9) == .same(row: number))
            #expect(ledger.note("key \(number)", content: -1, row: 9) == .other(row: number))
            #expect(ledger.contains(hash: RowLedger.hash("key \(number)")))
        }
        #expect(!ledger.contains(hash: RowLedger.hash("key 0")))
        #expect(ledger.note("key 0", content: 0, row: 6000) == .new)
    }
}
