using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ChatKit;

/// <summary>A direct conversation or a group, within a tenant. Knowing an id grants nothing.</summary>
public readonly record struct ConversationId
{
    /// <summary>Creates a conversation id from its text.</summary>
    /// <param name="value">The text: 1 to 128 UTF-8 bytes, no control characters.</param>
    /// <param name="tenant">The tenant, or the empty string (the default).</param>
    /// <exception cref="ArgumentException">A part is too long, malformed, or <paramref name="value"/> is empty.</exception>
    public ConversationId(string value, string tenant = "")
    {
        Tenant = IdRules.CheckTenant(tenant);
        Value = IdRules.Check(value, "conversation id");
    }

    /// <summary>The tenant; empty for a host with one customer.</summary>
    public string Tenant { get; }

    /// <summary>The text of the id: <c>d_…</c> for a direct conversation, <c>g_…</c> for a group.</summary>
    public string Value { get; }

    /// <summary>Creates a conversation id from untrusted text.</summary>
    /// <param name="value">The text.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The id, when the text obeys the rules.</param>
    /// <returns>Whether the text obeys the rules of the constructor.</returns>
    public static bool TryCreate(string? value, string tenant, out ConversationId id)
    {
        var ok = IdRules.IsValid(value) && (tenant is { Length: 0 } || IdRules.IsValid(tenant));
        id = ok ? new ConversationId(value!, tenant) : default;
        return ok;
    }

    /// <summary>The id of the one direct conversation of two users: a hash of the length-prefixed tenant and the two
    /// user ids in byte order (ARCHITECTURE, rule 15), the same whoever asks.</summary>
    /// <param name="one">A user.</param>
    /// <param name="other">The other user; may be the same user (notes to oneself).</param>
    /// <returns>The conversation's id.</returns>
    /// <exception cref="ArgumentException">The users belong to different tenants.</exception>
    public static ConversationId Direct(UserId one, UserId other)
    {
        if (!string.Equals(one.Tenant, other.Tenant, StringComparison.Ordinal))
        {
            throw new ArgumentException("The users of a direct conversation belong to one tenant.", nameof(other));
        }

        var a = Encoding.UTF8.GetBytes(one.Value);
        var b = Encoding.UTF8.GetBytes(other.Value);
        if (a.AsSpan().SequenceCompareTo(b) > 0)
        {
            (a, b) = (b, a);
        }

        var input = new MemoryStream();
        Write(input, Encoding.UTF8.GetBytes(one.Tenant));
        Write(input, a);
        Write(input, b);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input.GetBuffer().AsSpan(0, (int)input.Length), hash);
        return new ConversationId("d_" + Base64Url.EncodeToString(hash[..24]), one.Tenant);

        static void Write(MemoryStream to, byte[] part)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
            to.Write(length);
            to.Write(part);
        }
    }

    /// <summary>A fresh id for a group.</summary>
    /// <param name="tenant">The tenant of the group, or the empty string.</param>
    /// <returns>An id nobody else has.</returns>
    public static ConversationId NewGroup(string tenant = "") => new("g_" + Guid.NewGuid().ToString("N"), tenant);

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Tenant) ? Value ?? "" : $"{Tenant}/{Value}";
}
