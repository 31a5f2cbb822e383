namespace ChatKit.Mls;

/// <summary>
/// What a processed message brought: an <see cref="MlsApplicationMessage"/>, an <see cref="MlsProposalReceived"/> or an
/// <see cref="MlsCommitMerged"/>.
/// </summary>
public abstract class MlsReceived
{
    private protected MlsReceived(byte[] authenticatedData) => AuthenticatedData = authenticatedData;

    /// <summary>The authenticated data of the message, which is not encrypted (RFC 9420, section 6).</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; }
}
