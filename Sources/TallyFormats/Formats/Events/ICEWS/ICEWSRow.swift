import TallyStore

/// One row of ICEWS, with empty texts for what it does not say.
struct ICEWSRow {
    private let cells: ArraySlice<String>
    private let columns: ICEWSColumns

    /// - Parameter cells: as many as there are columns.
    init(_ cells: ArraySlice<String>, _ columns: ICEWSColumns) {
        self.cells = cells
        self.columns = columns
    }

    private func cell(_ column: Int?) -> String {
        guard let column else { return "" }
        let text = cells[cells.startIndex + column].trimmingSpaces
        return ["NA", "NULL"].contains(text) ? "" : text
    }

    var id: String { cell(columns.id) }
    /// The id as a number, which grows with time.
    var number: Int { Int(id) ?? 0 }
    var date: String { cell(columns.date) }
    var code: String { cell(columns.code) }
    var text: String { cell(columns.text) }
    var intensity: String { cell(columns.intensity) }
    var source: String { cell(columns.source) }
    var target: String { cell(columns.target) }
    var sourceCountry: String { cell(columns.sourceCountry) }
    var targetCountry: String { cell(columns.targetCountry) }
    var publisher: String { cell(columns.publisher) }
    /// Of who did it, to whom, and where.
    var countries: [String] { [sourceCountry, targetCountry, cell(columns.country)] }

    func checkID() throws(InputFault) {
        guard !id.isEmpty, id.utf8.count <= 18, id.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw InputFault(
                field: "id",
                id.isEmpty
                    ? "Event ID is missing" : "Event ID \(Quoted.short(id)) is no whole number",
                hint: "Has a program written it anew? Have the column written as text.")
        }
    }

    func place(_ names: inout AreaNames) -> EventPlace {
        let parts = [columns.city, columns.district, columns.province].map(cell)
        return EventPlace(
            location: parts.filter { !$0.isEmpty }.joined(separator: ", "),
            country: names.area(cell(columns.country)) ?? "",
            latitude: cell(columns.latitude), longitude: cell(columns.longitude))
    }

    /// Date, story and sentence; nil where the file does not say the story.
    var sentence: String? {
        let (story, sentence) = (cell(columns.story), cell(columns.sentence))
        return story.isEmpty || sentence.isEmpty ? nil : "\(date) \(story) \(sentence)"
    }

    /// Whether another row of the same sentence says the same from the other side.
    func mirrors(_ other: ICEWSRow) -> Bool {
        code == other.code && source == other.target && target == other.source
            && sourceCountry == other.targetCountry && targetCountry == other.sourceCountry
            && !source.isEmpty && !target.isEmpty
    }
}
