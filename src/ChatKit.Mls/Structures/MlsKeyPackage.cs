namespace ChatKit.Mls;

/// <summary>
/// KeyPackage (RFC 9420, section 10): what others need to add a client to a group. Immutable. Made by
/// <c>MlsKeyPackageBundle</c>; decoding does not verify it, adding it to a group does.
/// </summary>
public sealed class MlsKeyPackage : IMlsStructure<MlsKeyPackage>
{
    private readonly ushort _version;
    private readonly byte[] _initKey;
    private readonly MlsExtension[] _extensions;
    private readonly byte[] _signature;

    private MlsKeyPackage(ushort version, ushort cipherSuite, byte[] initKey, LeafNode leafNode, MlsExtension[] extensions, byte[] signature)
    {
        _version = version;
        CipherSuite = cipherSuite;
        _initKey = initKey;
        LeafNode = leafNode;
        _extensions = extensions;
        _signature = signature;
    }

    /// <summary>The number of its cipher suite.</summary>
    public int CipherSuite { get; }

    /// <summary>The credential of the client.</summary>
    public MlsCredential Credential => LeafNode.Credential;

    /// <summary>The public signature key of the client.</summary>
    public ReadOnlyMemory<byte> SignatureKey => LeafNode.SignatureKey;

    /// <summary>When it is valid.</summary>
    public MlsLifetime Lifetime => LeafNode.Lifetime;

    /// <summary>The extensions of the key package.</summary>
    public IReadOnlyList<MlsExtension> Extensions => _extensions;

    /// <summary>Whether it may be used more than once, when no other is left (RFC 9420, section 16.8).</summary>
    public bool IsLastResort => MlsExtension.Find(_extensions, MlsExtensionType.LastResort) is not null;

    internal LeafNode LeafNode { get; }

    internal ReadOnlySpan<byte> InitKey => _initKey;

    private static ReadOnlySpan<byte> Label => "KeyPackageTBS"u8;

    /// <summary>Decodes a key package that came as an MLSMessage.</summary>
    /// <param name="message">The encoded MLSMessage.</param>
    /// <returns>The key package, not yet verified.</returns>
    /// <exception cref="MlsException">The bytes are malformed or hold something else.</exception>
    public static MlsKeyPackage Decode(ReadOnlySpan<byte> message) =>
        MlsMessage.Decode(message).KeyPackage
        ?? throw new MlsException(MlsErrorCode.WrongWireFormat, "The message does not hold a key package.");

    /// <summary>Encodes the key package as an MLSMessage.</summary>
    /// <returns>The bytes to publish.</returns>
    public byte[] Encode() => MlsMessage.Of(this).Encode();

    /// <summary>KeyPackageRef (RFC 9420, section 5.2): the name of the key package in a Welcome.</summary>
    /// <param name="suite">The cipher suite of the key package.</param>
    /// <returns>The reference.</returns>
    public byte[] ComputeReference(MlsCipherSuite suite)
    {
        ArgumentNullException.ThrowIfNull(suite);
        return suite.RefHash("MLS 1.0 KeyPackage Reference"u8, MlsCodec.Encode(this));
    }

    internal static MlsKeyPackage Create(MlsCipherSuite suite, MlsSigner signer, byte[] initKey, LeafNode leafNode, MlsExtension[] extensions)
    {
        var unsigned = new MlsKeyPackage(ProtocolVersion.Mls10, suite.Id, initKey, leafNode, extensions, []);
        using var writer = new MlsWriter(512);
        unsigned.WriteContent(writer);
        return new MlsKeyPackage(ProtocolVersion.Mls10, suite.Id, initKey, leafNode, extensions, signer.SignWithLabel(Label, writer.Written));
    }

    /// <summary>RFC 9420, section 10.1, but for the leaf node, which is validated where it is used.</summary>
    internal void Validate(MlsCipherSuite suite)
    {
        if (_version != ProtocolVersion.Mls10)
        {
            throw new MlsException(MlsErrorCode.UnsupportedVersion, "The key package is for another protocol version.");
        }

        if (CipherSuite != suite.Id)
        {
            throw new MlsException(MlsErrorCode.InvalidKeyPackage, "The key package is for another cipher suite.");
        }

        if (LeafNode.Source != LeafNodeSource.KeyPackage)
        {
            throw new MlsException(MlsErrorCode.InvalidKeyPackage, "The leaf node of a key package has another source.");
        }

        if (_initKey.Length != suite.Kem.PublicKeyLength)
        {
            throw new MlsException(MlsErrorCode.InvalidKey, "The init key of a key package has a wrong length.");
        }

        if (_initKey.AsSpan().SequenceEqual(LeafNode.EncryptionKey))
        {
            throw new MlsException(MlsErrorCode.InvalidKeyPackage, "The init key of a key package equals its encryption key.");
        }

        MlsExtension.EnsureUnique(_extensions);
        using var writer = new MlsWriter(512);
        WriteContent(writer);
        if (!suite.VerifyWithLabel(LeafNode.SignatureKey, Label, writer.Written, _signature))
        {
            throw new MlsException(MlsErrorCode.InvalidSignature, "The signature of a key package does not verify.");
        }
    }

    static MlsKeyPackage IMlsStructure<MlsKeyPackage>.Read(ref MlsReader reader) => new(
        reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadOpaque(), LeafNode.Read(ref reader), MlsCodec.ReadList<MlsExtension>(ref reader), reader.ReadOpaque());

    void IMlsStructure<MlsKeyPackage>.Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.WriteOpaque(_signature);
    }

    private void WriteContent(MlsWriter writer)
    {
        writer.WriteUInt16(_version);
        writer.WriteUInt16((ushort)CipherSuite);
        writer.WriteOpaque(_initKey);
        LeafNode.Write(writer);
        MlsCodec.WriteList(writer, _extensions);
    }
}
