namespace ChatKit.Mls;

/// <summary>
/// The one exception that this package throws for anything that comes from outside: a message, a key, a stored state, a refusal by the
/// application's plug-ins. The state of the group is unchanged whenever it is thrown.
/// </summary>
public sealed class MlsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">A text for developers; it holds no secret.</param>
    public MlsException(MlsErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">A text for developers; it holds no secret.</param>
    /// <param name="innerException">The cause.</param>
    public MlsException(MlsErrorCode code, string message, Exception innerException)
        : base(message, innerException) => Code = code;

    /// <summary>The stable code of the failure.</summary>
    public MlsErrorCode Code { get; }
}
