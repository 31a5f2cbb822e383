namespace ChatKit.AspNetCore.Http;

/// <summary>A request that cannot be understood; the gate answers it. Never leaves the door.</summary>
internal sealed class RequestRefusedException(ChatError error) : Exception(error.Message)
{
    public ChatError Error { get; } = error;

    public static RequestRefusedException Invalid(string message) => new(new ChatError(ChatErrorCode.Invalid, message));
}
