namespace ChatKit.Client;

/// <summary>One record of an <see cref="IClientStore"/>: a key and its value, or the removal of a key.</summary>
/// <param name="Key">The key: 1 to 2,048 UTF-8 bytes, compared byte by byte.</param>
/// <param name="Value">The value, bytes that only the client understands; null, in a change, removes the key.</param>
public readonly record struct ClientRecord(string Key, ReadOnlyMemory<byte>? Value);
