extension Table {
    /// One text in a table, on one line and safe to print.
    ///
    /// Control characters are escaped on the way in (``Printable/line(_:)``), so that no value of a
    /// record can move the cursor. Written as a string literal, it is plain.
    public struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
        /// Printable, on one line.
        public private(set) var text: String
        /// Shown where there is colour; never affects the width.
        public let style: Style
        /// Columns that ``text`` takes.
        public private(set) var width: Int

        /// `text`, escaped where a terminal would obey it, in `style`.
        public init(_ text: String, _ style: Style = .plain) {
            self.text = Printable.line(text)
            self.style = style
            width = DisplayWidth.of(self.text)
        }

        /// `"P"` is a plain cell, with or without interpolations.
        public init(stringLiteral value: String) {
            self.init(value)
        }

        /// The text in lines of at most `width` columns.
        func wrapped(to width: Int, maximumLines: Int) -> [Cell] {
            DisplayWidth.wrapped(text, to: width, maximumLines: maximumLines)
                .map { Cell($0, style) }
        }

        mutating func truncate(to width: Int, cut: DisplayWidth.Cut) {
            text = DisplayWidth.truncated(text, to: width, cut: cut)
            self.width = DisplayWidth.of(text)
        }
    }
}
