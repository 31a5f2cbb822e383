namespace ChatKit.Mls;

/// <summary>What a client brings to its groups. Immutable once made; may be shared by groups.</summary>
public sealed class MlsGroupOptions
{
    /// <summary>The client's signature key. Not disposed by the group.</summary>
    public required MlsSigner Signer { get; init; }

    /// <summary>Decides about credentials.</summary>
    public required MlsCredentialValidator CredentialValidator { get; init; }

    /// <summary>Further signature keys of the client, while it changes from one to another.</summary>
    public IReadOnlyList<MlsSigner> AlternateSigners { get; init; } = [];

    /// <summary>The cipher suites that the client accepts.</summary>
    /// <value>Default: the two built-in ones.</value>
    public IReadOnlyList<MlsCipherSuite> CipherSuites { get; init; } =
        [MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519];

    /// <summary>Finds pre-shared keys.</summary>
    /// <value>Default: none.</value>
    public MlsPskProvider? PskProvider { get; init; }

    /// <summary>Decides about proposals of others.</summary>
    /// <value>Default: all that RFC 9420 allows.</value>
    public MlsGroupPolicy? Policy { get; init; }

    /// <summary>The clock for lifetimes.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whether proposals and commits are sent as PublicMessage instead of PrivateMessage (RFC 9420, section 16.1).</summary>
    /// <value>Default: false.</value>
    public bool PublicHandshake { get; init; }

    /// <summary>PrivateMessages are padded to a multiple of this many bytes (RFC 9420, section 6.3.1).</summary>
    /// <value>Default: 64. 0 or 1 switches padding off.</value>
    public int PaddingBlock { get; init; } = 64;

    /// <summary>How many past epochs stay readable for late application messages.</summary>
    /// <value>Default: 3. Each costs forward secrecy while it is kept.</value>
    public int MaxPastEpochs { get; init; } = 3;

    /// <summary>How many resumption PSKs of past epochs are kept (RFC 9420, section 8.6).</summary>
    /// <value>Default: 16.</value>
    public int MaxResumptionPsks { get; init; } = 16;

    /// <summary>How far ahead of the last one a message's generation may be.</summary>
    /// <value>Default: 1000.</value>
    public int MaxForwardGenerations { get; init; } = 1000;

    /// <summary>How many keys of skipped generations each ratchet keeps for messages out of order.</summary>
    /// <value>Default: 64.</value>
    public int MaxSkippedKeys { get; init; } = 64;

    /// <summary>How many proposals of an epoch are kept.</summary>
    /// <value>Default: 1024.</value>
    public int MaxProposals { get; init; } = 1024;

    /// <summary>The longest message accepted, in bytes.</summary>
    /// <value>Default: 8 MiB.</value>
    public int MaxMessageLength { get; init; } = 8 * 1024 * 1024;

    /// <summary>Whether the lifetimes of all leaves are checked on joining, too (RFC 9420, section 7.3).</summary>
    /// <value>Default: false, since a member whose key package has expired since may still be a member.</value>
    public bool CheckLifetimesOnJoin { get; init; }

    internal MlsCipherSuite Suite(int id)
    {
        foreach (var suite in CipherSuites)
        {
            if (suite.Id == id)
            {
                suite.EnsureSupported();
                return suite;
            }
        }

        throw new MlsException(MlsErrorCode.UnsupportedCipherSuite, $"Cipher suite {id} is not among those of the options.");
    }

    internal MlsSigner SignerFor(ReadOnlySpan<byte> publicKey)
    {
        if (Signer.PublicKey.Span.SequenceEqual(publicKey))
        {
            return Signer;
        }

        foreach (var signer in AlternateSigners)
        {
            if (signer.PublicKey.Span.SequenceEqual(publicKey))
            {
                return signer;
            }
        }

        throw new MlsException(MlsErrorCode.InvalidKey, "No signer of the options has the signature key of the own leaf.");
    }
}
