import Foundation
import GRDB
import StoreTestSupport
import TallyCore
import TallySimulator
import TallyStore
import Testing

/// Tests on disks that fail: they are the whole process's, so that one test at a time uses them.
@Suite(.serialized)
enum SimulatedDisks {}

extension SimulatedDisks {
    /// Disks that fail, tear and lose.
    struct SimulatedDiskTests {
        private static let seeds: [UInt64] = [1, 2, 3]

        /// The operations of a workload that nothing disturbs.
        private func operations(journal: String) throws -> Int {
            let folder = try TestFolder()
            let disk = SimulatedDisk(folder: folder.path)
            var workload = DiskWorkload(path: folder.file("x.db"), journal: journal)
            try workload.run()
            let operations = disk.operations
            #expect(try workload.fault() == nil)
            #expect(workload.acknowledged == DiskWorkload.transactions)
            return operations
        }

        @Test(
            "whatever happens at whichever operation: what was acknowledged is there, and the file is whole",
            arguments: ["wal", "delete"], SimulatedDisk.Fault.allCases.filter { $0 != .readError })
        func everyOperation(journal: String, fault: SimulatedDisk.Fault) throws {
            defer { SimulatedDisk.removeAll() }
            let count = try operations(journal: journal)
            #expect(count > 50)
            for operation in 0..<count {
                for seed in fault.isSeeded ? Self.seeds : [UInt64(operation)] {
                    let folder = try TestFolder()
                    let disk = SimulatedDisk(folder: folder.path)
                    var workload = DiskWorkload(path: folder.file("x.db"), journal: journal)
                    disk.arm(fault, after: operation, seed: seed)
                    try? workload.run()
                    disk.disarm()
                    if fault != .full {
                        #expect(disk.count(of: fault) == 1)
                        #expect(disk.isAlive == (fault == .errorOnce))
                    }
                    if fault != .errorOnce { disk.cutPower(seed: seed) }
                    disk.revive()
                    #expect(
                        try workload.fault() == nil,
                        "\(journal), \(fault) after \(operation), seed \(seed)")
                }
            }
        }

        @Test(
            "whichever read fails: what was acknowledged is there, and the file is whole",
            arguments: ["wal", "delete"])
        func everyRead(journal: String) throws {
            defer { SimulatedDisk.removeAll() }
            var failed = 0
            for read in 0..<200 {
                let folder = try TestFolder()
                let disk = SimulatedDisk(folder: folder.path)
                var workload = DiskWorkload(path: folder.file("x.db"), journal: journal)
                disk.arm(.readError, after: read)
                try? workload.run()
                disk.disarm()
                failed += disk.count(of: .readError)
                #expect(disk.isAlive)
                #expect(try workload.fault() == nil, "\(journal), after \(read)")
            }
            #expect(failed > 5)
        }

