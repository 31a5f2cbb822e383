using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.LiteDb.Tests;

public sealed class FullDiskTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>A send that finds no room is refused as transient, nothing of it is seen, and nothing accepted is lost.
    /// Each fault opens the file anew; LiteDB 5.0.20 left to itself would lose a thread with each.</summary>
    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_refuses_and_the_store_goes_on_when_there_is_room_again()
    {
        var disk = new FragileDisk(new Dictionary<string, DiskImage>(), int.MaxValue);
        using var store = new OpenStore(_folder.Database, services: services => services.AddSingleton<Disk>(disk));
        var chat = await Chat.CreateAsync(store.Messages);
        var accepted = new List<CommandId>();
        using var process = Process.GetCurrentProcess();
        var threads = process.Threads.Count;
        for (var round = 0; round < 50; round++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var request = chat.Request();
            disk.Full = true;
            var fault = await Assert.ThrowsAsync<ChatStoreException>(async () => await chat.SendAsync(request));
            Assert.True(fault.IsTransient);
            disk.Full = false;
            Assert.DoesNotContain(await ReadWhenOpenAsync(chat), entry => entry.Command == request.Command);

            // The same send again: once in the log, behind what was there (rules 2 and 5).
            Assert.Equal(accepted.Count + 2, (await chat.SendAsync(request)).Seq);
            accepted.Add(request.Command);
        }

        Assert.Equal(accepted, (await chat.ReadAsync()).Skip(1).Select(entry => entry.Command));
        process.Refresh();
        Assert.InRange(process.Threads.Count, 0, threads + 25);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Reads are refused as transient until the writer has opened the file anew.</summary>
    private static async Task<IReadOnlyList<LogEntry>> ReadWhenOpenAsync(Chat chat)
    {
        while (true)
        {
            try
            {
                return await chat.ReadAsync();
            }
            catch (ChatStoreException e) when (e.IsTransient)
            {
                await Task.Yield();
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
