namespace ChatKit;

/// <summary>A plug could not do what was asked: its storage is down, busy, corrupt or already in use. Drivers' exceptions are the inner exception.</summary>
public sealed class ChatStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, without secrets.</param>
    /// <param name="isTransient">Whether the same call may succeed later.</param>
    /// <param name="innerException">The driver's exception.</param>
    public ChatStoreException(string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient { get; }
}
