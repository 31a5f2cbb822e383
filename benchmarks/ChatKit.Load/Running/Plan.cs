namespace ChatKit.Load.Running;

/// <summary>What the generator is to do in one run.</summary>
internal sealed record Plan
{
    public required string Scenario { get; init; }

    /// <summary>Whose frames: chatkit or plain.</summary>
    public required string Protocol { get; init; }

    public required Uri Server { get; init; }

    public int ServerPid { get; init; }

    /// <summary>The database's first process; 0: none.</summary>
    public int DatabasePid { get; init; }

    /// <summary>Seconds of load before measuring.</summary>
    public double WarmUp { get; init; } = 1;

    /// <summary>Seconds measured.</summary>
    public double Seconds { get; init; } = 4;

    /// <summary>How many times that, one after the other.</summary>
    public int Windows { get; init; } = 1;

    public int Pairs { get; init; } = 100;

    public int InFlight { get; init; } = 32;

    /// <summary>Messages a second of an open loop; 0: a closed loop.</summary>
    public int Rate { get; init; }

    public int Groups { get; init; } = 5;

    public int GroupMembers { get; init; } = 100;

    public int Conversations { get; init; } = 20_000;

    public int Idle { get; init; } = 5_000;

    /// <summary>In how many conversations each idle user is.</summary>
    public int IdleConversations { get; init; } = 50;

    public int Backlog { get; init; } = 10_000;

    public int TextBytes { get; init; } = 200;
}
