import Glibc
import TallyTerminal
import Testing

@Suite(.timeLimit(.minutes(10))) struct InterruptionTests {
    @Test("the first signal only sets a flag and wakes who waits")
    func first() async {
        await #expect(processExitsWith: .exitCode(7)) {
            Interruption.install()
            precondition(!Interruption.isRequested && Interruption.signal == nil)
            precondition(!Interruption.wait(ms: 1))
            // To the process and not with raise: the threads of Swift tasks block signals.
            kill(getpid(), SIGTERM)
            precondition(Interruption.wait(ms: 3_600_000))
            precondition(Interruption.isRequested && Interruption.signal == SIGTERM)
            kill(getpid(), SIGHUP)
            do throws(TerminalError) {
                try Interruption.check()
            } catch {
                exit(error == .interrupted ? 7 : 1)
            }
        }
    }

    @Test("a second SIGINT exits at once with 130")
    func second() async {
        await #expect(processExitsWith: .exitCode(130)) {
            Interruption.install()
            kill(getpid(), SIGINT)
            precondition(Interruption.wait(ms: 3_600_000))
            kill(getpid(), SIGINT)
            while true { pause() }
        }
    }

    @Test("a signal that was ignored from the start stays ignored")
    func ignored() async {
        await #expect(processExitsWith: .exitCode(7)) {
            _ = Glibc.signal(SIGHUP, SIG_IGN)
            Interruption.install()
            kill(getpid(), SIGHUP)
            exit(Interruption.isRequested ? 1 : 7)
        }
    }
}
