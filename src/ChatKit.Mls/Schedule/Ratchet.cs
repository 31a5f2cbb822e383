using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A hash ratchet of one leaf (RFC 9420, section 9.1) with the keys of skipped generations. Never changed: using a key makes a new
/// ratchet, so that a message that does not verify leaves the old one in place.
/// </summary>
internal sealed class Ratchet(uint generation, byte[] secret, SortedList<uint, MessageKey> skipped)
{
    /// <summary>The generation whose key <see cref="Secret"/> gives next.</summary>
    public uint Generation { get; } = generation;

    public byte[] Secret { get; } = secret;

    public SortedList<uint, MessageKey> Skipped { get; } = skipped;

    public static Ratchet Read(ref MlsReader reader)
    {
        var generation = reader.ReadUInt32();
        var secret = reader.ReadOpaque();
        var skipped = new SortedList<uint, MessageKey>();
        var nested = reader.ReadNested();
        while (!nested.AtEnd)
        {
            skipped[nested.ReadUInt32()] = new MessageKey(nested.ReadOpaque(), nested.ReadOpaque());
        }

        return new Ratchet(generation, secret, skipped);
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt32(Generation);
        writer.WriteOpaque(Secret);
        var start = writer.BeginVector();
        foreach (var (generation, key) in Skipped)
        {
            writer.WriteUInt32(generation);
            writer.WriteOpaque(key.Key);
            writer.WriteOpaque(key.Nonce);
        }

        writer.EndVector(start);
    }

    /// <summary>The key of a generation and the ratchet without it.</summary>
    public (MessageKey Key, Ratchet Next) Take(MlsCipherSuite suite, uint generation, int maxForward, int maxSkipped)
    {
        if (generation < Generation)
        {
            if (!Skipped.TryGetValue(generation, out var kept))
            {
                throw new MlsException(MlsErrorCode.GenerationReused, "The key of this generation was used or dropped.");
            }

            var rest = new SortedList<uint, MessageKey>(Skipped);
            rest.Remove(generation);
            return (kept, new Ratchet(Generation, Secret, rest));
        }

        if (generation - Generation > (uint)maxForward)
        {
            throw new MlsException(MlsErrorCode.GenerationTooFar, "The generation is too far ahead.");
        }

        if (generation == uint.MaxValue)
        {
            throw new MlsException(MlsErrorCode.GenerationTooFar, "The ratchet is used up.");
        }

        var skipped = generation == Generation ? Skipped : new SortedList<uint, MessageKey>(Skipped);
        var secret = Secret;
        var current = Generation;
        for (; current < generation; current++)
        {
            if (generation - current <= (uint)maxSkipped)
            {
                skipped.Add(current, Derive(suite, secret, current));
            }

            Advance(suite, ref secret, current);
        }

        var key = Derive(suite, secret, current);
        Advance(suite, ref secret, current);
        while (skipped.Count > maxSkipped)
        {
            skipped.RemoveAt(0);
        }

        return (key, new Ratchet(current + 1, secret, skipped));
    }

    /// <summary>Zeroes what a newer ratchet does not share.</summary>
    public void ZeroExcept(Ratchet? newer)
    {
        if (!ReferenceEquals(newer?.Secret, Secret))
        {
            CryptographicOperations.ZeroMemory(Secret);
        }

        foreach (var (generation, key) in Skipped)
        {
            if (newer is null || !newer.Skipped.TryGetValue(generation, out var kept) || !ReferenceEquals(kept, key))
            {
                key.Dispose();
            }
        }
    }

    private static MessageKey Derive(MlsCipherSuite suite, byte[] secret, uint generation)
    {
        var key = new byte[suite.Aead.KeyLength];
        var nonce = new byte[suite.Aead.NonceLength];
        suite.DeriveTreeSecret(secret, "key"u8, generation, key);
        suite.DeriveTreeSecret(secret, "nonce"u8, generation, nonce);
        return new MessageKey(key, nonce);
    }

    private void Advance(MlsCipherSuite suite, ref byte[] secret, uint generation)
    {
        var next = new byte[suite.HashLength];
        suite.DeriveTreeSecret(secret, "secret"u8, generation, next);
        if (!ReferenceEquals(secret, Secret))
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        secret = next;
    }
}
