namespace ChatKit.Storage.Testing.Messages.Model;

/// <summary>An entry of the model's log.</summary>
internal sealed class ModelEntry(AppendRequest request, long seq, long membershipVersion)
{
    public AppendRequest Request { get; } = request;

    public long Seq { get; } = seq;

    public long MembershipVersion { get; } = membershipVersion;

    public EntryKind Kind => Request.Header.Kind;

    /// <summary>When the store says it accepted it.</summary>
    public DateTimeOffset AcceptedAt { get; set; }

    /// <summary>The Seq of what changed the message last.</summary>
    public long Version { get; set; } = seq;

    public bool Erased { get; set; }

    /// <summary>The edit that gives a message its text.</summary>
    public ModelEntry? LastEdit { get; set; }

    public string Describe(LogView view)
    {
        var text = view == LogView.Messages && !Erased && LastEdit is not null ? LastEdit.Request : Request;
        return Line(
            Seq, AcceptedAt, Request.Sender, Request.Device, Request.Command,
            Request.Header with { ContentType = text.Header.ContentType, Assets = Erased ? [] : Request.Header.Assets },
            Erased ? default : text.Body, MembershipVersion, Version, Erased, Request.ExpiresAt);
    }

    public static string Describe(LogEntry entry) => Line(
        entry.Seq, entry.AcceptedAt, entry.Sender, entry.Device, entry.Command, entry.Header, entry.Body, entry.MembershipVersion,
        entry.Version, entry.Erased, entry.ExpiresAt);

    private static string Line(
        long seq, DateTimeOffset acceptedAt, UserId sender, string? device, CommandId command, EntryHeader header, ReadOnlyMemory<byte> body,
        long membershipVersion, long version, bool erased, DateTimeOffset? expiresAt) =>
        $"{seq} {header.Kind} v{version}{(erased ? " erased" : "")} of {sender}/{device} {command}, target {header.Target}, counts {header.Counts}, "
        + $"assets [{string.Join(' ', header.Assets)}], {header.ContentType} {Text(body.Span)}, membership {membershipVersion}, "
        + $"{acceptedAt.UtcDateTime:O}, expires {expiresAt?.UtcDateTime:O}";

    private static string Text(ReadOnlySpan<byte> body) =>
        body.Length <= 40 ? Convert.ToHexString(body) : $"{Convert.ToHexString(body[..20])}… {body.Length} bytes, sum {Sum(body)}";

    private static long Sum(ReadOnlySpan<byte> body)
    {
        var sum = 0L;
        foreach (var value in body)
        {
            sum = unchecked((sum * 31) + value);
        }

        return sum;
    }
}
