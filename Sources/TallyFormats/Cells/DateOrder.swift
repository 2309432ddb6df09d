/// In which order a table writes the parts of a date whose year stands last: `03/12/2023`.
public enum DateOrder: String, CaseIterable, Sendable {
    /// The day first, as in Europe.
    case dmy
    /// The month first, as in the United States.
    case mdy
}
