namespace ChatKit.Mls;

/// <summary>ExternalSender (RFC 9420, section 12.1.8.1): someone outside the group who may send it proposals. Immutable.</summary>
public sealed class MlsExternalSender : IMlsStructure<MlsExternalSender>
{
    private readonly byte[] _signatureKey;

    /// <summary>Makes an entry of the external_senders extension.</summary>
    /// <param name="signatureKey">The sender's public signature key.</param>
    /// <param name="credential">The sender's credential.</param>
    public MlsExternalSender(ReadOnlySpan<byte> signatureKey, MlsCredential credential)
        : this(signatureKey.ToArray(), credential)
    {
    }

    private MlsExternalSender(byte[] signatureKey, MlsCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        _signatureKey = signatureKey;
        Credential = credential;
    }

    /// <summary>The public signature key.</summary>
    public ReadOnlyMemory<byte> SignatureKey => _signatureKey;

    /// <summary>The credential.</summary>
    public MlsCredential Credential { get; }

    /// <summary>The extension to put into a group.</summary>
    /// <param name="senders">The senders; their position is their index.</param>
    /// <returns>The encoded extension.</returns>
    public static MlsExtension ToExtension(IReadOnlyList<MlsExternalSender> senders)
    {
        ArgumentNullException.ThrowIfNull(senders);
        return new(MlsExtensionType.ExternalSenders, MlsCodec.EncodeList(senders));
    }

    static MlsExternalSender IMlsStructure<MlsExternalSender>.Read(ref MlsReader reader) =>
        new(reader.ReadOpaque(), Structure.Read<MlsCredential>(ref reader));

    void IMlsStructure<MlsExternalSender>.Write(MlsWriter writer)
    {
        writer.WriteOpaque(_signatureKey);
        Structure.Write(writer, Credential);
    }
}
