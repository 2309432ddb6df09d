/// Text is compared, sorted and hashed by its UTF-8 bytes.
///
/// Swift's own `==` and `<` on `String` follow canonical equivalence; SQLite, the wire and every other
/// implementation of the format compare bytes, and two copies that disagree on which keys are equal diverge.
extension String {
    @inlinable
    package func hasSameBytes(as other: String) -> Bool {
        var (a, b) = (self, other)
        return a.withUTF8 { a in
            b.withUTF8 { b in a.count == b.count && a.elementsEqual(b) }
        }
    }

    @inlinable
    package func precedesInBytes(_ other: String) -> Bool {
        var (a, b) = (self, other)
        return a.withUTF8 { a in b.withUTF8 { b in a.lexicographicallyPrecedes(b) } }
    }

    @inlinable
    package func hashBytes(into hasher: inout Hasher) {
        var text = self
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xff as UInt8)
    }
}
