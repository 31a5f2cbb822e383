namespace ChatKit.Sessions;

/// <summary>This process, as other nodes know it.</summary>
internal sealed class NodeIdentity
{
    public NodeId Id { get; } = new($"{Environment.MachineName.ToLowerInvariant()}-{Guid.CreateVersion7():N}");
}
