import StoreTestSupport
import TallyCore
import TallyStore
import TallySync
import Testing

/// Two histories of one replica that meet by a bundle.
struct BundleForkTests {
    private let story: ForkStory
    private let stage: BundleStage

    init() throws {
        story = try ForkStory()
        stage = try BundleStage()
    }

    private func refusal(_ copy: Copy, _ path: String) throws -> SyncError {
        let error = #expect(throws: SyncError.self) { try stage.sync(copy, path) }
        return try #require(error)
    }

    @Test("a bundle carries what its maker knew of the hub: the hub's branch stands")
    func hubs() throws {
        let bundle = try stage.bundle("first", of: story.first)
        #expect(try BundleFile(bundle).header.hub?[story.replica] == 4)
        let outcome = try stage.sync(story.second, bundle)
        #expect(outcome.pulled == 2)
        #expect(outcome.notices.first?.contains("had two histories from changeset 3 on") == true)
        try story.expectBothBranches(in: story.second)
        #expect(try stage.sync(story.second, bundle).pulled == 0)

        let back = try stage.bundle("second", of: story.second)
        try stage.sync(story.first, back)
        try story.expectBothBranches(in: story.first)
        #expect(try ForkStory.lines(of: story.first) == ForkStory.lines(of: story.second))
    }

    @Test("where the bundle's branch gives way, its maker is told to take one from here first")
    func givesWay() throws {
        let bundle = try stage.bundle("second", of: story.second)
        let error = try refusal(story.first, bundle)
        #expect(error.code == .refused)
        #expect(error.message.hasSuffix("from 3 on, and those of the bundle give way"))
        #expect(try story.first.dataset.read(\.vector)[story.replica] == 4)

        try stage.sync(story.second, stage.bundle("first", of: story.first))
        try stage.sync(story.first, stage.bundle("again", of: story.second))
        try story.expectBothBranches(in: story.first)
        #expect(try ForkStory.lines(of: story.first) == ForkStory.lines(of: story.second))
    }

    @Test("a bundle that goes on from the other branch is refused by the hash of where it begins")
    func beginning() throws {
        var known = RevisionVector()
        known.insert(Revision(story.replica, 3))
        let bundle = try stage.bundle("late", of: story.second, since: known)
        let error = try refusal(story.first, bundle)
        #expect(error.code == .missing)
        #expect(error.message.hasSuffix("of replica \(story.replica.short) 3 (another here)"))
    }
}
