using System.Diagnostics;

namespace ChatKit.Storage.Testing;

/// <summary>How the suite starts another process on the storage of a <see cref="StorageHarness"/>: a small program whose main calls
/// <see cref="StorageWorker.RunAsync"/>. The suite races it against this process, and kills it in the middle of its appends.</summary>
public sealed class StorageWorkerProcess
{
    /// <summary>Names the program and the arguments that say where the storage is. The suite appends arguments of its own, redirects the
    /// program's input and output, and ends it.</summary>
    public required Func<ProcessStartInfo> Start { get; init; }

    /// <summary>Whether two processes may have the storage open at once. If not, opening it a second time must fail with a
    /// <see cref="ChatStoreException"/>, which is tested then.</summary>
    public required bool SharesStorage { get; init; }

    /// <summary>Closes the store of this process and leaves the storage, so that the other process may open it;
    /// <see cref="StorageHarness.Reopen"/> opens it again afterwards. Needed where <see cref="SharesStorage"/> is false.</summary>
    public Func<ValueTask>? CloseStore { get; init; }
}
