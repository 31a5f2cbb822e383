namespace ChatKit.Mls;

/// <summary>Proposals from outside a group (RFC 9420, section 12.1.8). Safe for concurrent use.</summary>
public static class MlsExternalProposals
{
    /// <summary>Makes a proposal of an external sender, for example of a server (section 12.1.8.1).</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="epoch">Its current epoch.</param>
    /// <param name="suite">Its cipher suite.</param>
    /// <param name="senderIndex">The sender's position in the group's external_senders.</param>
    /// <param name="signer">The sender's signature key.</param>
    /// <param name="proposal">An Add, Remove, PreSharedKey, ReInit or GroupContextExtensions.</param>
    /// <returns>A PublicMessage for all members.</returns>
    public static byte[] Create(ReadOnlySpan<byte> groupId, ulong epoch, MlsCipherSuite suite, int senderIndex, MlsSigner signer, MlsProposal proposal)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentOutOfRangeException.ThrowIfNegative(senderIndex);
        var content = proposal.Content is PreSharedKeyProposal { Psk.Nonce.Length: 0 } psk
            ? new PreSharedKeyProposal(psk.Psk with { Nonce = System.Security.Cryptography.RandomNumberGenerator.GetBytes(suite.HashLength) })
            : proposal.Content;
        return Sign(groupId, epoch, new Sender(MlsSenderType.External, (uint)senderIndex), signer, content);
    }

    /// <summary>Makes a proposal by which a client asks to be added (section 12.1.8, sender type new_member_proposal).</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="epoch">Its current epoch.</param>
    /// <param name="signer">The client's signature key.</param>
    /// <param name="keyPackage">The client's key package.</param>
    /// <returns>A PublicMessage for all members.</returns>
    public static byte[] CreateOwnAdd(ReadOnlySpan<byte> groupId, ulong epoch, MlsSigner signer, MlsKeyPackage keyPackage)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(keyPackage);
        return Sign(groupId, epoch, new Sender(MlsSenderType.NewMemberProposal, 0), signer, new AddProposal(keyPackage));
    }

    private static byte[] Sign(ReadOnlySpan<byte> groupId, ulong epoch, Sender sender, MlsSigner signer, Proposal proposal)
    {
        var content = new FramedContent(groupId.ToArray(), epoch, sender, [], ContentType.Proposal, null, proposal, null);
        var signed = AuthenticatedContent.Sign(signer, MlsWireFormat.PublicMessage, content, null);
        return MlsMessage.Of(new PublicMessage(content, signed.Signature, null, null)).Encode();
    }
}
