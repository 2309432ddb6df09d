/// What a client may take of the hub's time and room.
struct Bounds: Sendable {
    var connections = 512
    /// Without a byte of a request, between requests, until the head of a request is whole, and for the whole body of a
    /// stranger's.
    var idleSeconds = 30
    /// For the whole body of a request of a member, however it trickles: 4 MiB at 14 kB/s.
    var bodySeconds = 300
    /// For each part of an answer to be taken.
    var partSeconds = 30
    /// What a refused upload gets to read the answer.
    var lingerSeconds = 5
    /// What requests under way get when the hub stops.
    var stopSeconds = 10

    static let partBytes = 64 * 1024
    /// Of a file.
    static let filePartBytes = 256 * 1024
}
