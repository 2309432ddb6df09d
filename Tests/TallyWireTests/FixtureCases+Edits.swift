import TallyCore
import TallyWire

private let structure = "5: rows are arrays: first the key, then the values in the order of fields"
private let empty = "5, Invalid: empty edits"
private let part = "5, Invalid: part of a statement"
private let twice = "5, Invalid: one record twice in the same (op, field)"
private let beside = "5, Invalid: delete beside another edit of the record"

extension FixtureCases {
    private func setting(_ op: String, _ rows: String) -> String {
        #"{"kind":"setting","op":"\#(op)","rows":[\#(rows)]}"#
    }

    private func note(_ rows: String, kind: String = "event") -> String {
        #"{"kind":"\#(kind)","op":"set","fields":["note"],"rows":[\#(rows)]}"#
    }

    private func tags(_ op: String, _ rows: String, field: String = "tags") -> String {
        #"{"kind":"event","op":"\#(op)","field":"\#(field)","rows":[\#(rows)]}"#
    }

    private func existence(_ op: String, _ rows: String) -> String {
        #"{"kind":"event","op":"\#(op)","rows":[\#(rows)]}"#
    }

    private func fields(_ json: String, _ row: String, kind: String = "trade") -> String {
        #"{"kind":"\#(kind)","op":"set","fields":\#(json),"rows":[\#(row)]}"#
    }

