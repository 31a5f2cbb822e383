using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace ChatKit.AspNetCore.Security;

/// <summary>Carries the sign-in of an HTTP request over to a live connection of the same user, whichever node holds it: a browser cannot put its
/// cookie into a socket that is open. Protected by the host's data protection, good for a minute.</summary>
internal sealed class RenewalTickets(IDataProtectionProvider protection, TimeProvider time)
{
    private const string Prefix = "chatkit.";
    private const long Never = long.MaxValue;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private readonly IDataProtector protector = protection.CreateProtector("ChatKit.Renewal.v1");

    public static bool IsTicket(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    public string Create(UserId user, DateTimeOffset? expires)
    {
        var (tenant, id) = (Encoding.UTF8.GetBytes(user.Tenant), Encoding.UTF8.GetBytes(user.Value));
        var payload = new byte[20 + tenant.Length + id.Length];
        BinaryPrimitives.WriteInt64LittleEndian(payload, (time.GetUtcNow() + Life).UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(8), expires?.UtcTicks ?? Never);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(16), tenant.Length);
        tenant.CopyTo(payload, 20);
        id.CopyTo(payload, 20 + tenant.Length);
        return Prefix + WebEncoders.Base64UrlEncode(protector.Protect(payload));
    }

    public bool TryRead(string ticket, out UserId user, out DateTimeOffset? expires)
    {
        user = default;
        expires = null;
        byte[] payload;
        try
        {
            payload = protector.Unprotect(WebEncoders.Base64UrlDecode(ticket, Prefix.Length, ticket.Length - Prefix.Length));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false; // Not ours, of other keys, or tampered with.
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(payload) < time.GetUtcNow().UtcTicks)
        {
            return false;
        }

        var until = BinaryPrimitives.ReadInt64LittleEndian(payload.AsSpan(8));
        expires = until == Never ? null : new DateTimeOffset(until, TimeSpan.Zero);
        var tenant = BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(16));
        return UserId.TryCreate(Encoding.UTF8.GetString(payload.AsSpan(20 + tenant)), Encoding.UTF8.GetString(payload.AsSpan(20, tenant)), out user);
    }
}
