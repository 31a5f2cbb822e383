using System.Globalization;
using System.Text;
using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Messages.Model;

/// <summary>Makes the items of appends: mostly such that will be stored, now and then such that will not.</summary>
internal sealed class RequestMaker(string run)
{
    private static readonly DateTimeOffset Noon = new(2031, 1, 2, 12, 0, 0, 125, TimeSpan.Zero);
    private readonly List<AppendRequest> _made = [];
    private int _commands;

    public AppendRequest Make(ModelLog log, Dice dice)
    {
        if (dice.OnceIn(6) && _made.Count > 0)
        {
            return Again(log, dice);
        }

        var kind = log.LastSeq == 0 && !dice.OnceIn(8)
            ? EntryKind.Membership
            : dice.Pick(
                EntryKind.Message, EntryKind.Message, EntryKind.Message, EntryKind.Edit, EntryKind.Edit, EntryKind.Deletion, EntryKind.Deletion, EntryKind.Membership,
                EntryKind.Reaction, EntryKind.Pin, EntryKind.Commit, EntryKind.Details);
        var changes = kind is EntryKind.Edit or EntryKind.Deletion or EntryKind.Reaction or EntryKind.Pin;
        var request = new AppendRequest
        {
            Conversation = log.Id,
            Sender = new UserId(dice.Pick("ann", "ben"), log.Id.Tenant),
            Device = dice.Pick(null, "phone", "Phone"),
            Command = new CommandId(string.Create(CultureInfo.InvariantCulture, $"{run}-{++_commands}")),
            PayloadHash = dice.OnceIn(4) ? UInt128.MaxValue - (UInt128)dice.Next(3) : (UInt128)_commands,
            Header = new EntryHeader
            {
                Kind = kind,
                Target = changes ? Target(log, dice) : null,
                Counts = dice.OnceIn(kind == EntryKind.Message ? 2 : 5),
                Assets = dice.OnceIn(5) ? [.. Enumerable.Range(0, 1 + dice.Next(2)).Select(n => new AssetId($"photo{n}", log.Id.Tenant))] : [],
                ContentType = dice.Pick("text/plain", "text/plain", "text/html", "application/x; a=\"\u00e9\""),
            },
            Body = Body(dice),
            MembershipVersion = Version(log, dice),
            ExpectedEpoch = kind == EntryKind.Commit ? log.Epoch + (dice.OnceIn(4) ? dice.Pick(1, -1, long.MaxValue - log.Epoch) : 0) : null,
            ExpiresAt = dice.OnceIn(6) ? Noon.AddMilliseconds(dice.Next(9_999)) : null,
        };
        _made.Add(request);
        return request;
    }

    public string Describe(AppendRequest request)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{request.Header.Kind} {request.Command.Value[(run.Length + 1)..]} by {request.Sender} to {request.Conversation}");
        text.Append(CultureInfo.InvariantCulture, $" under {request.MembershipVersion}");
        Append(request.Header.Target is { } target, $" of {request.Header.Target}");
        Append(request.ExpectedEpoch is not null, $" in epoch {request.ExpectedEpoch}");
        Append(request.Header.Counts, $" counting");
        Append(request.Header.Assets.Count > 0, $" with {request.Header.Assets.Count} assets");
        Append(!ReferenceEquals(request, _made[^1]), $" again, hash {request.PayloadHash}");
        return text.ToString();

        void Append(bool when, FormattableString part)
        {
            if (when)
            {
                text.Append(FormattableString.Invariant(part));
            }
        }
    }

    /// <summary>A retry, perhaps after things changed; or the same key in another conversation, or with another payload.</summary>
    private AppendRequest Again(ModelLog log, Dice dice)
    {
        var earlier = _made[_made.Count - 1 - dice.Next(_made.Count)];
        return dice.Next(8) switch
        {
            0 => earlier with { PayloadHash = earlier.PayloadHash ^ (UInt128.One << dice.Next(128)) },
            1 => earlier with { Device = "another", MembershipVersion = -1 },
            2 => earlier with { Conversation = log.Id, Sender = new UserId(earlier.Sender.Value, log.Id.Tenant), MembershipVersion = log.MembershipVersion },
            3 => earlier with { MembershipVersion = log.MembershipVersion },
            _ => earlier,
        };
    }

    private static long? Target(ModelLog log, Dice dice)
    {
        if (dice.OnceIn(4))
        {
            return dice.Pick<long?>(null, log.LastSeq + 1, 0, -1, 1, log.TrimmedTo, dice.Next((int)log.LastSeq + 1), long.MaxValue);
        }

        long[] messages = [.. log.Entries.Where(entry => entry.Kind == EntryKind.Message).Select(entry => entry.Seq)];
        return messages.Length == 0 ? 1 : messages[^(1 + dice.Next(Math.Min(messages.Length, 5)))];
    }

    private static long Version(ModelLog log, Dice dice) =>
        dice.OnceIn(8) ? dice.Pick(log.MembershipVersion - 1, log.MembershipVersion + 1, 0, -1, log.LastSeq, long.MaxValue) : log.MembershipVersion;

    private static byte[] Body(Dice dice) => dice.Next(8) switch
    {
        7 => new byte[1 + dice.Next(3)],
        6 => [.. Enumerable.Range(0, 20_000).Select(n => (byte)(n * 7))],
        5 => [],
        var n => Encoding.UTF8.GetBytes($"text {n} \U0001f600 e\u0301"),
    };
}
