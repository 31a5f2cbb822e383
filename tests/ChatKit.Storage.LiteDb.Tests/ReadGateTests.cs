namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>One thread at a time, and neither side starves.</summary>
public sealed class ReadGateTests
{
    private const int Between = 16;

    private readonly ReadGate _gate = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_reader_at_a_time()
    {
        await _gate.EnterAsync(Token);
        var second = _gate.EnterAsync(Token).AsTask();
        Assert.False(second.IsCompleted);
        _gate.Exit();
        await second;
    }

    [Fact]
    public async Task The_writer_waits_for_the_reader_inside_and_keeps_the_next_out()
    {
        await _gate.EnterAsync(Token);
        var writer = WaitingWriter();
        var next = _gate.EnterAsync(Token).AsTask();
        _gate.Exit();
        writer.Join();
        Assert.False(next.IsCompleted);
        _gate.Open();
        await next;
    }

    [Fact]
    public async Task Some_of_the_readers_that_waited_go_before_the_next_transaction()
    {
        _gate.Close();
        var readers = Enumerable.Range(0, Between + 4).Select(_ => _gate.EnterAsync(Token).AsTask()).ToList();
        _gate.Open();
        var writer = WaitingWriter();
        for (var n = 0; n < Between; n++)
        {
            await readers[n];
            Assert.True(writer.IsAlive);
            _gate.Exit();
        }

        writer.Join();
        Assert.All(readers.Skip(Between), reader => Assert.False(reader.IsCompleted));
        _gate.Open();
        await readers[Between];
    }

    [Fact]
    public async Task A_reader_that_stopped_waiting_takes_no_turn()
    {
        _gate.Close();
        using var impatient = new CancellationTokenSource();
        var cancelled = _gate.EnterAsync(impatient.Token).AsTask();
        var patient = _gate.EnterAsync(Token).AsTask();
        await impatient.CancelAsync();
        _gate.Open();
        await patient;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _gate.Exit();
        await _gate.EnterAsync(Token);
    }

    /// <summary>A writer that has closed the gate and waits for who is inside.</summary>
    private Thread WaitingWriter()
    {
        var thread = new Thread(_gate.Close) { IsBackground = true };
        thread.Start();
        SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        return thread;
    }
}
