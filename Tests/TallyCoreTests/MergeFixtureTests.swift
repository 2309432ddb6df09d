import Foundation
import TallyCore
import TallySimulator
import Testing

/// Runs the merge cases of `SyncFixtures/merge`.
struct MergeFixtureTests {
    /// How many orders of delivery are tried for one case.
    private static let mostOrders = 300

    @Test("every merge case comes out as written, in every causal order, with lines coming twice")
    func cases() throws {
        let kinds = try MergeFixtures.kinds()
        for (file, fixture) in try MergeFixtures.files() {
            for example in fixture.cases {
                do {
                    try check(example, kinds, "\(file): \(example.name)")
                } catch { Issue.record("\(file): \(example.name): \(error)") }
            }
        }
    }

    private func check(_ example: MergeFixture.Case, _ kinds: KindCatalog, _ name: String) throws {
        let changesets = try example.changesets(in: kinds)
        let policies = try example.policyTable()
        let expected = try example.expectedLines(in: kinds)
        let oracle = try HistoryOracle(
            changesets, integrated: integrated(changesets), kinds: kinds, policies: policies)
        let orders = causalOrders(of: changesets)
        #expect(!orders.isEmpty, "\(name): the changesets have no causal order")
        var exports: Set<String> = []
        for order in orders {
            var copy = ModelCopy(replica: ReplicaID(letter: "z"), kinds: kinds, policies: policies)
            for changeset in order {
                try copy.integrate(changeset)
                try copy.integrate(order[0])
            }
            exports.insert(copy.exportText())
            let found = try example.foundLines(on: copy, oracle)
            let way = "\(name), in the order \(order.map(\.revision.brief).joined(separator: " "))"
            #expect(found.text == expected.text, "\(way)")
            #expect(copy.versionLines().text == oracle.versionLines().text, "\(way)")
            // One order that fails says enough.
            if found != expected { return }
        }
        #expect(exports.count == 1, "\(name): exports differ by order")
    }

    /// What each changeset's copy had integrated, as its seen vector says.
    private func integrated(_ changesets: [ModelChangeset]) -> [Revision: Set<Revision>] {
        let revisions = changesets.map(\.revision)
        return Dictionary(
            uniqueKeysWithValues: changesets.map { changeset in
                let own = changeset.revision
                let known = revisions.filter {
                    $0.replica == own.replica ? $0.seq < own.seq : changeset.seen.contains($0)
                }
                return (own, Set(known))
            })
    }

    /// All orders in which each changeset comes after what it has seen; a part of them where there are many.
    private func causalOrders(of changesets: [ModelChangeset]) -> [[ModelChangeset]] {
        var orders: [[ModelChangeset]] = []
        func extend(_ order: [ModelChangeset], _ vector: RevisionVector, _ rest: [ModelChangeset]) {
            if orders.count >= Self.mostOrders { return }
            if rest.isEmpty { orders.append(order) }
            for (index, next) in rest.enumerated() where next.mayFollow(vector) {
                var (vector, rest) = (vector, rest)
                vector.insert(next.revision)
                rest.remove(at: index)
                extend(order + [next], vector, rest)
            }
        }
        extend([], RevisionVector(), changesets)
        return orders
    }

    @Test("fields that make no whole statements are refused")
    func refusals() throws {
        let kinds = try MergeFixtures.kinds()
        var count = 0
        for (file, fixture) in try MergeFixtures.files() {
            for refusal in fixture.refusals ?? [] {
                count += 1
                var fault: String?
                do throws(StatementLayout.Fault) {
                    _ = try StatementLayout(fields: refusal.fields, of: kinds[refusal.kind])
                } catch { fault = error.word }
                #expect(fault == refusal.fault, "\(file): \(refusal.name)")
            }
        }
        #expect(count > 0)
    }

    @Test("every file has cases, and every case a name of its own")
    func files() throws {
        let files = try MergeFixtures.files()
        #expect(files.count >= 7)
        for (file, fixture) in files { #expect(!fixture.cases.isEmpty, "\(file) has no cases") }
        let names = files.flatMap { $0.fixture.cases.map(\.name) }
        let repeated = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(repeated.isEmpty)
    }

    @Test("the README lists every rule that a case shows, and every rule it lists has a case")
    func rules() throws {
        let readme = try String(
            contentsOf: MergeFixtures.folder.appending(path: "README.md"), encoding: .utf8)
        // Rows of the table: | rule | files |
        let listed = readme.split(separator: "\n").compactMap { line -> (String, String)? in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 2, cells[1].hasSuffix(".json") else { return nil }
            return (cells[0], cells[1])
        }
        var shown: [String: Set<String>] = [:]
        for (file, fixture) in try MergeFixtures.files() {
            let rules = fixture.cases.map(\.rule) + (fixture.refusals ?? []).map(\.rule)
            for rule in rules { shown[rule, default: []].insert(file) }
        }
        let table = shown.mapValues { $0.sorted().joined(separator: ", ") }
        #expect(Dictionary(listed) { first, _ in first } == table)
    }
}

extension [String] {
    fileprivate var text: String { joined(separator: "\n") }
}

extension StatementLayout.Fault {
    fileprivate var word: String {
        switch self {
        case .repeated: return "repeated-field"
        case .keyField: return "key-field"
        case .setField: return "set-field"
        case .partOfStatement: return "part-of-statement"
        }
    }
}
