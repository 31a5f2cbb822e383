namespace ChatKit.Storage.Testing.Journaling;

/// <summary>An item of a batch as the journal keeps it.</summary>
internal sealed record JournalLine(
    DateTimeOffset Now, string Tenant, string Conversation, string Sender, string? Device, string Command, UInt128 Hash,
    EntryKind Kind, long? Target, bool Counts, string[] Assets, string ContentType, byte[] Body, long Version, long? Epoch, DateTimeOffset? ExpiresAt)
{
    public static JournalLine From(AppendRequest request, DateTimeOffset now) => new(
        now, request.Conversation.Tenant, request.Conversation.Value, request.Sender.Value, request.Device, request.Command.Value,
        request.PayloadHash, request.Header.Kind, request.Header.Target, request.Header.Counts, [.. request.Header.Assets.Select(asset => asset.Value)],
        request.Header.ContentType, request.Body.ToArray(), request.MembershipVersion, request.ExpectedEpoch, request.ExpiresAt);

    public AppendRequest ToRequest() => new()
    {
        Conversation = new ConversationId(Conversation, Tenant),
        Sender = new UserId(Sender, Tenant),
        Device = Device,
        Command = new CommandId(Command),
        PayloadHash = Hash,
        Header = new EntryHeader
        {
            Kind = Kind,
            Target = Target,
            Counts = Counts,
            Assets = [.. Assets.Select(asset => new AssetId(asset, Tenant))],
            ContentType = ContentType,
        },
        Body = Body,
        MembershipVersion = Version,
        ExpectedEpoch = Epoch,
        ExpiresAt = ExpiresAt,
    };
}
