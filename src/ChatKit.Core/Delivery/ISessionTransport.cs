namespace ChatKit.Delivery;

/// <summary>A connection as the engine sees it.</summary>
internal interface ISessionTransport
{
    /// <summary>Writes events in order, as one message. Completes when the connection has taken them, so a full socket makes the
    /// caller wait. Called by one caller at a time. Throws when the connection is gone.</summary>
    ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken);

    /// <summary>Ends the connection.</summary>
    void Abort();
}
