/// How a file is read, and what its import may do beside adding and updating.
public struct ImportOptions: Sendable {
    /// The name of the format; nil to tell by the file.
    public var format: String?
    /// The kind of the records; nil to tell by the file.
    public var kind: String?
    public var encoding: TextEncoding?
    /// Fields that are the same for every row, where the file has no column for them.
    public var constants: [String: String] = [:]
    /// The column that holds a field, by the name of the field; empty where the format knows.
    public var columns: [String: String] = [:]
    /// The name of a saved map to read the file by; nil to look for one with the same columns.
    public var map: String?
    /// Keep how the file was read under that name.
    public var saveMap: String?
    /// The classification of products whose file does not say it, as `H6`.
    public var classification: String?
    /// Figures stand in units of ten to this power; nil where the file says.
    public var scale: Int?
    /// The mark between units and decimals; nil to tell by the figures.
    public var decimalMark: DecimalMark?
    /// Which part of a date as `03/12/2023` stands first; nil where the file has none that could be two.
    public var dates: DateOrder?

    /// Take fields and kinds that this version does not know as they are, where a file of Tally's own has such.
    public var keepUnknown = false

    /// What of all this a saved map has said.
    var share: MapShare?

    /// Replace what a person last wrote.
    public var overwrite = false
    /// Bring back records that were deleted.
    public var restore = false
    /// Settle conflicts with what the file says.
    public var resolve = false
    /// Leave bad rows out; otherwise one refuses the import.
    public var skipBad = false

    public init() {}
}
