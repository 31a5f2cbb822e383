namespace ChatKit.Client;

/// <summary>Reads the answers to questions.</summary>
internal static class Replies
{
    /// <summary>An answer that is not what was asked for, or malformed, is an error of the server: the caller gets the one kind of exception there is.</summary>
    public static TOut Read<TIn, TOut>(TIn? answer, Func<TIn, TOut> map)
        where TIn : class
    {
        if (answer is null)
        {
            throw new ChatClientException(ChatErrorCode.Unavailable, "The server answered something else than was asked.");
        }

        try
        {
            return map(answer);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new ChatClientException(ChatErrorCode.Unavailable, "The server's answer is malformed.", inner: e);
        }
    }
}
