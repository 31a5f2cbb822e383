using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The receipt store of a host, with the trouble a test wants: it loses what it is given, as a host that dies before the flush; it is down; or its
/// answer comes late.</summary>
internal sealed class TroubledReceipts : IReceiptStore
{
    private IReceiptStore? inner;
    private int forgotten;

    public bool Forgets { get; set; }

    /// <summary>Whether it is down.</summary>
    public bool Fails { get; set; }

    /// <summary>Happens between the read of a user's marks and its answer.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public int Forgotten => Volatile.Read(ref forgotten);

    private IReceiptStore Inner => inner ?? throw new InvalidOperationException("The host did not ask for it.");

    public void Wrap(IServiceCollection services) => services.Wrap<IReceiptStore>(wrapped =>
    {
        inner = wrapped;
        return this;
    });

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        if (Fails)
        {
            Interlocked.Increment(ref forgotten);
            throw new ChatStoreException("Down, says the test.", isTransient: true);
        }

        if (!Forgets)
        {
            return Inner.AdvanceAsync(marks, cancellationToken);
        }

        Interlocked.Increment(ref forgotten);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetAsync(conversations, cancellationToken);

    public async ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var read = await Inner.GetForUserAsync(user, conversations, cancellationToken);
        await (Meanwhile?.Invoke() ?? Task.CompletedTask);
        return read;
    }
}
