import Foundation
import TallySimulator

#if canImport(Glibc)
    import Glibc
#endif

/// When a process is killed.
enum Moment: CustomStringConvertible {
    /// Before its n-th writing system call; or halfway through it.
    case call(Int, torn: Bool)
    /// So many microseconds after its start.
    case time(Int)

    var description: String {
        switch self {
        case .call(let number, let torn):
            return "\(torn ? "halfway through" : "before") writing call \(number)"
        case .time(let us): return "after \(us) µs"
        }
    }

    /// What the process must be started with.
    var environment: [String: String] {
        switch self {
        case .call(let number, torn: false): return FaultShim.environment(.kill(number))
        case .call(let number, torn: true): return FaultShim.environment(.torn(number))
        case .time: return [:]
        }
    }

    /// Kills the process at this moment, unless it does so itself.
    func strike(_ running: Running) {
        guard case .time(let us) = self else { return }
        // The moment is what is tested; nothing waits for it.
        usleep(UInt32(us))
        kill(running.id, SIGKILL)
    }
}

/// How long a process takes that nobody disturbs.
struct Undisturbed {
    let calls: Int
    let durationUs: Int

    /// Runs what `start` starts with the environment that it is given, and measures.
    init(folder: String, _ start: ([String: String]) throws -> Running) throws {
        let countPath = "\(folder)/calls"
        let start0 = Date()
        let finished = try start(FaultShim.environment(.count, countIn: countPath)).wait()
        durationUs = Int(Date().timeIntervalSince(start0) * 1_000_000)
        let text = try String(contentsOfFile: countPath, encoding: .utf8)
        guard finished.status == 0, let calls = Int(text.dropLast()), calls > 0 else {
            throw Failure("undisturbed it ends with \(finished.status): \(finished.errors)")
        }
        self.calls = calls
    }

    /// Moments spread over the whole run, each at random within its share: by calls and by time in turn.
    func moments(_ count: Int, _ generator: inout SeededGenerator) -> [Moment] {
        (0..<count).map { index in
            let part = { (whole: Int, generator: inout SeededGenerator) in
                let share = Double(whole) / Double(count)
                return Int(share * Double(index)) + generator.below(max(1, Int(share)))
            }
            if index % 2 == 1 { return .time(part(durationUs, &generator)) }
            return .call(1 + part(calls, &generator), torn: generator.chance(percent: 30))
        }
    }
}
