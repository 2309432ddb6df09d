// The disk fault that a step bears.
extension World {
    struct ArmedFault {
        let disk: WorldDisk
        let kind: SimulatedDisk.Fault
    }

    /// Lets the fault of a step lie in wait, where it has one.
    ///
    /// - Parameter other: the disk that a fault which is not of the machine is of; without, there is none then.
    func arm(_ step: WorldStep, _ machine: WorldDisk, other: WorldDisk?) -> ArmedFault? {
        guard let fault = step.fault, let disk = fault.isHubs ? other : machine else { return nil }
        disk.arm(fault.kind, after: fault.after, seed: step.seed)
        return ArmedFault(disk: disk, kind: fault.kind)
    }

    /// Counts it where it has struck; else it strikes no more.
    ///
    /// - Returns: what is to be said of it in the trace.
    @discardableResult
    func disarm(_ armed: ArmedFault?) -> String {
        guard let armed else { return "" }
        defer { armed.disk.disarm() }
        guard armed.disk.hasStruck else { return ", and no fault struck" }
        counts.count(armed.kind)
        return ""
    }
}
