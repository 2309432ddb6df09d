import TallyStore
import TallyTerminal
import TallyWire

/// What `doctor` says.
struct DoctorReport {
    let path: String
    let findings: [Finding]
    /// Where it was to be saved; nil when it was only examined.
    let target: String?
    let salvaged: Salvaged?
    /// Nil when it was not compacted.
    let compacted: Compacted?

    func print(_ context: CommandContext) {
        if context.isJSON {
            context.print("doctor", json)
            return
        }
        printFindings(context.output)
        if let target, let salvaged { print(salvaged, target, context.output) }
        if let compacted {
            context.output.print(
                "Compacted \(Printable.line(path)): from \(FigureText.bytes(Int64(compacted.before))) to "
                    + FigureText.bytes(Int64(compacted.after)))
        }
    }

    private func printFindings(_ output: Output) {
        for finding in findings {
            output.print("\(finding.severity.rawValue): \(Printable.line(finding.what))")
        }
        // One hint may serve many findings.
        var hints: [String] = []
        for hint in findings.compactMap(\.hint) where !hints.contains(hint) { hints.append(hint) }
        if findings.isSound {
            output.print("Sound: \(Printable.line(path)), its log, its records and its structure")
        }
        if salvaged == nil { for hint in hints { output.note(Printable.line(hint)) } }
    }

    private func print(_ salvaged: Salvaged, _ target: String, _ output: Output) {
        let name = Printable.line(target)
        output.print("Saved \(FigureText.count(salvaged.changesetCount, "changeset")) in \(name)")
        if !salvaged.missing.isEmpty {
            output.print("Lost here: \(salvaged.missing.map(\.text).joined(separator: ", "))")
        } else if salvaged.unreadableCount > 0 {
            output.print(
                "Up to \(FigureText.count(salvaged.unreadableCount, "changeset")) cannot be read")
        }
        for refused in salvaged.refused {
            output.print(
                "The changeset at position \(refused.position) is not what was signed: "
                    + Printable.line(refused.reason))
        }
        if let path = salvaged.unjoinedPath {
            output.print(
                "\(FigureText.count(salvaged.unjoinedCount, "changeset")) that cannot be joined, since one before "
                    + "is lost, in \(Printable.line(path))")
        }
        let old = Printable.line(path)
        if salvaged.untakenCount > 0 {
            output.report(
                "\(FigureText.count(salvaged.untakenCount, "record")) that another tool edited and that nobody took "
                    + "\(salvaged.untakenCount == 1 ? "is" : "are") in it as before. Take the edits first, if the file can be "
                    + "written: tally -f \(old) capture. Else enter them again.")
        }
        if salvaged.isWhole {
            let beside = ["-wal", "-shm"].map { path + $0 }.filter(FilePath.exists)
                .map(Printable.line)
            output.note(
                "Nothing is lost. Put it in the place of \(old), which was left as it is"
                    + (beside.isEmpty
                        ? "."
                        : ", and take away \(beside.joined(separator: " and ")) first: they belong to the old file.")
            )
        } else {
            output.note(
                "Fetch what others have: tally -f \(name) sync. \(old) was left as it is; records that can still be "
                    + "read in it are had by: tally -f \(old) export")
        }
    }

    private var json: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("file", .string(path)), .init("sound", .bool(findings.isSound)),
            .init(
                "findings",
                .array(
                    findings.map { finding in
                        [
                            "what": .string(finding.what),
                            "severity": .string(finding.severity.rawValue),
                            "hint": finding.hint.map(JSONValue.string) ?? .null,
                        ]
                    })),
        ]
        if let target, let salvaged {
            members.append(.init("saved", salvaged.json(in: target)))
        }
        if let compacted {
            members.append(
                .init(
                    "compacted",
                    [
                        "before": .number(Double(compacted.before)),
                        "after": .number(Double(compacted.after)),
                    ]))
        }
        return members
    }
}

extension Salvaged {
    fileprivate func json(in target: String) -> JSONValue {
        [
            "file": .string(target), "changesets": .number(Double(changesetCount)),
            "whole": .bool(isWhole), "missing": .array(missing.map { .string($0.text) }),
            "unreadable": .number(Double(unreadableCount)),
            "refused": .array(
                refused.map {
                    ["position": .number(Double($0.position)), "reason": .string($0.reason)]
                }),
            "unjoined": .number(Double(unjoinedCount)),
            "unjoined_file": unjoinedPath.map(JSONValue.string) ?? .null,
        ]
    }
}
