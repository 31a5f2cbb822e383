namespace ChatKit;

/// <summary>A value private to a user (mute, archive, draft …): only the latest counts.</summary>
/// <param name="User">The user.</param>
/// <param name="Key">The key: 1 to 256 UTF-8 bytes, no control characters.</param>
/// <param name="Value">The value, at most 64 KiB; empty means removed (the row stays so that other devices learn it).</param>
/// <param name="Version">Rising with every write of this user's rows; assigned by the store (0 on the way in).</param>
public sealed record UserStateRow(UserId User, string Key, ReadOnlyMemory<byte> Value, long Version = 0);
