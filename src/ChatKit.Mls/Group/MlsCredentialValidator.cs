namespace ChatKit.Mls;

/// <summary>
/// The Authentication Service of RFC 9420, section 5.3.1, as the application provides it: decides whether a credential and a signature key
/// belong together. Called on the thread of the operation; must be safe for concurrent use if groups are used concurrently.
/// </summary>
public abstract class MlsCredentialValidator
{
    /// <summary>Whether the signature key belongs to the credential.</summary>
    /// <param name="context">Credential and key.</param>
    /// <returns>False refuses the leaf and with it the whole message.</returns>
    public abstract bool IsValid(in MlsCredentialContext context);

    /// <summary>Whether a credential may replace another one in the same leaf. By default only an equal one may.</summary>
    /// <param name="previous">The credential that the leaf had.</param>
    /// <param name="next">The credential that it is to get.</param>
    /// <returns>True if both name the same client.</returns>
    public virtual bool IsSuccessor(MlsCredential previous, MlsCredential next)
    {
        ArgumentNullException.ThrowIfNull(previous);
        return previous.Equals(next);
    }
}
