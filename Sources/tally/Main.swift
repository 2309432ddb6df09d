import ArgumentParser
import TallyStore
import TallyTerminal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@main
enum Main {
    static func main() {
        ProcessMemory.returnLargeBlocks()
        SQLiteMemory.keepNoAccount()
        StandardStreams.holdClosed()
        Interruption.install()
        let arguments = Array(CommandLine.arguments.dropFirst())
        var code: Int32 = 0
        do {
            try GivenBytes.check()
            try CommandName.check(arguments)
            var command = try Tally.parsed(arguments)
            try command.run()
        } catch {
            code = Failure(error).report(asJSON: arguments.contains("--json"))
        }
        do throws(TerminalError) {
            try CommandContext.output.finish()
        } catch {
            // Standard output is gone or full; standard error may still be read.
            CommandContext.output.report("tally: \(error.message)")
            code = max(code, 74)
        }
        exit(code)
    }
}
