import Foundation

/// Runs a program to its end.
enum Shell {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    @discardableResult
    static func run(_ arguments: String..., input: [UInt8] = []) throws -> Result {
        try run(arguments, input: input)
    }

    static func run(_ arguments: [String], input: [UInt8] = []) throws -> Result {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        // Files, not pipes: nobody has to read while the other writes.
        let files = ["in", "out", "err"].map { URL(fileURLWithPath: folder.path + "/" + $0) }
        try Data(input).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
}
