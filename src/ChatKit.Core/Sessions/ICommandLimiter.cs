namespace ChatKit.Sessions;

/// <summary>Says whether a user has sent too much of something. The door brings it; without a door nothing is limited. Thread-safe.</summary>
internal interface ICommandLimiter
{
    /// <returns>Why not now, and when again; null when it may go on.</returns>
    ChatError? Check(UserId user, ChatCommandClass command);
}
