using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>Everything one device saw and did, in order. Thread-safe. <see cref="Checker"/> decides from such records alone.</summary>
public sealed class DeviceRecord
{
    private static long order;

    private readonly Lock gate = new();
    private readonly List<RecordLine> lines = [];
    private int connections;

    /// <summary>An empty record.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="device">The device's id.</param>
    public DeviceRecord(string user, string device)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentException.ThrowIfNullOrEmpty(device);
        User = user;
        Device = device;
    }

    /// <summary>The user.</summary>
    public string User { get; }

    /// <summary>The device.</summary>
    public string Device { get; }

    /// <summary>A copy of the lines so far.</summary>
    public IReadOnlyList<RecordLine> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Reads records that <see cref="WriteAsync"/> wrote, any number one after the other.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The records.</returns>
    /// <exception cref="JsonException">It is no such file.</exception>
    public static async Task<IReadOnlyList<DeviceRecord>> ReadAsync(TextReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var records = new List<DeviceRecord>();
        while (await reader.ReadLineAsync(cancellationToken) is { } text)
        {
            if (text.StartsWith("{\"user\"", StringComparison.Ordinal))
            {
                var header = JsonSerializer.Deserialize(text, RecordJson.Default.RecordHeader)!;
                records.Add(new DeviceRecord(header.User, header.Device));
            }
            else if (records.Count == 0)
            {
                throw new JsonException("A record begins with a line that names user and device.");
            }
            else
            {
                records[^1].lines.Add(JsonSerializer.Deserialize(text, RecordJson.Default.RecordLine)!);
            }
        }

        return records;
    }

    /// <summary>Writes the record: one line of JSON that names user and device, then one for each line.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>A task that completes when it is written.</returns>
    public async Task WriteAsync(TextWriter writer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        await writer.WriteLineAsync(JsonSerializer.Serialize(new RecordHeader(User, Device), RecordJson.Default.RecordHeader).AsMemory(), cancellationToken);
        foreach (var line in Lines)
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(line, RecordJson.Default.RecordLine).AsMemory(), cancellationToken);
        }
    }

    /// <summary>Adds a line; its <see cref="RecordLine.Order"/> is set here.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The line as it was added.</returns>
    public RecordLine Add(RecordLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        lock (gate)
        {
            line = line with { Order = Interlocked.Increment(ref order) };
            lines.Add(line);
            return line;
        }
    }

    /// <summary>The number of the next connection, from 1.</summary>
    internal int NextConnection() => Interlocked.Increment(ref connections);

    /// <summary>The conversations the device has heard of.</summary>
    internal IReadOnlyList<string> Conversations()
    {
        lock (gate)
        {
            return [.. lines.SelectMany(ConversationsOf).Distinct(StringComparer.Ordinal)];
        }
    }

    private static IEnumerable<string> ConversationsOf(RecordLine line)
    {
        if ((line.Event?.Entry?.Conversation ?? line.Event?.Details?.Id ?? line.Event?.Conversation) is { } one)
        {
            yield return one;
        }

        foreach (WireConversation conversation in line.Event?.Conversations?.Conversations ?? [])
        {
            yield return conversation.Id;
        }
    }
}
