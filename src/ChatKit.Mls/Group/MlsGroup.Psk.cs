using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Pre-shared keys (RFC 9420, section 8.4).</content>
public sealed partial class MlsGroup
{
    private byte[] PskSecret(IReadOnlyList<PreSharedKeyId> psks) => PskSecret(_suite, psks, _options, this, null);

    private static byte[] PskSecret(MlsCipherSuite suite, IReadOnlyList<PreSharedKeyId> psks, MlsGroupOptions options, MlsGroup? group, MlsGroup? resumedFrom)
    {
        var found = new List<(PreSharedKeyId Id, byte[] Psk)>(psks.Count);
        try
        {
            foreach (var id in psks)
            {
                if (id.Nonce.Length != suite.HashLength)
                {
                    throw new MlsException(MlsErrorCode.InvalidProposal, "The nonce of a PSK has a wrong length.");
                }

                found.Add((id, FindPsk(id, options, group, resumedFrom) ?? throw new MlsException(MlsErrorCode.PskNotFound, "A pre-shared key is not known.")));
            }

            return KeySchedule.PskSecret(suite, found);
        }
        finally
        {
            found.ForEach(f => CryptographicOperations.ZeroMemory(f.Psk));
        }
    }

    private static byte[]? FindPsk(PreSharedKeyId id, MlsGroupOptions options, MlsGroup? group, MlsGroup? resumedFrom)
    {
        if (!id.IsResumption)
        {
            return options.PskProvider?.FindExternal(id.PskId);
        }

        return group?.OwnResumptionPsk(id) ?? resumedFrom?.OwnResumptionPsk(id) ?? options.PskProvider?.FindResumption(id.GroupId, id.Epoch);
    }

    private byte[]? OwnResumptionPsk(PreSharedKeyId id)
    {
        ThrowIfDisposed();
        if (!id.GroupId.AsSpan().SequenceEqual(_current.Context.GroupId))
        {
            return null;
        }

        if (id.Epoch == _current.Epoch && Status != MlsGroupStatus.Removed)
        {
            return _current.Secrets.ResumptionPsk.AsSpan().ToArray();
        }

        return _resumptionPsks.TryGetValue(id.Epoch, out var psk) ? psk.AsSpan().ToArray() : null;
    }

    /// <summary>Gives a PSK proposal of this client its nonce.</summary>
    private Proposal WithNonce(Proposal proposal) => proposal is PreSharedKeyProposal { Psk.Nonce.Length: 0 } psk
        ? new PreSharedKeyProposal(psk.Psk with { Nonce = RandomNumberGenerator.GetBytes(_suite.HashLength) })
        : proposal;
}
