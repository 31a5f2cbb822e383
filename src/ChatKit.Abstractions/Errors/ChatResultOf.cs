namespace ChatKit;

/// <summary>Makes results of interface types, which C# does not convert by itself.</summary>
public static class ChatResult
{
    /// <summary>A success.</summary>
    /// <typeparam name="T">What success gives.</typeparam>
    /// <param name="value">What it gives.</param>
    /// <returns>The result.</returns>
    public static ChatResult<T> From<T>(T value) => ChatResult<T>.Success(value);
}
