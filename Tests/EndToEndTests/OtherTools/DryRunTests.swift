import Testing

/// Dry runs where edits by other tools wait.
struct DryRunTests {
    @Test(
        "a dry run takes nothing that another tool has edited, and says that it waits",
        arguments: [
            ["import", "new.csv", "--dry-run"],
            ["set", Desk.kosis, "value=3", "--dry-run"],
            ["set", "trade", "--where", "1", "value=3", "--dry-run"],
            ["resolve", "--all", "--take", "mine", "--dry-run"],
        ])
    func waits(arguments: [String]) throws {
        let mina = try Desk().mina
        try mina.write(
            "reporter,partner,flow,product,period,source,value\nKOR,JPN,X,TOTAL,2023,kosis,1\n",
            to: "new.csv")
        try OtherTool.sqlite.run(by: mina, "korea.tally", "UPDATE trade SET note = 'checked'")
        let before = try mina.changesetCount()
        let end = try mina.tally(arguments)
        #expect(end.status == 1)
        #expect(
            end.errors.hasPrefix(
                """
                tally: A dry run writes nothing, and edits made with another tool wait: \
                1 trade edited with another tool
                Take them first: tally capture

                """))
        #expect(try mina.changesetCount() == before)
        try mina.must("capture")
        #expect(try mina.tally(arguments).status == 0)
        #expect(try mina.changesetCount() == before + 1)
    }
}
