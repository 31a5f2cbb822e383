namespace ChatKit;

/// <summary>A role beside <see cref="IMessageStore"/>: which incarnation of the store this is, and its clock. Thread-safe.</summary>
public interface IStoreIdentity
{
    /// <summary>Asks the store for its incarnation, the feed's end and its clock.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The answer.</returns>
    ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken);
}
