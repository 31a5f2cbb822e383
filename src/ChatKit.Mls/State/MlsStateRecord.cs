namespace ChatKit.Mls;

/// <summary>One record of a group's stored state.</summary>
/// <param name="Key">The key, unique within the group; ASCII letters, digits and slashes.</param>
/// <param name="Value">The value; null deletes the record. It holds secrets: encrypt it at rest.</param>
public readonly record struct MlsStateRecord(string Key, ReadOnlyMemory<byte>? Value);
