using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IMessageStore"/> does, with the roles <see cref="IStoreIdentity"/> and <see cref="ILogRetention"/>.
/// The numbers are those of the rules in ARCHITECTURE.</summary>
public abstract partial class MessageStoreConformance : StorageConformance
{
    private IMessageStore Store => Plug<IMessageStore>();

    private Task<Room> OpenRoomAsync(string tenant = "") => Room.OpenAsync(Store, tenant);
}
