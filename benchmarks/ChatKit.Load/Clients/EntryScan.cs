using System.Buffers.Text;

namespace ChatKit.Load.Clients;

/// <summary>Reads the event of a message as the server writes it, byte by byte and without a tokeniser, as the plain servers' messages are read:
/// else the generator would take a tenth of the two cores from ChatKit alone. What looks otherwise is left to the JSON reader.</summary>
internal ref struct EntryScan
{
    private ReadOnlySpan<byte> rest;

    private EntryScan(ReadOnlySpan<byte> events) => rest = events;

    public ReadOnlySpan<byte> Conversation { get; private set; }

    public ReadOnlySpan<byte> Id { get; private set; }

    public ReadOnlySpan<byte> From { get; private set; }

    public long Seq { get; private set; }

    /// <summary>How many bytes the event takes.</summary>
    public int Length { get; private set; }

    /// <param name="events">Begins with an event.</param>
    /// <param name="entry">What was read.</param>
    /// <returns>Whether it is a message in the usual form.</returns>
    public static bool TryRead(ReadOnlySpan<byte> events, out EntryScan entry)
    {
        entry = new EntryScan(events);
        return entry.Read(events.Length);
    }

    /// <summary>Reads the answer to a message as the server usually writes it.</summary>
    public static bool TryReadAccepted(ReadOnlySpan<byte> events, out ReadOnlySpan<byte> id, out int length)
    {
        var scan = new EntryScan(events);
        var read = scan.Take("{\"t\":\"accepted\",\"id\":\""u8);
        id = default;
        read = read && scan.TakeString(out id) && scan.Take(",\"conversation\":\""u8) && scan.TakeString(out _) && scan.Take(",\"seq\":"u8);
        read = read && Utf8Parser.TryParse(scan.rest, out long _, out var digits) && scan.Take(scan.rest[..digits]) && scan.Take(",\"at\":\""u8) && scan.TakeString(out _) && scan.Take("}"u8);
        length = events.Length - scan.rest.Length;
        return read;
    }

    /// <summary>Passes over receipts, which are only counted: in a group they are by far the longest events. No user's name here has a bracket.</summary>
    public static bool TrySkipReceipts(ReadOnlySpan<byte> events, out int length)
    {
        var scan = new EntryScan(events);
        var end = -1;
        if (scan.Take("{\"t\":\"receipts\",\"conversation\":\""u8) && scan.TakeString(out _) && scan.Take(",\"receipts\":["u8))
        {
            end = scan.rest.IndexOf("]}"u8);
        }

        length = events.Length - scan.rest.Length + end + 2;
        return end >= 0;
    }

    private bool Read(int total)
    {
        if (!Take("{\"t\":\"entry\",\"entry\":{\"conversation\":\""u8) || !TakeString(out var conversation)
            || !Take(",\"seq\":"u8) || !Utf8Parser.TryParse(rest, out long seq, out var digits))
        {
            return false;
        }

        rest = rest[digits..];
        if (!Take(",\"at\":\""u8) || !TakeString(out _) || !Take(",\"kind\":\"message\",\"from\":\""u8) || !TakeString(out var from)
            || !Take(",\"id\":\""u8) || !TakeString(out var id) || !Take(",\"text\":\""u8) || !TakeString(out _))
        {
            return false;
        }

        Take(",\"counts\":true"u8);
        if (!Take("}}"u8))
        {
            return false;
        }

        Conversation = conversation;
        Seq = seq;
        From = from;
        Id = id;
        Length = total - rest.Length;
        return true;
    }

    private bool Take(ReadOnlySpan<byte> expected)
    {
        if (!rest.StartsWith(expected))
        {
            return false;
        }

        rest = rest[expected.Length..];
        return true;
    }

    /// <summary>A string without escapes, after its first quote.</summary>
    private bool TakeString(out ReadOnlySpan<byte> value)
    {
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] != '"')
        {
            value = default;
            return false;
        }

        value = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