        @Test("a page that cannot be read once is no damage, but an error of the disk")
        func readErrorIsNoDamage() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            let disk = SimulatedDisk(folder: folder.path)
            let path = folder.file("x.tally")
            let mina = Copy(
                dataset: try Dataset.create(path: path, name: "x"), person: Person("mina"))
            try mina.edit(
                "trade/KOR/CHN/X/TOTAL/2023/motie", .set(statement: "note", value: [.text("n")]))
            mina.dataset.close()
            var (failed, read) = (0, 0)
            while true {
                disk.arm(.readError, after: read)
                do {
                    let dataset = try Dataset.open(path: path)
                    defer { dataset.close() }
                    let faults = try dataset.verify(temporaryPath: folder.file("verify.tally"))
                        .faults
                    #expect(faults == [], "after \(read)")
                } catch let error as StoreError {
                    #expect(error.code == .io, "after \(read): \(error.message)")
                    failed += 1
                }
                let hasStruck = disk.count(of: .readError) > read
                disk.disarm()
                guard hasStruck else { break }
                read += 1
            }
            #expect(failed > 20)
        }

        @Test("what is replaced as a whole is, or is not, and counts")
        func operate() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            let disk = SimulatedDisk(folder: folder.path)
            #expect(disk.operate())
            #expect(disk.operations == 1)
            disk.arm(.errorOnce, after: 1)
            #expect([disk.operate(), disk.operate(), disk.operate()] == [true, false, true])
            disk.arm(.killAfter, after: 0)
            #expect(disk.operate())
            #expect(!disk.isAlive)
            #expect(!disk.operate())
            disk.revive()
            disk.arm(.full, after: 0)
            #expect([disk.operate(), disk.operate()] == [false, false])
            disk.disarm()
            disk.arm(.killTorn, after: 0)
            #expect(!disk.operate())
            #expect(!disk.isAlive)
        }

        @Test(
            "without syncs a power cut loses or spoils what was acknowledged",
            arguments: ["wal", "delete"])
        func control(journal: String) throws {
            defer { SimulatedDisk.removeAll() }
            var faults: [String] = []
            for seed in UInt64(0)..<30 {
                let folder = try TestFolder()
                let disk = SimulatedDisk(folder: folder.path)
                var workload = DiskWorkload(
                    path: folder.file("x.db"), journal: journal, synchronous: "OFF")
                try workload.run()
                #expect(disk.unsynced > 0)
                disk.cutPower(seed: seed)
                #expect(disk.unsynced == 0)
                disk.revive()
                if let fault = try workload.fault() { faults.append(fault) }
            }
            #expect(faults.count > 10)
        }

        @Test("a torn write ends at a sector, in the middle of what was written")
        func torn() throws {
            defer { SimulatedDisk.removeAll() }
            // The log: a header of 32 bytes, then frames of 24 and 4,096 bytes, each written apart.
            func remainders(_ fault: SimulatedDisk.Fault) throws -> [Int] {
                try (20..<40).compactMap { operation in
                    let folder = try TestFolder()
                    let disk = SimulatedDisk(folder: folder.path)
                    var workload = DiskWorkload(path: folder.file("x.db"))
                    disk.arm(fault, after: operation, seed: UInt64(operation))
                    try? workload.run()
                    #expect(disk.count(of: fault) == 1)
                    let log = try? Data(contentsOf: URL(fileURLWithPath: folder.file("x.db-wal")))
                    guard let size = log?.count, size % 512 == 0, size > 0 else { return nil }
                    return (size - 32) % 4120
                }.filter { $0 != 0 && $0 != 24 }
            }
            #expect(try !remainders(.killTorn).isEmpty)
            #expect(try remainders(.killBefore).isEmpty)
        }

        @Test("handles of before a death stay dead, and the file can be opened beside them")
        func generations() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            let disk = SimulatedDisk(folder: folder.path)
            let workload = DiskWorkload(path: folder.file("x.db"))
            let old = try workload.open()
            try old.write { try $0.execute(sql: "CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
            disk.kill()
            #expect(throws: DatabaseError.self) { try workload.open() }
            disk.revive()
            #expect(disk.isAlive)
            #expect(throws: DatabaseError.self) {
                try old.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM t") }
            }
            #expect(throws: DatabaseError.self) {
                try old.write { try $0.execute(sql: "INSERT INTO t VALUES (2)") }
            }
            let new = try workload.open()
            try new.write { try $0.execute(sql: "INSERT INTO t VALUES (3)") }
            try? old.close()
            #expect(try new.read { try Int.fetchAll($0, sql: "SELECT a FROM t") } == [1, 3])
            try new.close()
            #expect(folder.names == ["x.db"])
        }

        @Test("machines fail each for itself, and the longest folder says whose a file is")
        func machines() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            let inner = folder.file("inner")
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: inner + "-beside", withIntermediateDirectories: true)
            let disk = SimulatedDisk(folder: folder.path)
            let innerDisk = SimulatedDisk(folder: inner + "/")
            innerDisk.kill()
            #expect(throws: DatabaseError.self) { try DatabaseQueue(path: inner + "/x.db") }
            for path in [folder.file("x.db"), inner + "-beside/x.db"] {
                let before = disk.operations
                let queue = try DatabaseQueue(path: path)
                try queue.write { try $0.execute(sql: "CREATE TABLE t (a)") }
                try queue.close()
                #expect(disk.operations > before)
            }
            #expect(innerDisk.operations == 0)
        }

        @Test("a log's time says which was written last, however fast that was")
        func times() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            _ = SimulatedDisk(folder: folder.path)
            let (file, log) = (folder.file("x.db"), folder.file("x.db-wal"))
            func isLogLater() throws -> Bool {
                let times = try [file, log].map { path in
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    return try #require(attributes[.modificationDate] as? Date)
                }
                return times[0] < times[1]
            }
            let workload = DiskWorkload(path: file)
            let queue = try workload.open()
            try queue.write { try $0.execute(sql: "CREATE TABLE t (a)") }
            #expect(try isLogLater())
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint") }
            #expect(try !isLogLater())
            try queue.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") }
            #expect(try isLogLater())
            try queue.close()
        }

        @Test("a full disk is told as one, and the dataset goes on when there is room")
        func full() throws {
            defer { SimulatedDisk.removeAll() }
            let folder = try TestFolder()
            let disk = SimulatedDisk(folder: folder.path)
            let mina = try folder.copy("mina")
            try mina.edit(korea, .note("before"))
            disk.arm(.full, after: 0)
            #expect(
                throws: StoreError(diskFull: "\(folder.file("mina.tally")) could not be written")
            ) { try mina.edit(korea, .note("full")) }
            #expect(disk.count(of: .full) > 0)
            disk.disarm()
            try mina.edit(korea, .note("after"))
            #expect(try mina.dataset.lines().count == 2)
            #expect(try mina.verification(in: folder).faults == [])
        }

        @Test(
            "a dataset keeps every changeset that was acknowledged", arguments: [1, 2] as [UInt64])
        func dataset(seed: UInt64) throws {
            defer { SimulatedDisk.removeAll() }
            var operation = 0
            while true {
                let folder = try TestFolder()
                let disk = SimulatedDisk(folder: folder.path)
                let mina = try folder.copy("mina")
                var acknowledged = 0
                disk.arm(.power, after: operation, seed: seed)
                do {
                    while acknowledged < 3 {
                        try mina.edit(korea, .note("\(acknowledged)"))
                        acknowledged += 1
                    }
                } catch is StoreError {}
                mina.dataset.close()
                let isOver = disk.isAlive
                disk.disarm()
                disk.revive()
                let dataset = try Dataset.open(path: folder.file("mina.tally"))
                let again = Copy(dataset: dataset, person: mina.person)
                let count = try dataset.lines().count
                let isInFlight = acknowledged < 3
                #expect(
                    count == acknowledged || isInFlight && count == acknowledged + 1,
                    "power after \(operation), seed \(seed)")
                try again.edit(korea, .note("again"))
                #expect(try again.verification(in: folder).faults == [])
                if isOver { break }
                operation += 1
            }
            #expect(operation > 20)
        }
    }
}

extension SimulatedDisk.Fault {
    /// Whether the seed says more than what survives the power cut at the end.
    fileprivate var isSeeded: Bool { self == .power || self == .killTorn }
}
