using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>What a client keeps over a restart: the outbox, and how far it has got. Called by one client at a time; calls do not overlap
/// except <see cref="AddAsync"/>.</summary>
internal interface IClientStore
{
    /// <summary>Everything kept, the outbox in the order of <see cref="AddAsync"/>.</summary>
    ValueTask<ClientSnapshot> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a command until it is answered; it may be sent when this has returned.</summary>
    ValueTask AddAsync(StoredCommand command, CancellationToken cancellationToken);

    /// <summary>Forgets answered commands.</summary>
    ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Keeps entries and the positions after them; only then they are acknowledged.</summary>
    ValueTask SaveAsync(IReadOnlyList<WireEntry> entries, IReadOnlyList<WireCursor> positions, CancellationToken cancellationToken);

    /// <summary>Keeps the store's incarnation; with <paramref name="reset"/> forgets entries and positions (never the outbox).</summary>
    ValueTask WelcomeAsync(string? incarnation, bool reset, CancellationToken cancellationToken);
}
