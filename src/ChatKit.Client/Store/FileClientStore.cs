using System.Text;
using ChatKit.Client.Store;

namespace ChatKit.Client;

/// <summary>Keeps a client's outbox, positions and newest messages in one folder, through the app's kill and the device's power cut.
/// Thread-safe.</summary>
/// <remarks>One folder belongs to one user on one server, and one process at a time has it open. Nothing in it is encrypted; on Unix its files are
/// readable by their owner only. Changes that come at once share one flush to the disk. The file is rewritten when more than half of it is
/// of no more use. Dispose the store after the clients that use it.</remarks>
public sealed class FileClientStore : IClientStore, IAsyncDisposable
{
    private const long CompactAbove = 1 << 20;

    private readonly Lock gate = new();
    private readonly Lock io = new();
    private readonly FileStream held;
    private readonly Journal journal;
    private List<Waiting> queue = [];
    private Task writing = Task.CompletedTask;
    private bool isWriting;
    private bool isDisposed;

    private FileClientStore(FileStream held, Journal journal)
    {
        this.held = held;
        this.journal = journal;
    }

    private sealed record Waiting(IReadOnlyList<ClientRecord> Changes, TaskCompletionSource Done);

    /// <summary>Opens the store in a folder, and holds it until <see cref="DisposeAsync"/>.</summary>
    /// <param name="folder">The folder; created when it is missing. Nothing else may be kept in it.</param>
    /// <param name="cancellationToken">Cancels before the folder is opened, not afterwards.</param>
    /// <returns>The store, everything in it read and checked. A write that a kill or power cut left unfinished is taken back.</returns>
    /// <exception cref="ArgumentException">The path is empty or malformed.</exception>
    /// <exception cref="ClientStoreException"><see cref="ClientStoreFault.InUse"/>: another process, or another store of this one, has it open.
    /// <see cref="ClientStoreFault.Damaged"/>: what had been flushed to the disk is not what was written. <see cref="ClientStoreFault.NewerVersion"/>.
    /// <see cref="ClientStoreFault.Failed"/>: it cannot be created, read or written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<FileClientStore> OpenAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return OpenAsync(new StoreFolder(Path.GetFullPath(folder)), CompactAbove, cancellationToken);
    }

    internal static Task<FileClientStore> OpenAsync(StoreFolder folder, long compactAbove, CancellationToken cancellationToken) =>
        Task.Run(() => Open(folder, compactAbove), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ClientRecord>> LoadAsync(CancellationToken cancellationToken) => await Task.Run(
        () =>
        {
            lock (io)
            {
                ObjectDisposedException.ThrowIf(isDisposed, this);
                try
                {
                    return journal.ReadAll();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new ClientStoreException(ClientStoreFault.Failed, "The store cannot be read: see the inner exception.", e);
                }
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<ClientRecord> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0)
        {
            return;
        }

        Check(changes);
        var waiting = new Waiting(changes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            queue.Add(waiting);
            if (!isWriting)
            {
                isWriting = true;
                writing = Task.Run(Drain, CancellationToken.None);
            }
        }

        await waiting.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Finishes what is being written and lets the folder go.</summary>
    /// <returns>A task that completes when the folder is free.</returns>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            isDisposed = true;
            last = writing;
        }

        await last;
        lock (io)
        {
            journal.Dispose();
        }

        await held.DisposeAsync();
    }

    private static FileClientStore Open(StoreFolder folder, long compactAbove)
    {
        FileStream? held = null;
        try
        {
            folder.Create();
            held = Hold(folder);
            return new FileClientStore(held, new Journal(folder, compactAbove));
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new ClientStoreException(ClientStoreFault.Failed,
                    $"The store in {folder.Path} cannot be opened: see the inner exception; give a folder this process may write to.", e);
            }

            throw;
        }
    }

    private static FileStream Hold(StoreFolder folder)
    {
        try
        {
            return folder.Lock("lock");
        }
        catch (IOException e) when (e is not DirectoryNotFoundException and not PathTooLongException)
        {
            throw new ClientStoreException(ClientStoreFault.InUse,
                $"The store in {folder.Path} is open in another process, or twice in this one: end that first, or give each a folder (and DeviceId) of its own.", e);
        }
    }

    private static void Check(IReadOnlyList<ClientRecord> changes)
    {
        long size = 0;
        foreach (var change in changes)
        {
            if (string.IsNullOrEmpty(change.Key) || Encoding.UTF8.GetByteCount(change.Key) > JournalFormat.MaxKey)
            {
                throw new ArgumentException($"A key has 1 to {JournalFormat.MaxKey} UTF-8 bytes.", nameof(changes));
            }

            size += JournalFormat.Size(change);
        }

        if (size > JournalFormat.MaxPayload)
        {
            throw new ClientStoreException(ClientStoreFault.TooLarge, $"One change of the store takes {JournalFormat.MaxPayload} bytes at most, not {size}.");
        }
    }

    /// <summary>Writes what waits, everything that came meanwhile with one flush, until nothing waits.</summary>
    private void Drain()
    {
        while (true)
        {
            List<Waiting> group;
            lock (gate)
            {
                if (queue.Count == 0)
                {
                    isWriting = false;
                    return;
                }

                (group, queue) = (queue, []);
            }

            try
            {
                lock (io)
                {
                    journal.Append([.. group.Select(static w => w.Changes)]);
                }

                group.ForEach(static w => w.Done.SetResult());
            }
            catch (Exception e)
            {
                group.ForEach(w => w.Done.SetException(e));
            }
        }
    }
}
