import StoreTestSupport
import TallyCore
import TallyFormats
import TallyStore
import Testing

/// ACLED: the file of the export tool, and the list of deletions.
struct ACLEDTests {
    private static let names = [
        "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
        "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
        "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "location",
        "latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities",
        "tags", "timestamp",
    ]

    private static func file(_ rows: [String: String]..., delimiter: String = ",") -> String {
        file(rows, delimiter: delimiter)
    }

    private static func file(_ rows: [[String: String]], delimiter: String = ",") -> String {
        let usual = [
            "event_id_cnty": "ETH1", "event_date": "2023-09-23", "year": "2023",
            "time_precision": "1", "disorder_type": "Political violence", "event_type": "Battles",
            "sub_event_type": "Armed clash", "actor1": "Military Forces of Ethiopia (2018-)",
            "inter1": "State forces", "actor2": "Fano Youth Militia", "iso": "231",
            "country": "Ethiopia", "location": "Gondar", "latitude": "12.6", "longitude": "37.4666",
            "source": "Addis Standard; Reuters",
            "notes": "\"On 23 September, forces clashed; some fled.\"",
            "fatalities": "3", "timestamp": "1696000000",
        ]
        let lines = rows.map { row in
            names.map { row[$0] ?? usual[$0] ?? "" }.joined(separator: delimiter)
        }
        return ([names.joined(separator: delimiter)] + lines).joined(separator: "\n") + "\n"
    }

