namespace ChatKit;

/// <summary>A group to create; its creator becomes its owner.</summary>
public sealed record CreateGroup
{
    /// <summary>Who creates it.</summary>
    public required UserId By { get; init; }

    /// <summary>The title: 1 to 256 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The first members beside the creator; the host's options limit their number (1,000 by default).</summary>
    public required IReadOnlyList<UserId> Members { get; init; }

    /// <summary>What later members see of the past.</summary>
    public GroupHistory History { get; init; }

    /// <summary>The id of the command, the same on every retry; a fresh one when not set.</summary>
    public CommandId Command { get; init; } = CommandId.New();

    /// <summary>The device that creates it; null for the host's own code.</summary>
    public string? Device { get; init; }
}
