using System.Reflection;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>An engine whose every method throws.</summary>
public class BrokenChat : DispatchProxy
{
    private Exception exception = new InvalidOperationException();

    public static IChatKit Throwing(Exception exception)
    {
        var chat = Create<IChatKit, BrokenChat>();
        ((BrokenChat)(object)chat).exception = exception;
        return chat;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw exception;
}
