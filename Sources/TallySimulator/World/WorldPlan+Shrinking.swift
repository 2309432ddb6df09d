extension WorldPlan {
    /// A plan that still fails, with as few steps, faults, copies and differences between them as can be found.
    ///
    /// - Complexity: O(steps²) worlds.
    public func shrunk(while fails: (WorldPlan) -> Bool) -> WorldPlan {
        var result = self
        @discardableResult
        func attempt(_ change: (inout WorldPlan) -> Void) -> Bool {
            var candidate = result
            change(&candidate)
            guard candidate != result, fails(candidate) else { return false }
            result = candidate
            return true
        }
        func attemptWithoutTheLastCopy() -> Bool {
            attempt {
                $0.versions.removeLast()
                $0.skewsMs.removeLast()
            }
        }
        result.steps = TallySimulator.shrunk(steps) { steps in
            var candidate = self
            candidate.steps = steps
            return fails(candidate)
        }
        for fault in NetworkFault.allCases { attempt { $0.network.percents[fault] = nil } }
        attempt { $0.network.meanwhilePercent = 0 }
        attempt { $0.network.pageLines = nil }
        for index in result.steps.indices {
            attempt { $0.steps[index].fault = nil }
            attempt { $0.steps[index].isCalm = true }
        }
        while result.versions.count > 1, attemptWithoutTheLastCopy() {}
        for index in result.skewsMs.indices { attempt { $0.skewsMs[index] = 0 } }
        for index in result.versions.indices { attempt { $0.versions[index] = 0 } }
        // What the simpler world needs no more.
        let simple = result
        result.steps = TallySimulator.shrunk(result.steps) { steps in
            var candidate = simple
            candidate.steps = steps
            return fails(candidate)
        }
        return result
    }
}
