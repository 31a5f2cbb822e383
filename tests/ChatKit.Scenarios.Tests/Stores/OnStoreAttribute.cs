using ChatKit.AspNetCore.Tests.Hosting;

namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>Which store the hosts of a test class have.</summary>
internal abstract class OnStoreAttribute : Attribute
{
    public abstract ITestStore New();
}
