import StoreTestSupport
import TallyCore
import TallyStore
import Testing

/// How a person names a revision.
@Suite struct RevisionSearchTests {
    private let folder: TestFolder
    private let mina: Copy
    private let written: Revision

    init() throws {
        folder = try TestFolder()
        mina = try folder.copy("mina")
        written = try mina.edit(korea, .figure(1))
    }

    @Test("a revision is found by any beginning of its replica, in either case")
    func prefixes() throws {
        for length in [1, 6, 16] {
            let text = "\(written.replica.text.prefix(length)):1"
            #expect(try mina.dataset.read { try $0.revision(text).revision } == written)
            #expect(
                try mina.dataset.read { try $0.revision(text.uppercased()).revision } == written)
        }
    }

    @Test("what is no revision is told from one that is not there")
    func faults() throws {
        for text in ["", "x", ":", ":1", "k3m9x2:", "k3m9x2:0", "k3m9x2:01", "a:1:2", "a:-1"] {
            #expect(try fault(text)?.code == .badInput, "\(text)")
        }
        #expect(try fault("k3m9x2:x")?.message == "\"k3m9x2:x\" is no revision")
        let late = try fault("\(written.replica.short):2")
        #expect(late?.code == .noRecord)
        #expect(late?.message == "There is no revision \"\(written.replica.short):2\" here")
        #expect(late?.hint == "The last of that replica is \(written.short).")
        #expect(try fault("2222222:1")?.code == .noRecord)
    }

    @Test("a beginning that two replicas share is refused where both have written that far")
    func ambiguity() throws {
        // One of 33 replicas shares its first letter with another: there are 32 letters.
        var replicas: [ReplicaID] = [written.replica]
        while Set(replicas.map { $0.text.prefix(1) }).count == replicas.count {
            let other = try folder.copy("p\(replicas.count)", of: mina)
            replicas.append(try other.edit(korea, .note("x")).replica)
            try mina.pull(from: other)
        }
        let letter = try wanted(replicas.last).text.prefix(1)
        let shared = replicas.filter { $0.text.hasPrefix(letter) }.sorted()
        let error = try fault("\(letter):1")
        #expect(error?.code == .badInput)
        #expect(error?.message.hasPrefix("\"\(letter):1\" could be \(shared[0]):1 (") == true)
        #expect(error?.hint == "Give more of the replica.")
    }

    private func fault(_ text: String) throws -> StoreError? {
        do {
            _ = try mina.dataset.read { try $0.revision(text) }
            return nil
        } catch let error as StoreError { return error }
    }
}
