using ChatKit.AspNetCore.Tests.Hosting;

namespace ChatKit.Scenarios.Tests.Stores;

/// <inheritdoc cref="OnStoreAttribute"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnStoreAttribute<T> : OnStoreAttribute
    where T : ITestStore, new()
{
    public override ITestStore New() => new T();
}
