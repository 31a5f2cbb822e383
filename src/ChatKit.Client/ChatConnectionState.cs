namespace ChatKit.Client;

/// <summary>Where a <see cref="ChatClient"/> stands.</summary>
public enum ChatConnectionState
{
    /// <summary>Not started, stopped, or given up after a definitive refusal (<see cref="ConnectionChanged.Error"/> says which).</summary>
    Stopped = 0,

    /// <summary>On its way to the first welcome since <see cref="ChatClient.StartAsync"/>.</summary>
    Connecting = 1,

    /// <summary>Welcomed by the server.</summary>
    Connected = 2,

    /// <summary>The connection was lost; the client tries again by itself.</summary>
    Reconnecting = 3,
}
