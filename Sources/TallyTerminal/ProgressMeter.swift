/// Decides when a line of progress is due, and what it says.
///
/// ```
/// import  120,000 of 1,000,000 rows  85,000/s  10 s left
/// ```
///
/// A value: time comes in as milliseconds of any clock that only goes forward. Nothing is due in
/// the first second, and then at most ten times a second. The rate is that of the last ten seconds.
struct ProgressMeter: Sendable {
    static let delayMs: Int64 = 1000
    static let redrawMs: Int64 = 100
    static let windowMs: Int64 = 10_000

    let label: String
    let unit: ProgressLine.Unit
    var total: Int64?
    private(set) var done: Int64 = 0
    private var drawnMs: Int64?
    /// Counts at moments in time, oldest first; the first is at or before the window's start.
    private var samples: [(atMs: Int64, done: Int64)]
    private let startMs: Int64

    init(label: String, total: Int64?, unit: ProgressLine.Unit, startMs: Int64) {
        self.label = label
        self.total = total
        self.unit = unit
        self.startMs = startMs
        samples = [(startMs, 0)]
    }

    /// Notes that `done` is done; returns the line to draw if one is due.
    mutating func update(done: Int64, atMs: Int64) -> String? {
        self.done = done
        if atMs - startMs < ProgressMeter.delayMs { return nil }
        if let drawnMs, atMs - drawnMs < ProgressMeter.redrawMs { return nil }
        drawnMs = atMs
        while samples.count > 1 && samples[1].atMs <= atMs - ProgressMeter.windowMs {
            samples.removeFirst()
        }
        let start = samples[0]
        let perSecond = Double(done - start.done) * 1000 / Double(max(1, atMs - start.atMs))
        samples.append((atMs, done))
        return line(perSecond: perSecond)
    }

    private func line(perSecond: Double) -> String {
        var parts = [label, amount]
        guard perSecond > 0 else { return parts.joined(separator: "  ") }
        let rate = FigureText.rate(perSecond: perSecond)
        switch unit {
        case .items: parts.append(FigureText.grouped(rate) + "/s")
        case .bytes: parts.append(FigureText.bytes(Int64(rate)) + "/s")
        }
        if let total, total > done {
            let leftMs = Double(total - done) / perSecond * 1000
            if let leftMs = Int64(exactly: leftMs.rounded()) {
                parts.append(TimeText.duration(ms: leftMs) + " left")
            }
        }
        return parts.joined(separator: "  ")
    }

    private var amount: String {
        switch unit {
        case .items(let name):
            FigureText.grouped(done) + (total.map { " of " + FigureText.grouped($0) } ?? "") + " "
                + name
        case .bytes:
            FigureText.bytes(done) + (total.map { " of " + FigureText.bytes($0) } ?? "")
        }
    }
}
