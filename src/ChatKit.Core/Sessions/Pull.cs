using ChatKit.Groups;

namespace ChatKit.Sessions;

/// <summary>What a pull starts from, taken under the pump's lock.</summary>
/// <param name="Track">The conversation.</param>
/// <param name="Position">Everything up to here was sent.</param>
/// <param name="Known">The log reaches at least to here.</param>
/// <param name="IsNew">Whether the position is a guess: it starts where the user first joined.</param>
/// <param name="Visible">What the user sees; null when it must be looked up.</param>
/// <param name="VisibleAt">The membership version of that.</param>
internal readonly record struct Pull(Track Track, long Position, long Known, bool IsNew, Visibility? Visible, long VisibleAt);
