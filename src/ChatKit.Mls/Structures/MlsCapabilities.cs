namespace ChatKit.Mls;

/// <summary>Capabilities (RFC 9420, section 7.2): what a client supports beyond what every client must. Immutable.</summary>
public sealed class MlsCapabilities : IMlsStructure<MlsCapabilities>
{
    private readonly ushort[] _versions;
    private readonly ushort[] _cipherSuites;
    private readonly ushort[] _extensions;
    private readonly ushort[] _proposals;
    private readonly ushort[] _credentials;

    /// <summary>Makes capabilities for protocol version <c>mls10</c>.</summary>
    /// <param name="cipherSuites">Cipher suite numbers; null: suites 1 and 3.</param>
    /// <param name="extensions">Extension types beyond the default ones of RFC 9420.</param>
    /// <param name="proposals">Proposal types beyond the default ones of RFC 9420.</param>
    /// <param name="credentials">Credential types; null: basic and x509.</param>
    public MlsCapabilities(
        IEnumerable<ushort>? cipherSuites = null, IEnumerable<ushort>? extensions = null, IEnumerable<ushort>? proposals = null, IEnumerable<ushort>? credentials = null)
        : this([ProtocolVersion.Mls10], [.. cipherSuites ?? [1, 3]], [.. extensions ?? []], [.. proposals ?? []], [.. credentials ?? [1, 2]])
    {
    }

    private MlsCapabilities(ushort[] versions, ushort[] cipherSuites, ushort[] extensions, ushort[] proposals, ushort[] credentials)
    {
        _versions = versions;
        _cipherSuites = cipherSuites;
        _extensions = extensions;
        _proposals = proposals;
        _credentials = credentials;
    }

    /// <summary>Protocol versions.</summary>
    public IReadOnlyList<ushort> Versions => _versions;

    /// <summary>Cipher suites.</summary>
    public IReadOnlyList<ushort> CipherSuites => _cipherSuites;

    /// <summary>Extension types beyond the default ones.</summary>
    public IReadOnlyList<ushort> Extensions => _extensions;

    /// <summary>Proposal types beyond the default ones.</summary>
    public IReadOnlyList<ushort> Proposals => _proposals;

    /// <summary>Credential types.</summary>
    public IReadOnlyList<ushort> Credentials => _credentials;

    internal bool SupportsExtension(int type) => MlsExtensionType.IsDefault(type) || Array.IndexOf(_extensions, (ushort)type) >= 0;

    internal bool SupportsProposal(int type) => type is >= 1 and <= 7 || Array.IndexOf(_proposals, (ushort)type) >= 0;

    internal bool SupportsCredential(int type) => Array.IndexOf(_credentials, (ushort)type) >= 0;

    internal bool SupportsVersion(int version) => Array.IndexOf(_versions, (ushort)version) >= 0;

    internal bool SupportsCipherSuite(int suite) => Array.IndexOf(_cipherSuites, (ushort)suite) >= 0;

    static MlsCapabilities IMlsStructure<MlsCapabilities>.Read(ref MlsReader reader) => new(
        MlsCodec.ReadUInt16List(ref reader),
        MlsCodec.ReadUInt16List(ref reader),
        MlsCodec.ReadUInt16List(ref reader),
        MlsCodec.ReadUInt16List(ref reader),
        MlsCodec.ReadUInt16List(ref reader));

    void IMlsStructure<MlsCapabilities>.Write(MlsWriter writer)
    {
        MlsCodec.WriteUInt16List(writer, _versions);
        MlsCodec.WriteUInt16List(writer, _cipherSuites);
        MlsCodec.WriteUInt16List(writer, _extensions);
        MlsCodec.WriteUInt16List(writer, _proposals);
        MlsCodec.WriteUInt16List(writer, _credentials);
    }
}
