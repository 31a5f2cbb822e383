namespace ChatKit.Samples.Sqlite.Tests;

public sealed class ClosingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatkit-sqlite-");

    /// <summary>Cancelling stops the waiting, never the work (rule 4): a database that closes lets the work end first.</summary>
    [Fact]
    public async Task Work_whose_caller_has_gone_ends_before_the_database_closes()
    {
        var database = new SqliteDatabase(Path.Combine(_folder.FullName, "chat.db"), TimeProvider.System);
        using var begun = new ManualResetEventSlim();
        using var may = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var ended = false;
        var waiting = database.WriteAsync(
            session =>
            {
                begun.Set();
                may.Wait(TestContext.Current.CancellationToken);
                ended = session.Number("SELECT 1") == 1;
                return ended;
            },
            gone.Token).AsTask();
        await Task.Run(() => begun.Wait(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var closing = Task.Run(database.Dispose, TestContext.Current.CancellationToken);
        may.Set();
        await closing;
        Assert.True(ended);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
