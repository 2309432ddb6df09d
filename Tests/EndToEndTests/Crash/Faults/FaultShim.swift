import Foundation
import Testing

/// What is to happen to the writing system calls of one process; see `fault-shim.c`.
enum Fault {
    case count
    case kill(Int)
    case torn(Int)
    case stop(Int)
    case eio(Int)
    case sick(Int)
    case enospc(Int)

    var text: String {
        switch self {
        case .count: return "count:0"
        case .kill(let call): return "kill:\(call)"
        case .torn(let call): return "torn:\(call)"
        case .stop(let call): return "stop:\(call)"
        case .eio(let call): return "eio:\(call)"
        case .sick(let call): return "sick:\(call)"
        case .enospc(let call): return "enospc:\(call)"
        }
    }
}

/// The library that makes writing system calls fail, compiled when a test first asks for it.
enum FaultShim {
    static let isThere = path != nil
    static let whyNot: Comment =
        "writing calls fail at will only where there is a C compiler (cc or clang)"

    static func environment(_ fault: Fault, countIn countPath: String? = nil) -> [String: String] {
        var environment = ["LD_PRELOAD": path ?? "", "TALLY_FAULT": fault.text]
        environment["TALLY_FAULT_COUNT"] = countPath
        return environment
    }

    /// Beside the programs, which is a place for what is built.
    private static let path: String? = {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("fault-shim.c").path
        let folder = URL(fileURLWithPath: Program.tally.path).deletingLastPathComponent().path
        let library = "\(folder)/tally-fault-shim.so"
        let new = "\(library).\(getpid())"
        let scratch = NSTemporaryDirectory() + "tally-shim-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let flags = ["-shared", "-fPIC", "-O1", "-o", new, source, "-ldl"]
        for compiler in ["cc", "clang"] {
            let run = try? Running(
                "/usr/bin/env", [compiler] + flags,
                environment: ProcessInfo.processInfo.environment, folder: scratch
            ).wait()
            if run?.status == 0, rename(new, library) == 0 { return library }
        }
        return nil
    }()
}
