using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>What changed in memory and is not in the store yet; the latest value of each key. Called under the gate.</summary>
internal sealed class Unsaved
{
    public const string ClientKey = "client";

    private Dictionary<string, ReadOnlyMemory<byte>?> changes = new(StringComparer.Ordinal);

    /// <summary>Part of the key of all that a reset forgets.</summary>
    public long Generation { get; set; }

    /// <summary>The place of the last command that earlier processes left; those of this one count from there.</summary>
    public long FirstOrder { get; set; }

    public int Count => changes.Count;

    // The part that may contain a slash comes last.
    public static string Command(string id) => "c/" + id;

    public static string Direct(string user) => "d/" + user;

    public string Position(string conversation) => string.Create(CultureInfo.InvariantCulture, $"p/{Generation}/{conversation}");

    public string ReadMark(string conversation) => string.Create(CultureInfo.InvariantCulture, $"r/{Generation}/{conversation}");

    public string Message(string conversation, long seq) => string.Create(CultureInfo.InvariantCulture, $"m/{Generation}/{seq}/{conversation}");

    public void Put<T>(string key, T value, JsonTypeInfo<T> type) => changes[key] = JsonSerializer.SerializeToUtf8Bytes(value, type);

    public void Delete(string key) => changes[key] = null;

    public void Put(StoredCommand command, long ordinal) =>
        Put(Command(command.Frame.Id!), command with { Order = FirstOrder + ordinal }, StoreJson.Default.StoredCommand);

    public void Put(WireEntry message) => Put(Message(message.Conversation, message.Seq), message, StoreJson.Default.WireEntry);

    /// <summary>All of them, on their way into the store.</summary>
    public IReadOnlyList<ClientRecord> Take()
    {
        ClientRecord[] taken = [.. changes.Select(static c => new ClientRecord(c.Key, c.Value))];
        changes = new(StringComparer.Ordinal);
        return taken;
    }

    /// <summary>They did not get there: those that were not changed again meanwhile are tried again.</summary>
    public void Return(IReadOnlyList<ClientRecord> failed)
    {
        foreach (var (key, value) in failed)
        {
            changes.TryAdd(key, value);
        }
    }
}