    @Test(
        "an event is read whole, whatever the delimiter and however its date is written",
        arguments: [",", ";"], ["2023-09-23", "23 September 2023", "23/09/2023"])
    func event(delimiter: String, date: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let source = delimiter == ";" ? "\"Addis Standard; Reuters\"" : "Addis Standard; Reuters"
        let text = Self.file(["event_date": date, "source": source], delimiter: delimiter)
        let report = try mina.importing(text)
        #expect(report.format == "acled")
        #expect(report.brief == "1 new")
        #expect(report.notKept == ["disorder_type": 1, "inter1": 1])
        #expect(
            try mina.export("event", as: "jsonl") == """
                {"kind":"event","id":"acled:ETH1","date":"2023-09-23","type":"assault",\
                "code":"Battles","title":"Armed clash",\
                "summary":"On 23 September, forces clashed; some fled.","location":"Gondar",\
                "country":"ETH","latitude":12.6,"longitude":37.4666,"intensity":3,\
                "actors":["ETH","Fano Youth Militia"],\
                "participants":["Fano Youth Militia","Military Forces of Ethiopia (2018-)"],\
                "source":"acled","citations":["Addis Standard","Reuters"]}

                """)
        #expect(try mina.importing(text).brief == "1 unchanged")
    }

    static let kinds: [(String, String, String)] = [
        ("Battles", "Government regains territory", "assault"),
        ("Explosions/Remote violence", "Air/drone strike", "assault"),
        ("Violence against civilians", "Attack", "assault"),
        ("Protests", "Peaceful protest", "protest"), ("Riots", "Violent demonstration", "protest"),
        ("Riots", "Mob violence", "assault"), ("Strategic developments", "Agreement", "agreement"),
        ("Strategic developments", "Arrests", "coerce"),
        ("Strategic developments", "Looting/property destruction", "coerce"),
        ("Strategic developments", "Headquarters or base established", "mobilize"),
        ("Strategic developments", "Change to group/activity", "other"),
    ]

    @Test("ACLED's types have one of ours", arguments: kinds)
    func types(_ event: String, _ subEvent: String, _ type: String) throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.file(["event_type": event, "sub_event_type": subEvent]))
        let values = try #require(try mina.view("event/acled:ETH1").row?.values)
        #expect(values["type"] == .text(type))
        #expect(values["code"] == .text(event))
    }

    @Test("civilians are targets; demonstrators keep their name; a week is no day")
    func roles() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            Self.file(
                [
                    "event_type": "Violence against civilians", "sub_event_type": "Attack",
                    "actor2": "Civilians (Ethiopia)",
                    "assoc_actor_2": "Women (Ethiopia); Farmers (Ethiopia)",
                    "time_precision": "2", "tags": "women targeted: politicians",
                ],
                [
                    "event_id_cnty": "KOS2", "event_type": "Protests",
                    "sub_event_type": "Peaceful protest", "actor1": "Protesters (Kosovo)",
                    "actor2": "", "iso": "0", "country": "Kosovo", "time_precision": "3",
                    "tags": "crowd size=around 100",
                ]))
        #expect(
            report.remarks == [
                "events of which ACLED knows the week or the month, not the day, are dated to the month: 2"
            ])
        let attack = try #require(try mina.view("event/acled:ETH1").row)
        #expect(attack.values["date"] == .text("2023-09"))
        #expect(attack.sets["actors"] == ["ETH"])
        #expect(attack.sets["targets"] == ["Civilians (Ethiopia)"])
        #expect(attack.sets["participants"]?.count == 4)
        let protest = try #require(try mina.view("event/acled:KOS2").row)
        #expect(protest.sets["actors"] == ["Protesters (Kosovo)"])
        #expect(protest.values["country"] == .text("XKX"))
        #expect(protest.sets["tags"] == ["crowd size=around 100"])
    }

    @Test(
        "armies are their states, factions of them are not; civilians are the target in either place"
    )
    func parties() throws {
        let mina = try TestFolder().copy("mina")
        try mina.importing(
            Self.file(
                [
                    "event_id_cnty": "1",
                    "actor1": "Military Forces of the Republic of Congo (1997-)",
                ],
                [
                    "event_id_cnty": "2",
                    "actor1": "Military Forces of Libya (2014-) Haftar Faction",
                ],
                [
                    "event_id_cnty": "3", "event_type": "Violence against civilians",
                    "sub_event_type": "Attack", "actor1": "Civilians (Congo)", "actor2": "Rebels",
                ]))
        #expect(
            try mina.view("event/acled:1").row?.sets["actors"] == ["COG", "Fano Youth Militia"])
        #expect(
            try mina.view("event/acled:2").row?.sets["actors"] == [
                "Fano Youth Militia", "Military Forces of Libya (2014-) Haftar Faction",
            ])
        let row = try mina.view("event/acled:3").row
        #expect(row?.sets["actors"] == ["Rebels"])
        #expect(row?.sets["targets"] == ["Civilians (Congo)"])
    }

    @Test("of two rows with one id the later timestamp counts, wherever it stands")
    func timestamps() throws {
        for order in [[0, 1], [1, 0]] {
            let folder = try TestFolder()
            let mina = try folder.copy("mina")
            let rows = [
                ["timestamp": "1696000000", "fatalities": "3"],
                ["timestamp": "1696000001", "fatalities": "5"],
            ]
            let report = try mina.importing(Self.file(rows[order[0]], rows[order[1]]))
            #expect(report.brief == "1 new, 1 skipped")
            #expect(try mina.view("event/acled:ETH1").row?.values["intensity"] == .number(5))
        }
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let refused = #expect(throws: Refused.self) {
            try mina.importing(Self.file(["fatalities": "3"], ["fatalities": "5"]))
        }
        #expect(
            refused?.report.refusals == [
                "3: the key event/acled:ETH1 stands twice in the file (row 2) | Leave one of the two rows."
            ])
    }

    @Test("a later row that is refused does not take the place of an earlier one")
    func refusedLater() throws {
        let mina = try TestFolder().copy("mina")
        let report = try mina.importing(
            Self.file(
                ["timestamp": "1696000000", "fatalities": "3"],
                ["timestamp": "1696000001", "fatalities": "many"],
                ["timestamp": "1696000002", "event_type": "Picnics", "sub_event_type": ""])
        ) { $0.skipBad = true }
        #expect(report.brief == "1 new, 2 refused")
        #expect(try mina.view("event/acled:ETH1").row?.values["intensity"] == .number(3))
    }

    @Test(
        "of three rows with one id the latest counts that is not refused, in whatever order they stand"
    )
    func latestOfThree() throws {
        let rows: [[String: String]] = [
            ["timestamp": "1696000000", "fatalities": "0"],
            ["timestamp": "1696000001", "fatalities": "1"],
            ["timestamp": "1696000002", "fatalities": "2"],
        ]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for bad in [nil, 0, 1, 2] {
                let given = order.map { row in
                    row == bad ? rows[row].merging(["event_date": "soon"]) { $1 } : rows[row]
                }
                let mina = try TestFolder().copy("mina")
                let report = try mina.importing(Self.file(given)) { $0.skipBad = true }
                #expect(
                    report.brief
                        == (bad == nil ? "1 new, 2 skipped" : "1 new, 1 skipped, 1 refused"))
                #expect(
                    try mina.view("event/acled:ETH1").row?.values["intensity"]
                        == .number(bad == 2 ? 1 : 2), "\(order) \(String(describing: bad))")
            }
        }
    }

    @Test("the list of deletions deletes, but what a person has written")
    func deletions() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(
            Self.file([:], ["event_id_cnty": "ETH2"], ["event_id_cnty": "ETH3"]))
        try mina.edit("event/acled:ETH2", .set(statement: "note", value: [.text("seen")]))
        let list =
            "event_id_cnty,deleted_timestamp\nETH1,1700000000\nETH2,1700000000\nXXX9,1700000000\n"
        let report = try mina.importing(list)
        #expect(report.format == "acled-deleted")
        #expect(report.brief == "1 unchanged, 1 kept, 1 removed")
        #expect(try mina.view("event/acled:ETH1").isGone)
        #expect(try mina.view("event/acled:ETH2").isVisible)
        #expect(try mina.view("event/acled:ETH3").isVisible)
        #expect(try mina.importing(list).brief == "2 unchanged, 1 kept")
        // An older file does not bring it back.
        #expect(try mina.importing(Self.file([:])).brief == "1 deleted")
        let bad = "event_id_cnty,deleted_timestamp\nETH3,Seoul\nETH3,\nETH3,1700000000.0\n"
        let refused = try mina.importing(bad) { $0.skipBad = true }
        #expect(
            refused.refused.map(\.reason) == [
                "deleted_timestamp \"Seoul\" is no whole number",
                "the row has no deleted_timestamp",
                "deleted_timestamp \"1700000000.0\" is no whole number",
            ])
        #expect(try mina.view("event/acled:ETH3").isVisible)
    }

    @Test("a list of deletions gives no fields: what --set says is refused, but a source")
    func deletionsWithConstants() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        try mina.importing(Self.file([:]), constants: ["source": "mine"])
        let list = "event_id_cnty,deleted_timestamp\nETH1,1700000000\n"
        let error = #expect(throws: FormatError.self) {
            try mina.importing(list, constants: ["type": "visit"])
        }
        #expect(
            error?.message == "--set names type, and a list of deletions only deletes")
        #expect(try mina.importing(list, constants: ["source": "mine"]).brief == "1 removed")
    }

    @Test("a number of a country that is another's is told; names beside their own number are not")
    func numbers() throws {
        let areas = try #require(CodeList.named("area")).entries
        let countries = areas.filter { $0.kind == "country" && $0.m49 != nil }.map {
            ["event_id_cnty": $0.code, "iso": $0.m49 ?? "", "country": "\"\($0.name)\""]
        }
        #expect(countries.count > 240)
        let (right, _) = try importedEvents(Self.file(countries))
        #expect(right.brief == "\(countries.count) new" && right.remarks.isEmpty)
        let (report, events) = try importedEvents(
            Self.file(
                ["iso": "404"], ["event_id_cnty": "ETH2", "iso": "404"],
                ["event_id_cnty": "ETH3", "iso": "", "country": "Kenya"],
                ["event_id_cnty": "ETH4", "iso": "404", "country": "Ruritania"]))
        #expect(
            report.remarks == [
                "iso numbers of another country than the name says, which are taken: \"404 beside Ethiopia\" 2"
            ])
        #expect(events.count { $0.contains(#""country":"KEN""#) } == 4)
    }

    @Test("half a point is none, and NA is nothing")
    func missing() throws {
        let (report, events) = try importedEvents(
            Self.file(
                ["latitude": ""],
                [
                    "event_id_cnty": "ETH2", "latitude": "NA", "longitude": "NA", "actor2": "NA",
                    "civilian_targeting": "NA", "tags": "NA", "fatalities": "NA", "source": "NA",
                ]))
        #expect(report.brief == "2 new")
        #expect(
            report.remarks == [
                "latitudes and longitudes that are no place, which are left out: \"-, 37.4666\" 1"
            ])
        #expect(!events[0].contains("itude"))
        #expect(!events[1].contains("itude") && !events[1].contains("NA"))
        #expect(events[1].contains(#""actors":["ETH"]"#) && !events[1].contains("intensity"))
    }

    @Test("what is no event of ACLED is refused")
    func refused() throws {
        let folder = try TestFolder()
        let mina = try folder.copy("mina")
        let report = try mina.importing(
            Self.file(
                ["event_type": "Picnics", "sub_event_type": ""], ["event_id_cnty": ""],
                ["event_id_cnty": "A", "event_date": "NA"],
                ["event_id_cnty": "B", "event_date": "soon"])
        ) { $0.skipBad = true }
        #expect(
            report.refused.map { "\($0.row): \($0.reason)" } == [
                "2: \"Picnics\" is no event type of ACLED", "3: the row has no event_id_cnty",
                "4: the row has no event_date",
                "5: date \"soon\" is not a date: 2023, 2023-09 or 2023-09-23",
            ])
    }
}
