namespace ChatKit.Mls.Tests;

internal static class Refused
{
    /// <summary>The action is refused with one of the codes and nothing that is stored or visible changes.</summary>
    public static MlsException With(MlsErrorCode code, TestClient client, Action<MlsGroup> action)
    {
        var before = client.Snapshot();
        var epoch = client.Group.Epoch;
        var authenticator = client.Group.EpochAuthenticator.ToArray();
        var proposals = client.Group.PendingProposals.Count;
        var pending = client.Group.PendingCommit;
        var error = Assert.Throws<MlsException>(() => action(client.Group));
        Assert.True(code == error.Code, $"Expected {code}, got {error.Code}: {error.Message}");
        Assert.Equal(before, client.Snapshot());
        Assert.Equal(epoch, client.Group.Epoch);
        Assert.Equal(authenticator, client.Group.EpochAuthenticator.ToArray());
        Assert.Equal(proposals, client.Group.PendingProposals.Count);
        Assert.Same(pending, client.Group.PendingCommit);
        return error;
    }
}
