namespace ChatKit.AspNetCore.Http.Contracts;

/// <summary>A committed command.</summary>
internal sealed record AcceptedResponse(string Conversation, long Seq, DateTimeOffset At, string Id, bool Duplicate);
