import GRDB
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// The log checked anew, and the state beside one recomputed from it.
struct VerifyTests {
    @Test("a row that is not what the log says is found")
    func verification() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.edit(korea, .figure(1))
        let plain = try DatabaseQueue(path: mina.dataset.path)
        // As damage does: no trigger sees it.
        try plain.write {
            try $0.execute(sql: "UPDATE trade SET value = 2; DELETE FROM tally_before_trade")
        }
        #expect(
            try mina.verification(in: folder).faults
                == ["trade: 1 rows are not what the log says, 1 that it says are missing"])
        try plain.write { try $0.execute(sql: "UPDATE tally_log SET line = x'00'") }
        let error = #expect(throws: StoreError.self) { try mina.verification(in: folder) }
        #expect(error?.message == "The changeset at position 1 of the log cannot be unpacked")
        #expect(folder.names.allSatisfy { !$0.hasPrefix("verify") })
    }

    @Test("a changeset that does not hold is named by its position, and ends the verification")
    func forgedLine() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun")
        for copy in [mina, jun] {
            try copy.edit(korea, .figure(1))
            try copy.edit(korea, .figure(2))
        }
        mina.dataset.close()
        jun.dataset.close()
        let plain = try DatabaseQueue(path: mina.dataset.path)
        try plain.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS jun", arguments: [jun.dataset.path])
            try db.execute(
                sql: """
                    UPDATE tally_log SET line =
                    (SELECT line FROM jun.tally_log WHERE position = 2) WHERE position = 2
                    """)
        }
        try plain.close()
        let again = try Dataset.open(path: mina.dataset.path)
        let verification = try again.verify(temporaryPath: folder.file("verify.tally"))
        #expect(verification.faults.count == 1)
        #expect(
            verification.faults.first?.hasPrefix(
                "The changeset at position 2 does not hold (invalid): the line is of dataset ")
                == true)
    }

    @Test("every table that is not what the log says is named")
    func tables() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let jun = try folder.copy("jun", of: mina)
        try mina.edit(korea, .note("a"))
        try jun.edit(korea, .note("b"))
        try mina.pull(from: jun)
        let plain = try DatabaseQueue(path: mina.dataset.path)
        for (sql, table) in [
            ("DELETE FROM tally_conflict WHERE side = 'B'", "tally_conflict"),
            ("DELETE FROM tally_touch WHERE position = 2", "tally_touch"),
            ("UPDATE tally_log SET author = 'x' WHERE position = 1", "tally_log"),
            (
                "INSERT INTO event (id, tally_rev) VALUES ('x', 1); DELETE FROM tally_before_event",
                "event"
            ),
        ] {
            try plain.write { try $0.execute(sql: sql) }
            let faults = try mina.verification(in: folder).faults
            #expect(faults.contains { $0.hasPrefix("\(table): ") }, "\(faults)")
        }
    }

    @Test("what is written while a file is verified is verified too, not reported")
    func verifiedMeanwhile() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let other = Copy(
            dataset: try Dataset.open(path: mina.dataset.path), person: mina.person)
        try mina.edit(korea, .figure(1))
        var rest = 3
        let verification = try mina.dataset.verify(
            temporaryPath: folder.file("verify.tally"),
            progress: { _, _ in
                rest -= 1
                if rest >= 0 { _ = try? other.edit(korea, .figure(Double(rest))) }
            })
        #expect(verification.faults == [] && verification.changesets == 4)
        #expect(folder.names.allSatisfy { !$0.hasPrefix("verify") })
    }
}
