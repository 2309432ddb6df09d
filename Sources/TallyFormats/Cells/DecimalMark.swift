/// What stands between the units and the decimals of a number.
public enum DecimalMark: String, CaseIterable, Sendable {
    case point
    case comma
}
