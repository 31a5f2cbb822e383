namespace ChatKit.Mls;

/// <summary>Credential (RFC 9420, section 5.3): who a leaf says it is. Immutable.</summary>
public sealed class MlsCredential : IMlsStructure<MlsCredential>, IEquatable<MlsCredential>
{
    private readonly byte[] _content;
    private readonly byte[][] _certificates;

    private MlsCredential(int type, byte[] content, byte[][] certificates)
    {
        Type = type;
        _content = content;
        _certificates = certificates;
    }

    /// <summary>The 16-bit credential type, see <see cref="MlsCredentialType"/>.</summary>
    public int Type { get; }

    /// <summary>The identity of a basic credential; the opaque content of an unknown type; empty for x509.</summary>
    public ReadOnlyMemory<byte> Identity => _content;

    /// <summary>The DER certificates of an x509 credential, the end entity first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => Array.ConvertAll(_certificates, c => (ReadOnlyMemory<byte>)c);

    /// <summary>Makes a basic credential.</summary>
    /// <param name="identity">The identity; it is copied.</param>
    /// <returns>The credential.</returns>
    public static MlsCredential Basic(ReadOnlySpan<byte> identity) => new(MlsCredentialType.Basic, identity.ToArray(), []);

    /// <summary>Makes an x509 credential.</summary>
    /// <param name="certificates">DER certificates, the end entity first.</param>
    /// <returns>The credential.</returns>
    public static MlsCredential X509(IEnumerable<ReadOnlyMemory<byte>> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return new(MlsCredentialType.X509, [], [.. certificates.Select(c => c.ToArray())]);
    }

    /// <inheritdoc/>
    public bool Equals(MlsCredential? other)
    {
        if (other is null || Type != other.Type || !_content.AsSpan().SequenceEqual(other._content) || _certificates.Length != other._certificates.Length)
        {
            return false;
        }

        for (var i = 0; i < _certificates.Length; i++)
        {
            if (!_certificates[i].AsSpan().SequenceEqual(other._certificates[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MlsCredential);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Type);
        hash.AddBytes(_content);
        if (_certificates.Length > 0)
        {
            hash.AddBytes(_certificates[0]);
        }

        return hash.ToHashCode();
    }

    static MlsCredential IMlsStructure<MlsCredential>.Read(ref MlsReader reader)
    {
        var type = reader.ReadUInt16();
        if (type != MlsCredentialType.X509)
        {
            // RFC 9420 fixes no form for other types; every registered one is a single vector.
            return new(type, reader.ReadOpaque(), []);
        }

        var nested = reader.ReadNested();
        var certificates = new List<byte[]>();
        while (!nested.AtEnd)
        {
            certificates.Add(nested.ReadOpaque());
        }

        return new(type, [], [.. certificates]);
    }

    void IMlsStructure<MlsCredential>.Write(MlsWriter writer)
    {
        writer.WriteUInt16((ushort)Type);
        if (Type != MlsCredentialType.X509)
        {
            writer.WriteOpaque(_content);
            return;
        }

        var start = writer.BeginVector();
        foreach (var certificate in _certificates)
        {
            writer.WriteOpaque(certificate);
        }

        writer.EndVector(start);
    }
}
