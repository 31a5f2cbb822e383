using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A commit that was prepared and stored but has no effect yet: send <see cref="Message"/>, then call
/// <see cref="MlsGroup.MergePendingCommit"/> once the delivery service has accepted it, or <see cref="MlsGroup.DropPendingCommit"/>. If
/// another member's commit is processed first, it is dropped.
/// </summary>
public sealed class MlsPendingCommit
{
    private readonly byte[] _message;
    private readonly byte[]? _welcome;

    internal MlsPendingCommit(byte[] message, byte[]? welcome, EpochState next, RosterChanges changes, ReInitProposal? reInit, byte[] authenticatedData)
    {
        _message = message;
        _welcome = welcome;
        Next = next;
        Changes = changes;
        ReInit = reInit;
        AuthenticatedData = authenticatedData;
    }

    /// <summary>The commit for all members, an MLSMessage.</summary>
    public ReadOnlyMemory<byte> Message => _message;

    /// <summary>The Welcome for the members that it adds, an MLSMessage; null if it adds none. Send it after the commit was accepted.</summary>
    public ReadOnlyMemory<byte>? Welcome => _welcome is null ? default(ReadOnlyMemory<byte>?) : _welcome;

    /// <summary>The epoch that the commit starts.</summary>
    public ulong Epoch => Next.Epoch;

    internal EpochState Next { get; }

    internal RosterChanges Changes { get; }

    internal ReInitProposal? ReInit { get; }

    internal byte[] AuthenticatedData { get; }

    internal bool IsMessage(ReadOnlySpan<byte> message) => message.SequenceEqual(_message);

    internal byte[] Encode(EpochState current)
    {
        var changes = new StateChanges();
        changes.Add(Next, current);
        using var writer = new MlsWriter(4096);
        writer.WriteOpaque(_message);
        writer.WriteOptional(_welcome is not null);
        if (_welcome is not null)
        {
            writer.WriteOpaque(_welcome);
        }

        Changes.Write(writer);
        writer.WriteOptional(ReInit is not null);
        ReInit?.WriteBody(writer);
        writer.WriteOpaque(AuthenticatedData);
        foreach (var change in changes.ToList())
        {
            writer.WriteOpaque(System.Text.Encoding.ASCII.GetBytes(change.Key));
            writer.WriteOptional(change.Value is not null);
            if (change.Value is { } value)
            {
                writer.WriteOpaque(value.Span);
            }
        }

        return writer.ToArray();
    }

    internal static MlsPendingCommit Decode(ReadOnlySpan<byte> data, Dictionary<string, byte[]> records, Func<Dictionary<string, byte[]>, EpochState> load)
    {
        var reader = new MlsReader(data);
        var message = reader.ReadOpaque();
        var welcome = reader.ReadOptional() ? reader.ReadOpaque() : null;
        var roster = RosterChanges.Read(ref reader);
        var reInit = reader.ReadOptional() ? ReInitProposal.ReadBody(ref reader) : null;
        var authenticatedData = reader.ReadOpaque();
        var overlay = new Dictionary<string, byte[]>(records);
        while (!reader.AtEnd)
        {
            var key = System.Text.Encoding.ASCII.GetString(reader.ReadVector());
            if (reader.ReadOptional())
            {
                overlay[key] = reader.ReadOpaque();
            }
            else
            {
                overlay.Remove(key);
            }
        }

        return new MlsPendingCommit(message, welcome, load(overlay), roster, reInit, authenticatedData);
    }

    internal void Zero(EpochState current)
    {
        Next.ZeroKeysExcept(current);
        Next.SecretTree.Dispose();
    }
}
