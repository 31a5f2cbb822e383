using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Mixing;

/// <summary>The group directory of a host, which takes no changes while a test says so.</summary>
internal sealed class FailingDirectory : IGroupDirectory
{
    private IGroupDirectory? inner;

    public bool Fails { get; set; }

    private IGroupDirectory Inner => inner ?? throw new InvalidOperationException("The host did not ask for it.");

    public void Wrap(IServiceCollection services) => services.Wrap<IGroupDirectory>(wrapped =>
    {
        inner = wrapped;
        return this;
    });

    public ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken) =>
        Fails ? throw new ChatStoreException("Down, says the test.", isTransient: true) : Inner.ApplyAsync(changes, cancellationToken);

    public ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetForUserAsync(user, conversations, cancellationToken);

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(UserId user, ConversationId? after, int limit, CancellationToken cancellationToken) =>
        Inner.ListAsync(user, after, limit, cancellationToken);
}
