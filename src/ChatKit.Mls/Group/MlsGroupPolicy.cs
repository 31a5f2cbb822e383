namespace ChatKit.Mls;

/// <summary>The application's say on proposals of others, for example who may add or remove whom (RFC 9420, section 12.2).</summary>
public abstract class MlsGroupPolicy
{
    /// <summary>Whether a proposal is acceptable. Asked when it arrives and again when a commit holds it.</summary>
    /// <param name="group">The group as it is before the proposal.</param>
    /// <param name="proposal">The proposal with its sender.</param>
    /// <returns>False refuses the message that holds it.</returns>
    public abstract bool IsAllowed(MlsGroup group, MlsProposal proposal);
}
