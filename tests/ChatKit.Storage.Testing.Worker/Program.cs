using ChatKit;
using ChatKit.Storage.Testing;
using ChatKit.Storage.Testing.Journaling;

// Arguments: the file, and the fault of the store.
return await StorageWorker.RunAsync(args, own =>
    ValueTask.FromResult<IMessageStore>(new JournalStore(own[0], Enum.Parse<JournalFault>(own[1]), TimeProvider.System)));
