namespace ChatKit.Testing;

/// <summary>The first line of a record in a file.</summary>
internal sealed record RecordHeader(string User, string Device);