    private var trade: String { #"["KOR","CHN","X","TOTAL","2023","motie"]"# }

    var edits: [FixtureDraft] {
        let names = "one that is not [a-z][a-z0-9_]*"
        return [
            line("edits-missing", empty, base.without("edits"), "edits is missing"),
            edits("edits-empty", empty, "", "edits is empty"),
            line("edits-object", structure, base.with("edits", "{}"), "edits is no array"),
            edits("edit-array", structure, "[]", "edit 1 is no object"),
            edits("rows-missing", structure, #"{"kind":"setting","op":"delete"}"#, "has no rows"),
            edits("rows-empty", structure, setting("delete", ""), "edit 1 has no rows"),
            edits(
                "rows-object", structure, #"{"kind":"setting","op":"delete","rows":{}}"#,
                "rows is no array"),
            edits("kind-missing", structure, #"{"op":"delete","rows":[[["k"]]]}"#, "has no kind"),
            edits(
                "kind-name", structure, note(#"[["k"],""]"#, kind: "Event"), "no kind of the form"),
            edits("op-missing", structure, #"{"kind":"setting","rows":[[["k"]]]}"#, "unknown op"),
            edits("op-unknown", structure, setting("merge", #"[["k"]]"#), #"unknown op "merge""#),
            edits("op-number", structure, #"{"kind":"setting","op":1,"rows":[]}"#, "edit 1, op: "),
            edits(
                "second-edit", structure, LineDraft.plainEdit + "," + setting("add", #"[["k"]]"#),
                "edit 2: add wants a field"),
            edits("fields-missing", structure, setting("set", #"[["k"]]"#), "has no fields"),
            edits("fields-text", structure, fields(#""note""#, ""), "edit 1, fields: expected ["),
            edits("fields-name", structure, fields(#"["Note"]"#, "[\(trade),1]"), names),
            edits("fields-name-quote", structure, fields(#"["a\"b"]"#, "[\(trade),1]"), names),
            edits(
                "fields-twice", structure, fields(#"["note","note"]"#, "[\(trade),\"\",\"\"]"),
                "the field note is named twice"),
            edits("field-missing", structure, setting("remove", #"[["k"],"a"]"#), "wants a field"),
            edits(
                "field-name", structure, tags("add", #"[["e"],"a"]"#, field: "to do"),
                "wants a field"),
            edits(
                "set-on-key-field", structure, fields(#"["partner"]"#, "[\(trade),\"CHN\"]"),
                "partner is a key field"),
            edits(
                "set-on-set-field", "5, Invalid: set on a set field",
                fields(#"["tags"]"#, "[\(trade),\"a\"]"), "tags is a set field"),
            edits(
                "set-on-set-field-array", "5, Invalid: set on a set field",
                fields(#"["note","tags"]"#, "[\(trade),\"\",[\"a\"]]"), "tags is a set field"),
            edits(
                "add-on-plain-field", structure, tags("add", #"[["e"],"a"]"#, field: "note"),
                "note is no set field"),
            edits(
                "remove-on-key-field", structure, tags("remove", #"[["e"],"a"]"#, field: "id"),
                "id is no set field"),
        ]
    }

    var statements: [FixtureDraft] {
        func reopen(
            _ name: String, _ breaks: String, _ fields: String, _ row: String, _ reason: String
        )
            -> FixtureDraft
        {
            edits(
                "reopen-\(name)", breaks,
                #"{"kind":"event","op":"reopen","fields":\#(fields),"rows":[\#(row)]}"#, reason)
        }
        let one = "4: reopen S = [v, w, …]: versions of one statement"
        return [
            edits(
                "statement-value-alone", part, fields(#"["value"]"#, "[\(trade),1]"),
                "value is part of a statement and stands without unit"),
            edits(
                "statement-part-of-quantity", part,
                fields(#"["note","quantity_unit"]"#, "[\(trade),\"\",\"KG\"]"),
                "quantity_unit is part of a statement and stands without quantity"),
            edits(
                "statement-latitude-alone", part,
                fields(#"["latitude"]"#, #"[["e"],1]"#, kind: "event"), "stands without longitude"),
            edits(
                "statement-in-two-edits", part,
                fields(#"["latitude"]"#, #"[["e"],1]"#, kind: "event") + ","
                    + fields(#"["longitude"]"#, #"[["e"],1]"#, kind: "event"),
                "stands without longitude"),
            reopen("part", part, #"["date"]"#, #"[["e"],["2023"],["2024"]]"#, "without end_date"),
            reopen("two", one, #"["title","note"]"#, #"[["e"],["a","b"]]"#, "reopen is of one"),
            reopen("no-field", one, "[]", #"[["e"]]"#, "reopen is of one statement"),
            reopen("no-version", one, #"["note"]"#, #"[["e"]]"#, "no versions"),
            reopen("value", one, #"["note"]"#, #"[["e"],"a"]"#, "expected an array"),
            reopen(
                "short", one, #"["date","end_date"]"#, #"[["e"],["2023"]]"#, "version is too short"),
            reopen("long", one, #"["note"]"#, #"[["e"],["a","b"]]"#, "a version is too long"),
            reopen("empty", one, #"["note"]"#, #"[["e"],[]]"#, "note: expected a value"),
            reopen("set-field", one, #"["tags"]"#, #"[["e"],["a"]]"#, "tags is a set field"),
        ]
    }

    var clashes: [FixtureDraft] {
        func clash(_ name: String, _ breaks: String, _ list: String..., reason: String)
            -> FixtureDraft
        {
            edits(name, breaks, list.joined(separator: ","), reason)
        }
        let row = #"[["e"],"a"]"#
        let together = "5, Invalid: add and remove of one element"
        let (deleted, both) = (
            existence("delete", #"[["e"]]"#), "event/e is deleted beside another edit"
        )
        let place =
            #"{"kind":"event","op":"set","fields":["note","location"],"rows":[[["e"],"a","b"]]}"#
        let create = #"{"kind":"event","op":"set","fields":[],"rows":[[["e"]]]}"#
        let other = #"{"kind":"event","op":"add","field":"actors","rows":[[["e"],"a"]]}"#
        let open = #"{"kind":"event","op":"reopen","fields":["note"],"rows":[[["e"],["a"]]]}"#
        return [
            clash(
                "twice-in-edit", twice, note("\(row),\(row)"),
                reason: "event/e stands twice in set note"),
            clash(
                "twice-apart", twice, note(#"[["e"],"a"],[["f"],"a"],[["e"],"b"]"#),
                reason: "event/e stands twice in set note"),
            clash(
                "twice-escaped", twice, note(#"[["e"],"a"],[["\u0065"],"a"]"#),
                reason: "event/e stands twice in set note"),
            clash(
                "twice-in-edits", twice, note(row), note(row), reason: "event/e stands twice in set"
            ),
            clash("twice-sharing-a-field", twice, note(row), place, reason: "twice in set note"),
            clash("twice-created", twice, create, create, reason: "event/e stands twice in set"),
            clash(
                "twice-added", twice, tags("add", "\(row),\(row)"),
                reason: "event/e stands twice in add tags"),
            clash(
                "twice-added-others", twice, tags("add", row), tags("add", #"[["e"],"b"]"#),
                reason: "event/e stands twice in add tags"),
            clash(
                "twice-removed", twice, tags("remove", row), other, tags("remove", row),
                reason: "event/e stands twice in remove tags"),
            clash(
                "twice-deleted", twice, deleted, deleted, reason: "event/e stands twice in delete"),
            clash(
                "twice-restored", twice, existence("restore", #"[["e"]],[["e"]]"#),
                reason: "event/e stands twice in restore"),
            clash(
                "twice-reopened", twice, open, open, reason: "event/e stands twice in reopen note"),
            clash(
                "add-and-remove", together, tags("add", #"[["e"],"x","a"]"#), tags("remove", row),
                reason: #"event/e adds and removes "a""#),
            clash(
                "remove-and-add", together, tags("remove", #"[["f"],"a"],[["e"],"a"]"#),
                tags("add", row), reason: #"event/e adds and removes "a""#),
            clash(
                "add-and-remove-escaped", together, tags("add", row),
                tags("remove", #"[["e"],"\u0061"]"#), reason: #"event/e adds and removes "a""#),
            clash("delete-and-set", beside, deleted, note(row), reason: both),
            clash("set-and-delete", beside, note(row), deleted, reason: both),
            clash("delete-and-create", beside, deleted, create, reason: both),
            clash("delete-and-add", beside, other, deleted, reason: both),
            clash("delete-and-remove", beside, deleted, tags("remove", row), reason: both),
            clash(
                "delete-and-restore", beside, deleted, existence("restore", #"[["e"]]"#),
                reason: both),
            clash("delete-and-reopen", beside, open, deleted, reason: both),
        ]
    }
}
