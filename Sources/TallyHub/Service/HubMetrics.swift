import Synchronization
import TallyWire

/// What the hub has done since it started, as Prometheus reads it; no tokens, nothing of any dataset.
final class HubMetrics: Sendable {
    private struct RequestLabels: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Counts {
        var requests: [RequestLabels: Int] = [:]
        var refusals: [String: Int] = [:]
        var acceptedLines = 0
        var duplicateLines = 0
        var acceptedBytes = 0
        var rowsSetBack = 0
        var snapshots = 0
    }

    private let counts = Mutex(Counts())

    func count(_ answer: HubAnswer, route: HubRoute?, method: String) {
        let isKnown = ["GET", "PUT", "POST"].contains(method)
        let labels = RequestLabels(
            route: route?.pattern ?? "other", method: isKnown ? method : "other",
            status: answer.status)
        counts.withLock {
            $0.requests[labels, default: 0] += 1
            if let word = answer.word { $0.refusals[word.rawValue, default: 0] += 1 }
        }
    }

    func countPush(accepted: Int, duplicates: Int, bytes: Int) {
        counts.withLock {
            $0.acceptedLines += accepted
            $0.duplicateLines += duplicates
            $0.acceptedBytes += bytes
        }
    }

    /// Rows that somebody wrote into a dataset file of the hub with another tool.
    func countSetBack(_ rows: Int) {
        counts.withLock { $0.rowsSetBack += rows }
    }

    func countSnapshot() {
        counts.withLock { $0.snapshots += 1 }
    }

    /// The text format: https://prometheus.io/docs/instrumenting/exposition_formats/
    func text(openDatasets: Int, waits: Int) -> String {
        let counts = counts.withLock { $0 }
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(String, Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for (labels, value) in samples { text += "\(name)\(labels) \(value)\n" }
        }
        family(
            "tally_hub_requests_total", "counter", "Requests by route and status.",
            counts.requests.map { labels, count in
                (
                    "{route=\"\(labels.route)\",method=\"\(labels.method)\","
                        + "status=\"\(labels.status)\"}", count
                )
            }.sorted { $0.0 < $1.0 })
        family(
            "tally_hub_refusals_total", "counter", "Refusals by the word of the problem.",
            ProblemWord.allCases.map { word in
                ("{word=\"\(word.rawValue)\"}", counts.refusals[word.rawValue] ?? 0)
            })
        family(
            "tally_hub_lines_accepted_total", "counter", "Changesets taken.",
            [("", counts.acceptedLines)])
        family(
            "tally_hub_lines_duplicate_total", "counter", "Changesets that were here already.",
            [("", counts.duplicateLines)])
        family(
            "tally_hub_push_bytes_total", "counter", "Bytes of pushes that were taken, unpacked.",
            [("", counts.acceptedBytes)])
        family(
            "tally_hub_rows_set_back_total", "counter",
            "Rows that another tool wrote into a file of the hub; kept in its table tally_refused.",
            [("", counts.rowsSetBack)])
        family(
            "tally_hub_snapshots_made_total", "counter", "Snapshots made for clones.",
            [("", counts.snapshots)])
        family("tally_hub_datasets_open", "gauge", "Dataset files open.", [("", openDatasets)])
        family("tally_hub_waiting_polls", "gauge", "Requests that wait for news.", [("", waits)])
        return text
    }
}
