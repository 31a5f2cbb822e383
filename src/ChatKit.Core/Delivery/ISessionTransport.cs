namespace ChatKit.Delivery;

/// <summary>A connection as the engine sees it.</summary>
internal interface ISessionTransport
{
    /// <summary>Writes events in order, as one message. Completes when the connection has taken them, so a full socket makes the
    /// caller wait. Called by one caller at a time. Throws when the connection is gone.</summary>
    ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken);

    /// <summary>Ends the connection, but lets the client read what was written before.</summary>
    ValueTask CloseAsync();

    /// <summary>Ends the connection at once; what is under way may be lost.</summary>
    void Abort();
}
