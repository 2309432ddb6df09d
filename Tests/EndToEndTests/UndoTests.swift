import Foundation
import Testing

/// `tally undo` through the program: two analysts who sync their files.
@Suite struct UndoTests {
    private static let record = "trade/KOR/CHN/X/TOTAL/2023/kosis"

    /// mina and jun with one figure that both have.
    private func analysts() throws -> (mina: Analyst, jun: Analyst) {
        let office = try Office()
        let mina = try office.analyst("mina", machine: "laptop")
        let jun = try office.analyst("jun", machine: "desk-2")
        try mina.must("init", "korea.tally", "--name", "korea")
        try mina.must(
            "add", "trade", "reporter=KOR", "partner=CHN", "flow=X", "product=TOTAL", "period=2023",
            "source=kosis", "value=124800000000", "status=P")
        try jun.must("clone", mina.file, "korea.tally")
        return (mina, jun)
    }

    private func sync(_ mina: Analyst, _ jun: Analyst) throws {
        try mina.must("sync", jun.file)
    }

    /// The last changeset in a copy, as `log` prints it.
    private func last(_ analyst: Analyst) throws -> String {
        let json = try analyst.must("log", "--json", "--limit", "1").json
        let changeset = try #require((json["changesets"] as? [[String: Any]])?.first)
        let replica = try #require(changeset["replica"] as? String).prefix(6)
        return "\(replica):\(try #require(changeset["seq"] as? Int))"
    }

    private func lastMessage(_ analyst: Analyst) throws -> String {
        let json = try analyst.must("log", "--json", "--limit", "1").json
        let changeset = try #require((json["changesets"] as? [[String: Any]])?.first)
        return try #require(changeset["message"] as? String)
    }

    /// The values of a conflict's sides by letter, without who wrote them.
    private func sides(_ analyst: Analyst) throws -> [String] {
        try analyst.conflicts().map { conflict in
            let id = try #require(conflict["id"] as? String)
            let sides = try #require(conflict["sides"] as? [[String: Any]])
            let texts = try sides.map { side in
                let value = try #require(side["value"] as? [String: Any])
                let letter = try #require(side["letter"] as? String)
                return "\(letter) \(value["value"] ?? "-") \(value["status"] ?? "-")"
            }
            return "\(id): \(texts.joined(separator: ", "))"
        }
    }

