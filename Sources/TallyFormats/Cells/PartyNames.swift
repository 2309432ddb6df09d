import TallyCore
import TallyStore

/// Actors and targets that somebody has given by name and that are no area.
struct PartyNames {
    private var names = UnknownCodes()

    mutating func note(_ elements: some Sequence<Element>) {
        for element in elements
        where CellReader.areAreas(element.field) && AreaCodes.shipped[element.text] == nil {
            names.note(element.text)
        }
    }

    var remarks: [String] { names.remarks("actors and targets that are no area, taken as names") }
}
