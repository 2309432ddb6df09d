import Foundation
import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import Testing

/// `SyncFixtures/bundle.zst`: a bundle that goes on from a changeset of mina's.
///
/// `TALLY_WRITE_FIXTURES=1 swift test --filter BundleFixtureTests` writes it anew.
struct BundleFixtureTests {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("SyncFixtures/bundle.zst")

    @Test("the bundle is the one that the story makes, and is taken where it goes on")
    func fixture() throws {
        let stage = try BundleStage()
        let id = try #require(DatasetID("6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        let mina = try stage.folder.copy("mina", id: id)
        let first = try mina.edit(korea, .figure(1))
        let early = try stage.folder.copy("early", of: mina)
        let jun = try stage.folder.copy("jun", of: mina)
        try mina.edit(korea, .figure(2, status: "P"))
        try jun.pull(from: mina)
        jun.person.clock.advance(seconds: 60)
        try jun.edit(korea, .note("Übersicht / “quoted”"))
        var known = RevisionVector()
        known.insert(first)
        let path = try stage.bundle("made", of: jun, since: known)
        if ProcessInfo.processInfo.environment["TALLY_WRITE_FIXTURES"] == "1" {
            try Data(stage.bytes(path)).write(to: Self.file)
        }
        // Versions of zstd pack in ways of their own.
        #expect(
            try stage.lines(of: Self.file.path) == stage.lines(of: path),
            "TALLY_WRITE_FIXTURES=1 writes it anew")
        #expect(try stage.sync(early, Self.file.path).pulled == 2)
        #expect(try early.dataset.read(\.heads) == jun.dataset.read(\.heads))
        let error = #expect(throws: SyncError.self) {
            try stage.sync(stage.folder.copy("new", id: id), Self.file.path)
        }
        #expect(error?.code == .missing)
    }
}
