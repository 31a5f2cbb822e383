using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Sessions.Model;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class SessionRegistryConformance
{
    /// <summary>In random sequences the store does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public Task Random_sequences_do_what_a_model_does() =>
        RandomSequences.CheckAsync(() => new SessionMachine(Registry, VirtualClock), Limits.FewSequences);
}
