namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chatkit-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
