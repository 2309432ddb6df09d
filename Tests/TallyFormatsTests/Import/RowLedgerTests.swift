import Testing

@testable import TallyFormats

struct RowLedgerTests {
    @Test("a key is found again with the row that noted it, among many")
    func finds() throws {
        var ledger = RowLedger()
        func hash(_ number: Int) -> UInt64 { RowLedger.hash("key \(number)") }
        for number in 1...5000 {
            #expect(ledger.entry(hash(number)) == nil)
            ledger.note(hash(number), content: UInt32(number * 2), row: number)
        }
        for number in 1...5000 {
            let entry = try #require(ledger.entry(hash(number)))
            #expect(entry == (UInt32(number * 2), number))
        }
        #expect(ledger.entry(hash(0)) == nil)
        ledger.note(hash(7), content: 1, row: 6000)
        #expect(try #require(ledger.entry(hash(7))) == (1, 6000))
    }
}
