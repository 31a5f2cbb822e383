namespace ChatKit.Mls;

/// <summary>A decrypted and authenticated application message (RFC 9420, section 15).</summary>
public sealed class MlsApplicationMessage : MlsReceived
{
    internal MlsApplicationMessage(MlsMember sender, ulong epoch, byte[] content, byte[] authenticatedData)
        : base(authenticatedData)
    {
        Sender = sender;
        Epoch = epoch;
        Content = content;
    }

    /// <summary>The sender, as it was in the epoch of the message.</summary>
    public MlsMember Sender { get; }

    /// <summary>The epoch of the message.</summary>
    public ulong Epoch { get; }

    /// <summary>The plaintext.</summary>
    public ReadOnlyMemory<byte> Content { get; }
}
