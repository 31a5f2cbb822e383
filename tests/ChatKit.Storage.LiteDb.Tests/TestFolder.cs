namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>A folder of one test, removed at its end.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chatkit-litedb-").FullName;

    public string Database => System.IO.Path.Combine(Path, "chat.db");

    public string Log => System.IO.Path.Combine(Path, "chat-log.db");

    public string Lock => Database + ".lock";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
