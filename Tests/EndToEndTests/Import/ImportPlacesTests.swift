import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Where an import reads from and an output goes: streams that are closed, pipes without a name, links.
@Suite struct ImportPlacesTests {
    private static let header = "reporter,partner,flow,product,period,source,value\n"

    private let mina: Analyst

    init() throws {
        mina = try Office().analyst("mina", machine: "laptop")
        try mina.must("init", "korea.tally")
        try mina.write(
            Self.header + "KOR,CHN,X,TOTAL,2022,kosis,x\nKOR,CHN,X,TOTAL,2023,kosis,y\n",
            to: "bad.csv")
    }

    private func shell(_ command: String) throws -> Finished {
        try mina.start("/bin/bash", ["-c", "PATH=\"$0:$PATH\"; " + command, binaries]).wait()
    }

    private var binaries: String {
        URL(fileURLWithPath: Program.tally.path).deletingLastPathComponent().path
    }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: mina.folder + "/" + name)
    }

    @Test(
        "a closed standard input is said to be closed, at once",
        arguments: ["tally import - <&-", "tally import - 0>away", "tally import - <&- >&-"])
    func closedInput(_ command: String) throws {
        let end = try shell("timeout 20 \(command)")
        #expect(
            end.errors.hasPrefix(
                """
                tally: standard input cannot be read: it is closed, or open for writing alone
                Name a file, or send one: tally import - < FILE

                """), "\(end.errors)")
        #expect(end.status == 66)
    }

    @Test("a stream that is closed does not give its number to the dataset")
    func closedStreams() throws {
        try mina.write(Self.header + "KOR,CHN,X,TOTAL,2023,kosis,3\n", to: "good.csv")
        #expect(try shell("tally import good.csv <&- 2>&-").status == 0)
        #expect(try shell("tally list trade >&-").status == 74)
        #expect(try shell("tally verify").status == 0)
    }

    @Test("a pipe without a name is called by its path, and what it refuses import.refused.csv")
    func unnamed() throws {
        let end = try shell("tally import <(cat bad.csv)")
        let place = try #require(end.errors.split(separator: ",").first)
        #expect(place.hasPrefix("/dev/fd/"), "\(end.errors)")
        #expect(end.errors.contains("tally: \(place): 2 rows cannot be taken"))
        #expect(
            try shell("tally import <(cat bad.csv) --skip-bad").errors
                .contains("The rows that were left out are in import.refused.csv"))
        #expect(exists("import.refused.csv"))
        _ = try shell("tally import <(sed 's/,x/,2/; s/,y/,3/' bad.csv)")
        #expect(try mina.must("log").output.contains("import /dev/fd/"))
        #expect(
            try shell("tally import /dev/stdin < bad.csv").errors.hasPrefix("/dev/stdin, row 2: "))
    }

    @Test("an import of which every row is refused fails, and leaves but the file of its rows")
    func allRefused() throws {
        let before = try mina.export()
        for dryRun in [["--dry-run"], []] {
            let end = try mina.tally(["import", "bad.csv", "--skip-bad"] + dryRun)
            #expect(end.status == 65)
            #expect(end.output == "")
            #expect(
                end.errors.contains(
                    "tally: bad.csv: no row can be taken (2 rows refused); nothing was imported\n"))
            #expect(exists("bad.refused.csv") == dryRun.isEmpty)
        }
        let json = try mina.tally("import", "bad.csv", "--skip-bad", "--json")
        #expect(json.status == 65)
        #expect(json.json["imported"] as? Bool == false)
        #expect(json.json["refused_file"] as? String == "bad.refused-2.csv")
        #expect(try mina.export() == before)
        #expect(try mina.must("log").output == "")
        // One row that is taken is enough; one that was there already is one.
        try mina.write(Self.header + "KOR,CHN,X,TOTAL,2023,kosis,3\n", to: "good.csv")
        try mina.must("import", "good.csv")
        try mina.write(
            Self.header + "KOR,CHN,X,TOTAL,2022,kosis,x\nKOR,CHN,X,TOTAL,2023,kosis,3\n",
            to: "half.csv")
        #expect(
            try mina.must("import", "half.csv", "--skip-bad").plainOutput
                == "Imported half.csv: 1 unchanged, 1 refused\n")
    }

    @Test("what is written to a link is written to where it leads, and the link stays")
    func links() throws {
        _ = try shell(
            "mkdir sub && ln -s sub/out.jsonl link && ln -s link twice && ln -s b a && ln -s a b")
        try mina.write(Self.header + "KOR,CHN,X,TOTAL,2023,kosis,3\n", to: "good.csv")
        try mina.must("import", "good.csv")
        let expected = try mina.must("export").output
        // Where nothing is yet, and where something is.
        for name in ["link", "twice"] {
            try mina.must("export", "-o", name)
            #expect(
                try String(contentsOfFile: mina.folder + "/sub/out.jsonl", encoding: .utf8)
                    == expected)
            try mina.write("old", to: "sub/out.jsonl")
        }
        let links = try shell("readlink link twice; ls sub")
        #expect(links.output == "sub/out.jsonl\nlink\nout.jsonl\n")
        let loop = try mina.tally("export", "-o", "a")
        #expect(loop.status == 73)
        #expect(
            loop.errors.hasPrefix("tally: a cannot be written: Too many levels of symbolic links"))
        _ = try shell("ln -s sub/rows.csv rows")
        _ = try mina.tally("import", "bad.csv", "--skip-bad", "--refused", "rows")
        #expect(exists("sub/rows.csv"))
    }

    @Test("a map that cannot be read is refused on every way into the dataset")
    func brokenMap() throws {
        try mina.write("Day,What\n3 December 2023,Ministers meet\n", to: "visits.csv")
        let given = "--map date=Day --map title=What --set type=visit --source mofa --save-map m"
        try #require(
            try mina.tally(["import", "visits.csv"] + given.split(separator: " ").map(String.init))
                .status == 0)
        try mina.must("add", "setting", "name=other", "value=nonsense")
        let before = try mina.must("export", "--kind", "setting").output
        for command in [
            ["set", "setting/map.m", "value=nonsense"],
            ["set", "setting", "--where", "name = 'map.m'", "value=nonsense"],
            ["add", "setting", "name=map.x", "value=nonsense"],
            ["rename", "setting/other", "name=map.x"],
        ] {
            let end = try mina.tally(command)
            #expect(end.status == 65, "\(command)")
            #expect(
                end.errors.contains("would be no map that can be read: it is no JSON object"),
                "\(end.errors)")
        }
        #expect(try mina.must("export", "--kind", "setting").output == before)
    }
}
