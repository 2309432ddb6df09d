import Foundation
import Synchronization
import TallySync
import Testing

/// What ends a wait: a file that was written, and a sleep; the clock is the test's.
@Suite struct FileWatchTests {
    /// A clock that moves on only by sleeping, and what happens meanwhile.
    private final class Desk: Sendable {
        let folder: String
        let nowMs = Mutex<Int64>(0)
        let slept = Mutex<[Int64]>([])
        let meanwhile = Mutex<[@Sendable () -> Void]>([])

        init() throws {
            folder = NSTemporaryDirectory() + "tally-watch-\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        }

        func remove() { try? FileManager.default.removeItem(atPath: folder) }

        var path: String { folder + "/korea.tally" }

        func write(_ text: String, suffix: String = "") {
            try? Data(text.utf8).write(to: URL(fileURLWithPath: path + suffix))
        }

        func watch() -> FileWatch {
            FileWatch([path], now: { self.nowMs.withLock { $0 } }) { spanMs in
                self.slept.withLock { $0.append(spanMs) }
                self.nowMs.withLock { $0 += spanMs }
                let next = self.meanwhile.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                next?()
                return false
            }
        }

        func expectSlept(
            _ spans: [Int64], sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(slept.withLock { $0 } == spans, sourceLocation: sourceLocation)
        }
    }

    @Test("a wait ends with its time, or with a change, of the file or of its log")
    func change() throws {
        let desk = try Desk()
        defer { desk.remove() }
        desk.write("a")
        let watch = desk.watch()
        watch.wait(ms: 250)
        desk.expectSlept([100, 100, 50])
        #expect(!watch.hasChanged)

        // A reader makes a log of no bytes: nothing is written.
        desk.write("", suffix: "-wal")
        #expect(!watch.hasChanged)
        desk.meanwhile.withLock { $0 = [{ desk.write("frame", suffix: "-wal") }] }
        watch.wait(ms: 1000)
        desk.expectSlept([100, 100, 50, 100])
        #expect(watch.hasChanged)
        watch.overlook()
        #expect(!watch.hasChanged)

        // Another file in its place, of the same size.
        try FileManager.default.removeItem(atPath: desk.path)
        #expect(watch.hasChanged)
        desk.write("b")
        #expect(watch.hasChanged)
    }

    @Test("it begins when nobody writes any more; where somebody goes on, after three seconds")
    func begin() throws {
        let desk = try Desk()
        defer { desk.remove() }
        desk.write("a")
        let watch = desk.watch()
        watch.begin()
        desk.expectSlept([])
        desk.write("ab")
        desk.meanwhile.withLock { $0 = [{ desk.write("abc") }] }
        watch.begin()
        desk.expectSlept([300, 300])
        #expect(!watch.hasChanged)

        desk.write("x")
        desk.meanwhile.withLock { meanwhile in
            meanwhile = (0..<20).map { count in
                { desk.write(String(repeating: "x", count: count + 2)) }
            }
        }
        watch.begin()
        desk.expectSlept(Array(repeating: 300, count: 12))
        // It is seen that there is more.
        #expect(watch.hasChanged)
    }

    @Test("who has not asked for long has slept; what took its time before the wait was no sleep")
    func sleep() throws {
        let desk = try Desk()
        defer { desk.remove() }
        desk.write("a")
        let watch = desk.watch()
        desk.nowMs.withLock { $0 += 60_000 }
        watch.rest()
        #expect(!watch.isDisturbed)
        desk.nowMs.withLock { $0 += 5000 }
        #expect(!watch.isDisturbed)
        desk.nowMs.withLock { $0 += 5001 }
        #expect(watch.isDisturbed)
        #expect(watch.isDisturbed)
        watch.rest()
        #expect(!watch.isDisturbed)
        desk.meanwhile.withLock { $0 = [{ desk.nowMs.withLock { $0 += 3_600_000 } }] }
        watch.wait(ms: 50_000)
        desk.expectSlept([100])
    }
}
