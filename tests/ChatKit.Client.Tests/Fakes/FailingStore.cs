using ChatKit.Client.Store;

namespace ChatKit.Client.Tests.Fakes;

/// <summary>A store that cannot always write.</summary>
internal sealed class FailingStore : IClientStore
{
    private readonly MemoryClientStore inner = new();

    public bool Fails { get; set; }

    public ValueTask<IReadOnlyList<ClientRecord>> LoadAsync(CancellationToken cancellationToken) => inner.LoadAsync(cancellationToken);

    public ValueTask WriteAsync(IReadOnlyList<ClientRecord> changes, CancellationToken cancellationToken) => Fails
        ? throw new ClientStoreException(ClientStoreFault.Failed, "No space left on device")
        : inner.WriteAsync(changes, cancellationToken);
}