    @Test("plain undo takes back the last change of this copy, and then the undo")
    func lastChange() throws {
        let (mina, jun) = try analysts()
        let before = try mina.export()
        try mina.must("set", Self.record, "note=checked", "tags+=draft", "-m", "from the release")
        let change = try last(mina)
        let after = try mina.export()
        let dry = try mina.must("undo", "--dry-run")
        #expect(dry.output.hasPrefix("Would undo \(change) of mina@laptop: from the release\n"))
        #expect(!dry.output.contains("Take it back"))
        #expect(try last(mina) == change)

        let undone = try mina.must("undo")
        let undo = try last(mina)
        #expect(
            undone.output == """
                Undid \(change) of mina@laptop: from the release
                Put back 1 record: 1 changed
                  RECORD                            FIELD  NOW
                  \(Self.record)  note   nothing
                  \(Self.record)  tags   - draft
                Take it back with: tally undo \(undo)

                """)
        #expect(try mina.export() == before)
        try mina.must("undo")
        #expect(try mina.export() == after)
        try sync(mina, jun)
        #expect(try jun.export() == after)
        let messages = try mina.must("log").output.split(separator: "\n").dropFirst().map {
            $0.split(separator: "  ").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
        }
        #expect(
            messages.prefix(3) == [
                "undo \(undo) (an undo of \(change): from the release)",
                "undo \(change): from the release",
                "from the release",
            ])
        let redo = try last(mina)
        try mina.must("undo")
        #expect(try lastMessage(mina) == "undo \(redo) (an undo of \(undo))")
        let third = try last(mina)
        try mina.must("undo")
        #expect(try lastMessage(mina) == "undo \(third) (an undo of \(redo))")
        #expect(try jun.tally("undo").status == 1)
        #expect(
            try jun.tally("undo").errors == """
                tally: This copy has not written anything yet
                Name what somebody else has written: tally undo REVISION. See the revisions with: tally log

                """)
    }

    @Test("edits of another tool that wait are not the last change: they are taken, and stay")
    func waitingEdits() throws {
        let (mina, _) = try analysts()
        try mina.must("set", Self.record, "note=checked", "-m", "from the release")
        let change = try last(mina)
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE trade SET quantity = 7")
        let dry = try mina.tally("undo", "--dry-run")
        #expect(dry.status == 1 && dry.output.isEmpty)
        #expect(dry.errors.contains("1 trade edited with another tool"))
        #expect(try last(mina) == change)

        let undone = try mina.must("undo")
        #expect(undone.output.hasPrefix("Undid \(change) of mina@laptop: from the release\n"))
        let shown = try mina.export()
        #expect(shown.contains(#""quantity":7"#) && !shown.contains("checked"))
        #expect(try lastMessage(mina) == "undo \(change): from the release")
        let messages = try mina.must("log", "--json").json["changesets"] as? [[String: Any]]
        #expect(messages?.count == 4)
    }

    @Test("undo of a resolution gives the conflict back to both, whoever undoes it")
    func resolution() throws {
        let (mina, jun) = try analysts()
        try mina.must("set", Self.record, "value=124817682000", "status=A", "-m", "customs, final")
        try jun.must(
            "set", Self.record, "value=124818000000", "-m", "rounded from the press release")
        try sync(mina, jun)
        let before = try sides(mina)
        let id = try #require(before.first?.prefix(8))
        #expect(before == ["\(id): A 124817682000 A, B 124818000000 P"])

        let resolved = try mina.must("resolve", "--all", "--take", "A")
        let resolution = try last(mina)
        #expect(
            resolved.output
                == "Resolved 1 conflict; 0 left. Take it back with: tally undo \(resolution)\n")
        try sync(mina, jun)
        #expect(try sides(jun).isEmpty)

        let undone = try jun.must("undo", resolution, "-m", "the press release is newer")
        #expect(
            undone.output == """
                Undid \(resolution) of mina@laptop: resolve value: 124,817,682,000 USD A over \
                124,818,000,000 USD P
                Put back 1 record: 1 changed
                  RECORD                            FIELD  NOW
                  \(Self.record)  value  124,817,682,000 USD A | 124,818,000,000 USD P
                Open again: 1 conflict, \(id)
                Take it back with: tally undo \(try last(jun))

                """)
        try sync(mina, jun)
        #expect(try sides(mina) == before && sides(jun) == before)
        let json = try mina.must("undo", try last(jun), "--json").json
        #expect(json["schema"] as? String == "tally.undo/v1")
        #expect(json["settled"] as? [String] == [String(id)])
        #expect(json["records"] as? Int == 1 && json["changes"] as? Int == 1)
        try sync(mina, jun)
        #expect(try sides(jun).isEmpty)
        #expect(try mina.export() == jun.export())
    }

    @Test("what others have changed since is left and named; when that is all, undo says so")
    func laterEdits() throws {
        let (mina, jun) = try analysts()
        try mina.must("set", Self.record, "value=1", "note=typed")
        let change = try last(mina)
        try sync(mina, jun)
        try jun.must("set", Self.record, "value=2")
        let later = try last(jun)
        try sync(mina, jun)
        let undone = try mina.must("undo")
        let left = """
            Left as it is:
              RECORD                            FIELD  WHY
              \(Self.record)  value  jun@desk-2 has changed it since (\(later))

            """
        #expect(
            undone.output == """
                Undid \(change) of mina@laptop
                Put back 1 record: 1 changed
                  RECORD                            FIELD  NOW
                  \(Self.record)  note   nothing
                \(left)Take it back with: tally undo \(try last(mina))

                """)
        let vector = try mina.must("status", "--json").json["vector"] as? [String: Int]
        let again = try mina.tally("undo", change)
        #expect(again.status == 1)
        #expect(again.output.hasPrefix("Left as it is:\n"))
        #expect(
            again.errors == """
                tally: Nothing to undo: none of what \(change) wrote is still as it wrote it
                Take back what has been written since, latest first, or set what you want.

                """)
        #expect(try mina.must("status", "--json").json["vector"] as? [String: Int] == vector)
    }

    @Test(
        "undo of an import leaves what was there before it, and of its records those edited since")
    func importedFile() throws {
        let (mina, _) = try analysts()
        let examples = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Examples/korea-2023").standardizedFileURL.path
        try mina.must("import", "\(examples)/trade.csv")
        try mina.must("import", "\(examples)/events.csv")
        let before = try mina.export()
        try mina.must("import", "\(examples)/trade-annual.csv", "--overwrite")
        let imported = try last(mina)
        let after = try mina.export()
        let json = try mina.must("undo", imported, "--json").json
        #expect(json["records"] as? Int == 1014 && json["left_count"] as? Int == 0)
        #expect(json["deleted"] as? Int == 1013)
        #expect(try mina.export() == before)
        try mina.must("undo")
        #expect(try mina.export() == after)

        // Whoever brought the records back wants them as they were.
        let again = try mina.tally("undo", imported)
        #expect(again.status == 1)
        #expect(again.output.contains("  mina@laptop has restored the record since ("))
        #expect(try mina.export() == after)
        try mina.must("verify")
    }

    @Test(
        "after the undo of a wrong import the right one is taken, but not where a person had written"
    )
    func wrongImport() throws {
        let (mina, _) = try analysts()
        func write(_ value: Int, to name: String) throws {
            try mina.write(
                "reporter,partner,flow,product,period,source,value\n"
                    + "KOR,USA,X,TOTAL,2023,kosis,\(value)\n", to: name)
        }
        for (number, name) in [(1, "first.csv"), (9, "wrong.csv"), (2, "right.csv")] {
            try write(number, to: name)
        }
        func undoIsMarked() throws -> Bool {
            let json = try mina.must("log", "--json", "--limit", "1").json
            let changeset = try #require((json["changesets"] as? [[String: Any]])?.first)
            return try #require(changeset["import"] as? Bool)
        }
        try mina.must("import", "first.csv")
        try mina.must("import", "wrong.csv")
        try mina.must("undo")
        #expect(try undoIsMarked())
        #expect(
            try mina.must("import", "right.csv").output == "Imported right.csv: 1 changed\n")

        // What a person wrote and the undo puts back stays theirs.
        try mina.must("set", "trade/KOR/USA/X/TOTAL/2023/kosis", "value=5")
        try mina.must("import", "wrong.csv", "--overwrite")
        try mina.must("undo")
        #expect(try !undoIsMarked())
        #expect(
            try mina.must("import", "right.csv").output.hasPrefix("Imported right.csv: 1 kept\n"))
        try mina.must("verify")
    }

    @Test("after the undo of a wrong import elements come and go as the right one has them")
    func elementsOfWrongImport() throws {
        let (mina, _) = try analysts()
        func write(_ actors: String, to name: String) throws {
            try mina.write(
                "id,date,type,title,actors\ne:1,2023-01-01,meeting,Alpha,\(actors)\n", to: name)
        }
        for (actors, name) in [
            ("KOR", "first.csv"), ("KOR;CHN", "wrong.csv"), ("KOR;CHN;JPN", "right.csv"),
        ] {
            try write(actors, to: name)
        }
        try mina.must("import", "first.csv", "--kind", "event")
        try mina.must("import", "wrong.csv", "--kind", "event")
        try mina.must("undo")
        #expect(
            try mina.must("import", "right.csv", "--kind", "event").output
                == "Imported right.csv: 1 changed\n")
        let actors = #""actors":["CHN","JPN","KOR"]"#
        #expect(try mina.export().contains(actors))

        // What a person took out stays out, and is counted; also when an undo took it out again.
        try mina.must("set", "event/e:1", "actors-=CHN")
        for _ in 0..<2 {
            let kept = try mina.must("import", "right.csv", "--kind", "event").output
            #expect(kept.hasPrefix("Imported right.csv: 1 kept\n"))
            #expect(try !mina.export().contains(actors))
            try mina.must("import", "right.csv", "--kind", "event", "--overwrite")
            #expect(try mina.export().contains(actors))
            try mina.must("undo")
        }
        try mina.must("verify")
    }

    @Test("of the records of a wrong import only those that a person had written are kept")
    func partOfWrongImport() throws {
        let (mina, _) = try analysts()
        func write(_ note: String, to name: String) throws {
            try mina.write(
                "id,date,type,title,note\n"
                    + (1...20).map { "e:\($0),2023-01-01,meeting,T\($0),\(note)\n" }.joined(),
                to: name)
        }
        for name in ["first", "wrong", "right"] { try write(name, to: "\(name).csv") }
        try mina.must("import", "first.csv", "--kind", "event")
        try mina.must("set", "event/e:7", "note=person")
        let before = try mina.export()
        try mina.must("import", "wrong.csv", "--kind", "event", "--overwrite")
        let wrong = try mina.export()
        try mina.must("undo")
        #expect(try mina.export() == before)
        // Changesets of both sorts are one deed.
        try mina.must("undo")
        #expect(try mina.export() == wrong)
        try mina.must("undo")
        #expect(try mina.export() == before)
        let right = try mina.must("import", "right.csv", "--kind", "event").output
        #expect(right.hasPrefix("Imported right.csv: 19 changed, 1 kept\n"))
        #expect(try mina.export().contains(#""note":"person""#))
        try mina.must("verify")
    }

    @Test(
        "of the records of an import those that somebody has edited since stay, with what they say")
    func importedAndEdited() throws {
        let (mina, jun) = try analysts()
        try mina.write(
            "reporter,partner,flow,product,period,source,value\n"
                + "KOR,USA,X,TOTAL,2022,kosis,1\nKOR,USA,X,TOTAL,2023,kosis,2\n", to: "usa.csv")
        let before = try mina.export()
        try mina.must("import", "usa.csv")
        let imported = try last(mina)
        try sync(mina, jun)
        try jun.must("set", "trade/KOR/USA/X/TOTAL/2023/kosis", "note=checked")
        let edit = try last(jun)
        try sync(mina, jun)
        #expect(
            try mina.must("undo").output == """
                Undid \(imported) of mina@laptop: import usa.csv
                Put back 2 records: 1 deleted, 1 changed
                  RECORD                            FIELD  NOW
                  trade/KOR/USA/X/TOTAL/2022/kosis  -      deleted
                  trade/KOR/USA/X/TOTAL/2023/kosis  value  nothing
                Left as it is:
                  RECORD                            FIELD  WHY
                  trade/KOR/USA/X/TOTAL/2023/kosis  -      the record stays: jun@desk-2 has edited it since (\(edit))
                Take it back with: tally undo \(try last(mina))

                """)
        try sync(mina, jun)
        let kept =
            #"{"kind":"trade","reporter":"KOR","partner":"USA","flow":"X","product":"TOTAL","#
            + #""period":"2023","source":"kosis","note":"checked"}"#
        #expect(try mina.export() == before + kept + "\n")
        #expect(try mina.export() == jun.export())
    }
}
