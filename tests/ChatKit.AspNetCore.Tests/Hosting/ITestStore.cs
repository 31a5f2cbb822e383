namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A store of a test's own, empty at first. Hosts may come and go on it; what it kept goes with it.</summary>
internal interface ITestStore : IAsyncDisposable
{
    Task CreateAsync();

    void Use(IChatKitBuilder chat);
}
