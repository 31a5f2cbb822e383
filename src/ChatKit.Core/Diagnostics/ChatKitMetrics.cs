using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ChatKit.Diagnostics;

/// <summary>The meter and the activity source, both named <c>ChatKit</c>. The instruments are documented in docs/telemetry.md.</summary>
internal sealed class ChatKitMetrics
{
    public const string Name = "ChatKit";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> accepted;
    private readonly Counter<long> refused;
    private readonly Histogram<int> batchSize;
    private readonly Histogram<double> appendDuration;
    private readonly Counter<long> delivered;
    private readonly Counter<long> pulled;
    private readonly UpDownCounter<long> sessions;
    private readonly Counter<long> cut;

    /// <param name="factory">The host's; null in a container without metrics.</param>
    public ChatKitMetrics(IMeterFactory? factory)
    {
        var meter = factory?.Create(Name) ?? new Meter(Name);
        accepted = meter.CreateCounter<long>("chatkit.commands.accepted", "{command}", "Commands committed to the log.");
        refused = meter.CreateCounter<long>("chatkit.commands.refused", "{command}", "Commands refused, by code.");
        batchSize = meter.CreateHistogram<int>("chatkit.append.batch_size", "{entry}", "Entries of one group commit.");
        appendDuration = meter.CreateHistogram<double>("chatkit.append.duration", "s", "Time of one append in the store.");
        delivered = meter.CreateCounter<long>("chatkit.entries.sent", "{entry}", "Entries written to connections.");
        pulled = meter.CreateCounter<long>("chatkit.entries.pulled", "{entry}", "Entries read from the store for a connection that was behind.");
        sessions = meter.CreateUpDownCounter<long>("chatkit.sessions.active", "{session}", "Connections after Hello.");
        cut = meter.CreateCounter<long>("chatkit.sessions.cut", "{session}", "Connections ended by the server, by code.");
    }

    public void CommandAccepted() => accepted.Add(1);

    public void CommandRefused(ChatErrorCode code)
    {
        if (refused.Enabled)
        {
            refused.Add(1, new KeyValuePair<string, object?>("code", code.ToWire()));
        }
    }

    public void Appended(int entries, TimeSpan duration)
    {
        batchSize.Record(entries);
        appendDuration.Record(duration.TotalSeconds);
    }

    public void EntriesSent(int count) => delivered.Add(count);

    public void EntriesPulled(int count) => pulled.Add(count);

    public void SessionOpened() => sessions.Add(1);

    public void SessionClosed() => sessions.Add(-1);

    public void SessionCut(ChatErrorCode code)
    {
        if (cut.Enabled)
        {
            cut.Add(1, new KeyValuePair<string, object?>("code", code.ToWire()));
        }
    }
}
