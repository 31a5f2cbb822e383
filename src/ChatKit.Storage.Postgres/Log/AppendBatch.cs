using System.IO.Hashing;
using System.Text;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>A batch as the arrays that <c>append</c> takes, items grouped by conversation; it owns copies of everything, so it may be sent
/// again after the caller went away.</summary>
internal sealed class AppendBatch
{
    private const int TimedId = 16;
    private const int TimeBytes = 6;
    private const int KeyBytes = 16;

    private readonly int _count;
    private readonly List<ConversationItems> _conversations = [];

    /// <summary>Where the item at each place of the arrays stood in the caller's batch.</summary>
    private readonly int[] _origin;

    private readonly int[] _conversation;
    private readonly int[] _rank;
    private readonly int[] _countingRank;
    private readonly short[] _kind;
    private readonly bool[] _counts;
    private readonly long[] _membershipVersion;
    private readonly Guid[] _key;
    private readonly Guid[] _hash;
    private readonly string[] _sender;
    private readonly string[] _command;
    private readonly byte[]?[] _body;
    private long?[]? _epoch;
    private long?[]? _target;
    private DateTime?[]? _expires;
    private string?[]? _device;
    private string?[]? _contentType;
    private string?[]? _assets;
    private bool _creates;

    public AppendBatch(IReadOnlyList<AppendRequest> batch)
    {
        _count = batch.Count;
        _origin = new int[_count];
        _conversation = new int[_count];
        _rank = new int[_count];
        _countingRank = new int[_count];
        _kind = new short[_count];
        _counts = new bool[_count];
        _membershipVersion = new long[_count];
        _key = new Guid[_count];
        _hash = new Guid[_count];
        _sender = new string[_count];
        _command = new string[_count];
        _body = new byte[]?[_count];
        Fill(batch, Group(batch));
    }

    public void Bind(NpgsqlParameterCollection parameters, DateTimeOffset? now) => parameters
        .Time(now)
        .Texts(Of(static c => c.Id.Tenant)).Texts(Of(static c => c.Id.Value))
        .Ints(Of(static c => c.First)).Ints(Of(static c => c.Count)).Ints(Of(static c => c.Counting)).Ints(Of(static c => c.LastMessage))
        .Bools(Of(static c => c.Simple)).Longs(Of(static c => c.Version)).Bool(_creates)
        .Ints(_conversation).Ints(_rank).Ints(_countingRank).Shorts(_kind).Bools(_counts).Longs(_membershipVersion).Longs(_epoch)
        .Longs(_target).Times(_expires).Guids(_key).Guids(_hash).Texts(_sender).Texts(_command).Texts(_device)
        .Texts(_contentType).Texts(_assets).ByteArrays(_body);

    public async Task<IReadOnlyList<AppendResult>> ReadAsync(NpgsqlDataReader reader)
    {
        var results = new AppendResult[_count];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            var result = new AppendResult(
                (AppendOutcome)reader.GetInt16(2), reader.GetInt64(3), reader.TimeOrNull(4) ?? default, reader.GetInt64(5), reader.GetInt64(6));
            var item = reader.GetInt32(1);
            if (item > 0)
            {
                results[_origin[item - 1]] = result;
                continue;
            }

            var conversation = _conversations[reader.GetInt32(0) - 1];
            for (var n = 0; n < conversation.Count; n++)
            {
                results[_origin[conversation.First - 1 + n]] = result with { Seq = result.Seq + n + 1 };
            }
        }

