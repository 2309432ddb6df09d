import Synchronization
import Testing

@testable import TallyTerminal

@Suite struct ProgressTests {
    @Test("nothing is shown in the first second, then amount, rate and time left")
    func line() {
        var meter = ProgressMeter(
            label: "import", total: 1_000_000, unit: .items("rows"), startMs: 500)
        #expect(meter.update(done: 1, atMs: 500) == nil)
        #expect(meter.update(done: 80_000, atMs: 1499) == nil)
        #expect(
            meter.update(done: 120_000, atMs: 500 + 1412)
                == "import  120,000 of 1,000,000 rows  85,000/s  10 s left")
    }

    @Test("a line is due at most ten times a second")
    func redraws() {
        var meter = ProgressMeter(label: "import", total: nil, unit: .items("rows"), startMs: 0)
        var drawn: [Int64] = []
        for atMs: Int64 in 0...1500 where meter.update(done: atMs, atMs: atMs) != nil {
            drawn.append(atMs)
        }
        #expect(drawn == [1000, 1100, 1200, 1300, 1400, 1500])
    }

    @Test("without a total there is a rate and no time left")
    func noTotal() {
        var meter = ProgressMeter(label: "import", total: nil, unit: .items("rows"), startMs: 0)
        #expect(meter.update(done: 0, atMs: 1000) == "import  0 rows")
        #expect(meter.update(done: 3, atMs: 2000) == "import  3 rows  1.5/s")
    }

    @Test("bytes have sizes")
    func bytes() {
        var meter = ProgressMeter(label: "pull", total: 10_000_000, unit: .bytes, startMs: 0)
        #expect(
            meter.update(done: 4_200_000, atMs: 3500)
                == "pull  4.2 MB of 10 MB  1.2 MB/s  5 s left")
    }

    @Test("the rate is that of the last ten seconds")
    func window() {
        var meter = ProgressMeter(
            label: "pull", total: 100_000, unit: .items("changesets"), startMs: 0)
        for second: Int64 in 1...20 { _ = meter.update(done: second * 1000, atMs: second * 1000) }
        for second: Int64 in 21...29 {
            _ = meter.update(done: 20_000 + (second - 20) * 100, atMs: second * 1000)
        }
        #expect(
            meter.update(done: 21_000, atMs: 30_000)
                == "pull  21,000 of 100,000 changesets  100/s  13 min left")
    }

    @Test("done is done: no time is left")
    func atTheEnd() {
        var meter = ProgressMeter(label: "import", total: 10, unit: .items("rows"), startMs: 0)
        #expect(meter.update(done: 10, atMs: 2000) == "import  10 of 10 rows  5/s")
    }

    @Test("the line appears on standard error of a terminal and is gone at the end")
    func driver() {
        let nowMs = Mutex<Int64>(0)
        let (output, text) = Output.captured(terminal: OutputTests.screen)
        let clock: @Sendable () -> Int64 = { nowMs.withLock { $0 } }
        let progress = ProgressLine(
            "read", total: 4, unit: .items("rows"), output: output, nowMs: clock)
        for _ in 0..<3 {
            nowMs.withLock { $0 += 600 }
            progress.advance()
        }
        progress.finish()
        progress.finish()
        #expect(
            text.errors == "\rread  2 of 4 rows  1.7/s  1 s left\u{1B}[K"
                + "\rread  3 of 4 rows  1.7/s  1 s left\u{1B}[K\r\u{1B}[K")
        #expect(text.output == "")
    }

    @Test("nothing is printed where standard error is not a terminal")
    func noTerminal() {
        let nowMs = Mutex<Int64>(0)
        let (output, text) = Output.captured()
        let progress = ProgressLine("read", unit: .bytes, output: output) {
            nowMs.withLock { moment in
                moment += 5000
                return moment
            }
        }
        progress.update(done: 10, total: 20)
        progress.finish()
        #expect(text.errors == "")
    }
}
