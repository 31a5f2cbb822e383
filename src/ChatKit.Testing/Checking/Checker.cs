namespace ChatKit.Testing;

/// <summary>Decides from the records of the clients alone whether the host kept its promises: nothing accepted lost, nothing doubled, no gaps,
/// the order of each conversation and each sender's device, marks that never go back, the right number of unread entries, and every device of every member
/// in the state that follows from the log. Thread-safe.</summary>
/// <remarks>All devices of all users must be recorded from their first connection on, and end with <see cref="RecordingClient.FinishAsync"/> when
/// everything is quiet. Writes of the host itself or over HTTP are fine, retention and a store restored from a backup are not.</remarks>
public static class Checker
{
    /// <summary>Checks.</summary>
    /// <param name="records">One for each device.</param>
    /// <returns>The broken promises; empty when all were kept.</returns>
    public static IReadOnlyList<Finding> Check(IReadOnlyList<DeviceRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var findings = new List<Finding>();
        var model = new RunModel(records, findings);
        var devices = new Dictionary<DeviceRecord, WireCheck>();
        var finals = new Dictionary<DeviceRecord, FinalState>();
        foreach (var (record, lines) in model.Devices)
        {
            devices[record] = new WireCheck(record, lines, findings);
            finals[record] = new FinalState(lines);
        }

        LogCheck.Check(model, devices, findings);
        foreach (var (record, _) in model.Devices)
        {
            StateCheck.Check(model, record, finals[record], devices[record].State, findings);
        }

        new MarkCheck(model, findings).Check(devices, finals);
        return findings;
    }
}
