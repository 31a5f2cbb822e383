using System.Text;
using System.Text.Json;

namespace ChatKit.Load.Clients;

/// <summary>The frames of the bare relay and the hand-written hub: an invocation a message, whose completion is the acknowledgement.</summary>
internal sealed class PlainHubConnection(string user, ITraffic traffic) : LoadConnection(user, traffic)
{
    private readonly ByteQueue record = new();
    private readonly byte[] ownName = Encoding.UTF8.GetBytes(user);

    /// <summary>Called with how many messages the answer to <see cref="AskPending"/> holds.</summary>
    public Action<long>? Progress { get; set; }

    private static ReadOnlySpan<byte> Prefix => "{\"type\":1,\"target\":\"message\",\"arguments\":["u8;

    public override void Send(ReadOnlySpan<byte> target, ReadOnlySpan<byte> id, ReadOnlySpan<byte> text)
    {
        lock (Gate)
        {
            record.Clear();
            record.Append("{\"type\":1,\"invocationId\":\""u8);
            record.Append(id);
            record.Append("\",\"target\":\"Send\",\"arguments\":[\""u8);
            record.Append(target);
            record.Append("\",\""u8);
            record.Append(id);
            record.Append("\",\""u8);
            record.Append(text);
            record.Append("\"]}"u8);
            AppendFrame(record.Span);
            MarkDirty();
        }
    }

    /// <summary>Asks for all messages stored for this user.</summary>
    public void AskPending() => SendNow("{\"type\":1,\"invocationId\":\"pending\",\"target\":\"Pending\",\"arguments\":[]}"u8);

    protected override void OnConnected() => Ready();

    protected override void OnRecord(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Prefix))
        {
            var reader = new Utf8JsonReader(bytes[(Prefix.Length - 1)..], isFinalBlock: false, default);
            reader.Read();
            reader.Read();
            var from = reader.ValueSpan;
            reader.Read();
            Traffic.OnReceived(reader.ValueSpan, from.SequenceEqual(ownName));
            return;
        }

        if (!bytes.StartsWith("{\"type\":3"u8))
        {
            throw new IOException($"Not understood: {Encoding.UTF8.GetString(bytes)}");
        }

        var completion = new Utf8JsonReader(bytes);
        var id = default(ReadOnlySpan<byte>);
        while (completion.Read())
        {
            if (completion.TokenType == JsonTokenType.PropertyName && completion.ValueTextEquals("invocationId"u8))
            {
                completion.Read();
                id = completion.ValueSpan;
            }
            else if (completion.TokenType == JsonTokenType.PropertyName && completion.ValueTextEquals("error"u8))
            {
                completion.Read();
                Fail($"{Encoding.UTF8.GetString(id)}: {completion.GetString()}");
                return;
            }
            else if (completion.TokenType == JsonTokenType.PropertyName && completion.ValueTextEquals("result"u8))
            {
                completion.Read();
                if (completion.TokenType == JsonTokenType.StartArray)
                {
                    long count = 0;
                    while (completion.Read() && completion.TokenType != JsonTokenType.EndArray)
                    {
                        completion.Skip();
                        count++;
                    }

                    Progress?.Invoke(count);
                    return;
                }
            }
        }

        Traffic.OnAccepted(id);
    }
}
