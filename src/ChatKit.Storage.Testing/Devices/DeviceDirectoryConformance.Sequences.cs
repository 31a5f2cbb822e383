using ChatKit.Storage.Testing.Devices.Model;
using ChatKit.Storage.Testing.Sequences;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class DeviceDirectoryConformance
{
    /// <summary>In random sequences the directory does what a plain model does. A failure is shortened; its message has the steps.</summary>
    [ConformanceFact]
    public async Task Random_sequences_do_what_a_model_does()
    {
        var runs = 0;
        await RandomSequences.CheckAsync(() => new DeviceMachine(() => Directory, ReopenIfDurable, Noon.AddDays(2 * ++runs)), Limits.FewSequences);
    }
}
