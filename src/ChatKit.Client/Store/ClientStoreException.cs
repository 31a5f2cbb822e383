namespace ChatKit.Client;

/// <summary>A store of a client cannot do what it was asked for; <see cref="Fault"/> says why, the message says what would mend it.</summary>
public sealed class ClientStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">A sentence for developers that names the remedy.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public ClientStoreException(ClientStoreFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public ClientStoreFault Fault { get; }

    /// <summary>The one kind of exception the app gets from a client.</summary>
    internal static ChatClientException ToChat(Exception failure, string what)
    {
        var code = failure is not ClientStoreException { Fault: not ClientStoreFault.Failed and var fault } ? ChatErrorCode.Unavailable
            : fault == ClientStoreFault.TooLarge ? ChatErrorCode.TooLarge
            : ChatErrorCode.Invalid;
        return new ChatClientException(code, $"{what} {failure.Message}", inner: failure);
    }
}
