import Foundation

/// One kind of bytes from outside, and what must hold whatever they are.
protocol FuzzTarget {
    /// Ends the process where something does not hold; libFuzzer then keeps the bytes.
    func check(_ bytes: [UInt8]) throws
}

// libFuzzer calls from one thread.
nonisolated(unsafe) private let target: any FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["TALLY_FUZZ"] ?? ""
    do {
        switch name {
        case "lines": return try LinesTarget()
        case "messages": return try MessagesTarget()
        case "csv": return try DelimitedTarget()
        case "files": return try FilesTarget()
        case "bundles": return try BundlesTarget()
        case "snapshots": return try SnapshotsTarget()
        default:
            fail("TALLY_FUZZ is lines, messages, csv, files, bundles or snapshots, not “\(name)”")
        }
    } catch { fail("the target \(name) cannot be set up: \(error)") }
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch { fail("an error that is not declared: \(error)") }
    return 0
}

/// Says what does not hold and ends the process.
func fail(_ what: String) -> Never {
    FileHandle.standardError.write(Data("FINDING: \(what)\n".utf8))
    fatalError("a finding")
}

func require(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { fail(what()) }
}

/// Thrown to take a transaction back that would have gone through.
struct TakenBack: Error {}

/// The bytes of a fixture; the program runs at the top of the project.
func fixture(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "SyncFixtures/" + path)))
}
