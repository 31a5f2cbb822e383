using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChatKit.Storage.Testing.Support;

/// <summary>Makes ids and commands.</summary>
internal static class Make
{
    public static UserId User(string name = "user", string tenant = "") => new($"{name}-{Guid.NewGuid():N}", tenant);

    public static DeviceId Device(UserId user, string name = "phone") => new(user, $"{name}-{Guid.NewGuid():N}");

    public static ConversationId Conversation(string tenant = "") => ConversationId.NewGroup(tenant);

    public static AppendRequest Creation(ConversationId conversation, params UserId[] members) =>
        Membership(conversation, members[0], 0, MembershipAction.Created, members);

    public static AppendRequest Membership(
        ConversationId conversation, UserId sender, long version, MembershipAction action, params UserId[] members)
    {
        var created = action == MembershipAction.Created;
        var change = new MembershipChange
        {
            Action = action,
            Members = [.. members.Select(user => new MemberChange(user.Value))],
            Kind = created ? ConversationKind.Group : null,
            History = created ? GroupHistory.FromJoining : null,
        };
        return Request(conversation, sender, version, EntryKind.Membership, change.ToBody(), contentType: MembershipChange.ContentType);
    }

    public static AppendRequest Message(ConversationId conversation, UserId sender, string text, long version = 1, bool counts = true) =>
        Request(conversation, sender, version, EntryKind.Message, Encoding.UTF8.GetBytes(text), counts: counts);

    public static AppendRequest Edit(ConversationId conversation, UserId sender, long? target, string text, long version = 1) =>
        Request(conversation, sender, version, EntryKind.Edit, Encoding.UTF8.GetBytes(text), target);

    public static AppendRequest Deletion(ConversationId conversation, UserId sender, long? target, long version = 1) =>
        Request(conversation, sender, version, EntryKind.Deletion, [], target);

    public static AppendRequest Commit(ConversationId conversation, UserId sender, long epoch, long version = 1) =>
        Request(conversation, sender, version, EntryKind.Commit, [1, 2, 3], contentType: "message/mls") with { ExpectedEpoch = epoch };

    public static AppendRequest Request(
        ConversationId conversation,
        UserId sender,
        long version,
        EntryKind kind,
        byte[] body,
        long? target = null,
        bool counts = false,
        string contentType = "text/plain") => new()
        {
            Conversation = conversation,
            Sender = sender,
            Command = CommandId.New(),
            PayloadHash = Hash(kind, target, body),
            Header = new EntryHeader { Kind = kind, Target = target, Counts = counts, ContentType = contentType },
            Body = body,
            MembershipVersion = version,
        };

    /// <summary>The same command with another text: what a conflict is made of.</summary>
    public static AppendRequest WithText(this AppendRequest request, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        return request with { Body = body, PayloadHash = Hash(request.Header.Kind, request.Header.Target, body) };
    }

    public static string Text(this LogEntry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    private static UInt128 Hash(EntryKind kind, long? target, byte[] body)
    {
        var input = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt64BigEndian(input, (long)kind);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(8), target ?? -1);
        body.CopyTo(input, 16);
        return BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(input));
    }
}
