namespace ChatKit.Mls;

/// <summary>The required_capabilities extension (RFC 9420, section 11.1): what every member must support. Immutable.</summary>
public sealed class MlsRequiredCapabilities : IMlsStructure<MlsRequiredCapabilities>
{
    private readonly ushort[] _extensions;
    private readonly ushort[] _proposals;
    private readonly ushort[] _credentials;

    /// <summary>Makes the extension's content.</summary>
    /// <param name="extensions">Required extension types.</param>
    /// <param name="proposals">Required proposal types.</param>
    /// <param name="credentials">Required credential types.</param>
    public MlsRequiredCapabilities(IEnumerable<ushort>? extensions = null, IEnumerable<ushort>? proposals = null, IEnumerable<ushort>? credentials = null)
        : this([.. extensions ?? []], [.. proposals ?? []], [.. credentials ?? []])
    {
    }

    private MlsRequiredCapabilities(ushort[] extensions, ushort[] proposals, ushort[] credentials)
    {
        _extensions = extensions;
        _proposals = proposals;
        _credentials = credentials;
    }

    /// <summary>Required extension types.</summary>
    public IReadOnlyList<ushort> Extensions => _extensions;

    /// <summary>Required proposal types.</summary>
    public IReadOnlyList<ushort> Proposals => _proposals;

    /// <summary>Required credential types.</summary>
    public IReadOnlyList<ushort> Credentials => _credentials;

    /// <summary>The extension to put into a group.</summary>
    /// <returns>The encoded extension.</returns>
    public MlsExtension ToExtension() => new(MlsExtensionType.RequiredCapabilities, MlsCodec.Encode(this));

    internal bool SatisfiedBy(MlsCapabilities capabilities) =>
        Array.TrueForAll(_extensions, e => capabilities.SupportsExtension(e))
        && Array.TrueForAll(_proposals, p => capabilities.SupportsProposal(p))
        && Array.TrueForAll(_credentials, c => capabilities.SupportsCredential(c));

    static MlsRequiredCapabilities IMlsStructure<MlsRequiredCapabilities>.Read(ref MlsReader reader) =>
        new(MlsCodec.ReadUInt16List(ref reader), MlsCodec.ReadUInt16List(ref reader), MlsCodec.ReadUInt16List(ref reader));

    void IMlsStructure<MlsRequiredCapabilities>.Write(MlsWriter writer)
    {
        MlsCodec.WriteUInt16List(writer, _extensions);
        MlsCodec.WriteUInt16List(writer, _proposals);
        MlsCodec.WriteUInt16List(writer, _credentials);
    }
}
