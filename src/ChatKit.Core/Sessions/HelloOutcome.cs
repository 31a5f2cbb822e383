using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>The answer to Hello, and the session when the device is welcome.</summary>
internal sealed record HelloOutcome(HelloReply Reply, ChatSession? Session);
