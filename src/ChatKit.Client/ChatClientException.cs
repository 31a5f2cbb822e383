namespace ChatKit.Client;

/// <summary>The server refused something, or could not be reached in time; <see cref="Code"/> says why.</summary>
public sealed class ChatClientException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">Why.</param>
    /// <param name="message">A sentence for developers.</param>
    /// <param name="retryAfter">When trying again makes sense; null when unknown or never.</param>
    /// <param name="inner">The cause, when there is one.</param>
    public ChatClientException(ChatErrorCode code, string message, TimeSpan? retryAfter = null, Exception? inner = null)
        : base($"{code.ToWire()}: {message}", inner)
    {
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>Why. <see cref="ChatErrorCode.Unavailable"/> stands for no connection and for no answer in time.</summary>
    public ChatErrorCode Code { get; }

    /// <summary>When trying again makes sense; null when unknown or never.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same call may succeed later without being changed.</summary>
    public bool IsTransient => Code.IsTransient();
}
