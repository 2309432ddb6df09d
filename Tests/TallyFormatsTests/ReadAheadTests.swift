import Testing

@testable import TallyFormats

/// What is made on one thread and taken on another.
struct ReadAheadTests {
    private struct Broken: Error {}

    @Test("items come in their order, whatever their number", arguments: [0, 1, 1023, 1024, 9000])
    func order(count: Int) throws {
        var made = 0
        let ahead = ReadAhead<Int> {
            made += 1
            return made <= count ? made : nil
        }
        var taken: [Int] = []
        while let item = try ahead.next() { taken.append(item) }
        #expect(try ahead.next() == nil)
        ahead.stop()
        #expect(taken == Array(1..<(count + 1)))
    }

    @Test("a fault comes behind the items before it")
    func fault() throws {
        var made = 0
        let ahead = ReadAhead<Int> {
            made += 1
            if made == 3000 { throw Broken() }
            return made
        }
        for expected in 1..<3000 { #expect(try ahead.next() == expected) }
        #expect(throws: Broken.self) { try ahead.next() }
        ahead.stop()
    }

    @Test("who stops early waits for the other thread, and nothing is made afterwards")
    func stops() throws {
        for taken in [0, 1, 2000, 5000] {
            var made = 0
            do {
                let ahead = ReadAhead<Int> {
                    made += 1
                    return made
                }
                for _ in 0..<taken { _ = try ahead.next() }
                ahead.stop()
            }
            let known = made
            #expect(known >= taken && known <= taken + 5 * 1024)
            #expect(made == known)
        }
    }
}
