using System.Globalization;

namespace ChatKit.Storage.Testing;

/// <summary>The main of the other process (see <see cref="StorageWorkerProcess"/>).</summary>
public static class StorageWorker
{
    /// <summary>What comes between the author's arguments and the suite's.</summary>
    internal const string Separator = "--chatkit-worker";

    /// <summary>Only opens the storage.</summary>
    internal const string Open = "open";

    /// <summary>Appends to a few conversations until it is killed.</summary>
    internal const string Append = "append";

    /// <summary>Appends a fixed number of batches beside others that do.</summary>
    internal const string Race = "race";

    /// <summary>The exit code when the storage is in use.</summary>
    internal const int Refused = 3;

    /// <summary>Does what the suite asks for. Ends the process when the suite's process is gone.</summary>
    /// <param name="args">The arguments of main: the author's, as <see cref="StorageWorkerProcess.Start"/> gave them, then the suite's.</param>
    /// <param name="open">Opens the store; it is given the author's arguments.</param>
    /// <returns>The exit code for main to return.</returns>
    /// <exception cref="ArgumentException">The arguments are not those of a suite.</exception>
    public static async Task<int> RunAsync(string[] args, Func<string[], ValueTask<IMessageStore>> open)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(open);
        var separator = Array.IndexOf(args, Separator);
        if (separator < 0 || args.Length < separator + 3)
        {
            throw new ArgumentException($"A conformance suite starts this program: there is no {Separator} with a task and a name.", nameof(args));
        }

        EndWithParent();
        var (task, name) = (args[separator + 1], args[separator + 2]);
        IMessageStore store;
        try
        {
            store = await open(args[..separator]).ConfigureAwait(false);
        }
        catch (ChatStoreException exception)
        {
            Say($"refused {exception.Message}");
            return Refused;
        }

        Say("open");
        switch (task)
        {
            case Open:
                return 0;
            case Append:
                await WorkerLanes.AppendAsync(store, name, batches: int.MaxValue, Say).ConfigureAwait(false);
                return 0;
            case Race:
                // Both sides begin when the suite says so.
                await Task.Run(Console.ReadLine).ConfigureAwait(false);
                await WorkerLanes.AppendAsync(store, name, int.Parse(args[separator + 3], CultureInfo.InvariantCulture), Say).ConfigureAwait(false);
                return 0;
            default:
                throw new ArgumentException($"There is no task {task}.", nameof(args));
        }
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }

    /// <summary>The suite holds the other end of a pipe: it closes with the suite's process, however that ends.</summary>
    private static void EndWithParent()
    {
        var lifeline = Environment.GetEnvironmentVariable("CHATKIT_WORKER_PARENT");
        if (lifeline is null)
        {
            return;
        }

        var parent = System.Diagnostics.Process.GetProcessById(int.Parse(lifeline, CultureInfo.InvariantCulture));
        parent.EnableRaisingEvents = true;
        parent.Exited += (_, _) => Environment.Exit(1);
    }
}
