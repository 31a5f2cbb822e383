using System.Runtime.CompilerServices;

namespace ChatKit.Storage.Testing.Support;

/// <summary>A fact that fails by its name instead of hanging.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = (int)Limits.Test.TotalMilliseconds;
}
