namespace ChatKit.Mls;

/// <summary>
/// An external commit (RFC 9420, section 12.4.3.2) that was prepared: send <see cref="Message"/>, and call <see cref="Complete"/> once the
/// delivery service has accepted it. If it was refused, dispose it and start again from a newer GroupInfo. Not safe for concurrent use.
/// </summary>
public sealed class MlsExternalCommit : IDisposable
{
    private readonly byte[] _message;
    private readonly Func<MlsGroup> _complete;
    private EpochState? _state;

    internal MlsExternalCommit(byte[] message, EpochState state, Func<MlsGroup> complete)
    {
        _message = message;
        _state = state;
        _complete = complete;
    }

    /// <summary>The commit for all members, an MLSMessage.</summary>
    public ReadOnlyMemory<byte> Message => _message;

    /// <summary>Writes the state of the group to its store and returns the group. May be called once.</summary>
    /// <returns>The group.</returns>
    /// <exception cref="ObjectDisposedException">It was completed or disposed before.</exception>
    public MlsGroup Complete()
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        var group = _complete();
        _state = null;
        return group;
    }

    /// <summary>Zeroes the secrets of a commit that was not completed.</summary>
    public void Dispose()
    {
        _state?.ZeroKeysExcept(null);
        _state?.SecretTree.Dispose();
        _state = null;
    }
}
