namespace ChatKit.Mls.Tests;

internal sealed class FailingStore : MlsGroupStore
{
    public bool Fails { get; set; }

    public override void Write(IReadOnlyList<MlsStateRecord> changes)
    {
        if (Fails)
        {
            throw new IOException("The disk is full.");
        }
    }
}
