using System.Runtime.CompilerServices;

namespace ChatKit.Storage.Testing.Support;

/// <summary>A theory of which each row fails by its name instead of hanging.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public ConformanceTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = (int)Limits.Test.TotalMilliseconds;
}