        return results;
    }

    /// <summary>A hash of sender and command; both are compared themselves, so a collision is a conflict and never a lost message. Ids hold no control characters, so the
    /// zero byte parts them. A command id that is a UUID of version 7, as
    /// <see cref="CommandId.New"/> makes them, leads with its time: new keys of a conversation then lie together in the index, instead of each on a page of its own.</summary>
    public static Guid Key(string sender, string command)
    {
        Span<byte> text = stackalloc byte[(2 * 128) + 1];
        var length = Encoding.UTF8.GetBytes(sender, text);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(command, text[length..]);
        Span<byte> hash = stackalloc byte[KeyBytes];
        XxHash128.Hash(text[..length], hash);
        if (command.Length == 2 * TimedId && Guid.TryParseExact(command, "N", out var id) && id.Version == 7)
        {
            Span<byte> timed = stackalloc byte[TimedId];
            id.TryWriteBytes(timed, bigEndian: true, out _);
            hash[..(TimedId - TimeBytes)].CopyTo(timed[TimeBytes..]);
            timed.CopyTo(hash);
        }

        return new Guid(hash, bigEndian: true);
    }

    public static Guid ToGuid(UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        return new Guid(bytes, bigEndian: true);
    }

    private T[] Of<T>(Func<ConversationItems, T> select)
    {
        var array = new T[_conversations.Count];
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = select(_conversations[i]);
        }

        return array;
    }

    /// <summary>The conversation of each item, and where each conversation's items begin.</summary>
    private ConversationItems[] Group(IReadOnlyList<AppendRequest> batch)
    {
        var known = new Dictionary<ConversationId, ConversationItems>(_count);
        var of = new ConversationItems[_count];
        for (var i = 0; i < _count; i++)
        {
            var request = batch[i];
            if (!known.TryGetValue(request.Conversation, out var conversation))
            {
                conversation = new ConversationItems(request.Conversation, _conversations.Count + 1, request.MembershipVersion);
                known.Add(request.Conversation, conversation);
                _conversations.Add(conversation);
            }

            conversation.Count++;
            of[i] = conversation;
        }

        var first = 1;
        foreach (var conversation in _conversations)
        {
            conversation.First = first;
            first += conversation.Count;
        }

        return of;
    }

    private void Fill(IReadOnlyList<AppendRequest> batch, ConversationItems[] of)
    {
        HashSet<(int, Guid)>? seen = null;
        for (var i = 0; i < _count; i++)
        {
            var request = batch[i];
            var header = request.Header;
            var conversation = of[i];
            var at = conversation.First - 1 + conversation.Filled++;
            _origin[at] = i;
            _conversation[at] = conversation.Number;
            _rank[at] = conversation.Filled;
            conversation.Counting += header.Counts ? 1 : 0;
            _countingRank[at] = conversation.Counting;
            _kind[at] = (short)header.Kind;
            _counts[at] = header.Counts;
            _membershipVersion[at] = request.MembershipVersion;
            _key[at] = Key(request.Sender.Value, request.Command.Value);
            _hash[at] = ToGuid(request.PayloadHash);
            _sender[at] = request.Sender.Value;
            _command[at] = request.Command.Value;
            _body[at] = request.Body.IsEmpty ? null : request.Body.ToArray();
            FillRare(request, at);
            if (header.Kind == EntryKind.Message)
            {
                conversation.LastMessage = conversation.Filled;
            }

            _creates |= header.Kind == EntryKind.Membership;
            conversation.Simple &= header.Kind is not (EntryKind.Edit or EntryKind.Deletion or EntryKind.Membership)
                && (header.Target is not null || header.Kind is not (EntryKind.Reaction or EntryKind.Pin))
                && request.ExpectedEpoch is null
                && request.MembershipVersion == conversation.Version
                && (conversation.Count == 1 || (seen ??= []).Add((conversation.Number, _key[at])));
        }
    }

    private void FillRare(AppendRequest request, int at)
    {
        var header = request.Header;
        if (request.ExpectedEpoch is { } epoch)
        {
            (_epoch ??= new long?[_count])[at] = epoch;
        }

        if (header.Target is { } target)
        {
            (_target ??= new long?[_count])[at] = target;
        }

        if (request.ExpiresAt is { } expires)
        {
            (_expires ??= new DateTime?[_count])[at] = expires.UtcDateTime;
        }

        if (request.Device is { } device)
        {
            (_device ??= new string?[_count])[at] = Texts.Encode(device);
        }

        if (EntryRow.ContentType(header.ContentType) is { } contentType)
        {
            (_contentType ??= new string?[_count])[at] = contentType;
        }

        if (header.Assets.Count > 0)
        {
            (_assets ??= new string?[_count])[at] = EntryRow.Assets(header.Assets);
        }
    }

    /// <summary>What the batch has for one conversation.</summary>
    private sealed class ConversationItems(ConversationId id, int number, long version)
    {
        public ConversationId Id { get; } = id;

        /// <summary>From 1.</summary>
        public int Number { get; } = number;

        /// <summary>The membership version of its first item; of all while it is simple.</summary>
        public long Version { get; } = version;

        /// <summary>The place of its first item, from 1.</summary>
        public int First { get; set; }

        public int Count { get; set; }

        public int Filled { get; set; }

        public int Counting { get; set; }

        /// <summary>Which of its items is the last message, from 1; 0 for none.</summary>
        public int LastMessage { get; set; }

        public bool Simple { get; set; } = true;
    }
}
