import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallyWire
import Testing

/// Identities as files.
struct IdentityFileTests {
    private func key(_ byte: UInt8) throws -> ReplicaKey {
        try #require(ReplicaKey(seed: Array(repeating: byte, count: 32)))
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
    }

    @Test("an entry comes back as it was written, readable by its owner only")
    func roundTrip() throws {
        let folder = try TestFolder()
        let store = FileIdentityStore(folder: folder.file("a/replicas"))
        #expect(try store.replicas() == [])
        let dataset = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        var entry = IdentityEntry(dataset: dataset, key: try key(0x11))
        try store.write(entry)
        #expect(try store.entry(of: entry.replica)?.head == nil)
        entry.head = Head(seq: 7, hash: ChangesetHash(of: [1]))
        entry.isRetired = true
        try store.write(entry)

        let back = try #require(try store.entry(of: entry.replica))
        #expect(back.dataset == dataset && back.key.seed == entry.key.seed)
        #expect(back.head == entry.head && back.isRetired)
        #expect(try store.replicas() == [entry.replica])
        #expect(try mode(folder.file("a/replicas")) == 0o700)
        #expect(try mode(folder.file("a/replicas/\(entry.replica).json")) == 0o600)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("a/replicas"))
                == ["\(entry.replica).json"])
    }

    @Test("a damaged entry is named when it is read, and passed over when somebody writes")
    func damaged() throws {
        let folder = try TestFolder()
        let store = FileIdentityStore(folder: folder.path)
        var mina = Person("mina").workplace
        mina.identities = store
        let copy = try folder.copy("mina")
        let event = RecordAddress(kind: "event", key: RecordKey(["1"]))
        let first = try copy.dataset.write(at: mina) { try $0.edit(event, [.create]) }
        let replica = try #require(first.revisions.first?.replica)
        let path = folder.file("\(replica).json")
        for text in ["", "{}", "{\"replica\":", "\u{0}", String(repeating: "x", count: 70_000)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: StoreError.self) { try store.entry(of: replica) }
        }
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(
            throws: StoreError(
                .damaged, "\(path) is no identity of a replica",
                hint: "Move it away; the dataset goes on as a new replica.")
        ) { try store.entry(of: replica) }

        let written = try copy.dataset.write(at: mina) { try $0.edit(event, [.note("a")]) }
        #expect(written.revisions[0].replica != replica && written.notice != nil)
    }

    @Test(
        "a draft that a killed program left is removed by the next to write, one that is being written is not"
    )
    func drafts() throws {
        let folder = try TestFolder()
        let store = FileIdentityStore(folder: folder.path)
        let dataset = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        let (mina, jun, kim) = (try key(0x11), try key(0x22), try key(0x33))
        for key in [mina, jun, kim] {
            try Data("half".utf8).write(
                to: URL(fileURLWithPath: folder.file("\(key.replica).json.new")))
        }
        let lock = try store.lock(jun.replica)
        defer { lock.release() }
        try store.write(IdentityEntry(dataset: dataset, key: mina))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.filter { $0.hasSuffix(".new") } == ["\(jun.replica).json.new"])
        #expect(try store.replicas() == [mina.replica])
    }

    @Test("the key of another replica under a name is no identity")
    func otherKey() throws {
        let folder = try TestFolder()
        let store = FileIdentityStore(folder: folder.path)
        let dataset = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        let (mina, jun) = (try key(0x11), try key(0x22))
        try store.write(IdentityEntry(dataset: dataset, key: mina))
        try FileManager.default.moveItem(
            atPath: folder.file("\(mina.replica).json"),
            toPath: folder.file("\(jun.replica).json"))
        #expect(throws: StoreError.self) { try store.entry(of: jun.replica) }
    }

    @Test("an entry that somebody holds is busy for others until it is released")
    func lock() throws {
        let folder = try TestFolder()
        let replica = try key(0x11).replica
        let store = FileIdentityStore(folder: folder.path, lockTimeoutMs: 0)
        let lock = try store.lock(replica)
        let error = #expect(throws: StoreError.self) { try store.lock(replica) }
        #expect(error?.code == .busy)
        #expect(
            error?.message.hasPrefix("Another program is writing as the same replica (") == true)
        lock.release()
        try store.lock(replica).release()
    }

    @Test("two programs on one file take turns as one replica")
    func twoPrograms() throws {
        let folder = try TestFolder()
        let store = FileIdentityStore(folder: folder.file("replicas"))
        var workplace = Person("mina").workplace
        workplace.identities = store
        let first = try folder.copy("mina").dataset
        let second = try Dataset.open(path: first.path)
        var revisions: [Revision] = []
        for number in 0..<6 {
            let event = RecordAddress(kind: "event", key: RecordKey(["\(number)"]))
            let written = try (number % 2 == 0 ? first : second).write(at: workplace) {
                try $0.edit(event, [.create])
            }
            #expect(written.notice == nil)
            revisions += written.revisions
        }
        #expect(Set(revisions.map(\.replica)).count == 1)
        #expect(revisions.map(\.seq) == [1, 2, 3, 4, 5, 6])
        #expect(try store.replicas().count == 1)
    }

    @Test("the environment names the folder")
    func environment() {
        #expect(FileIdentityStore.folder(environment: [:]) == nil)
        #expect(
            FileIdentityStore.folder(environment: ["HOME": "/h"])
                == "/h/.local/share/tally/replicas")
        #expect(
            FileIdentityStore.folder(environment: ["HOME": "/h", "XDG_DATA_HOME": "/d"])
                == "/d/tally/replicas")
        #expect(
            FileIdentityStore.folder(environment: ["HOME": "/h", "TALLY_REPLICAS": "/r"]) == "/r")
        #expect(
            FileIdentityStore.folder(
                environment: ["HOME": "/h", "TALLY_REPLICAS": "", "XDG_DATA_HOME": ""])
                == "/h/.local/share/tally/replicas")
    }
}
