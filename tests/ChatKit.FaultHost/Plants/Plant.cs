namespace ChatKit.FaultHost.Plants;

/// <summary>The errors that the checker must find, each a wrapper around the plugs of a host that is otherwise the real one.</summary>
internal static class Plant
{
    public static void Into(IServiceCollection services, string name, string data)
    {
        _ = services;
        _ = data;
        throw new ArgumentException($"There is no plant {name}.");
    }
}
