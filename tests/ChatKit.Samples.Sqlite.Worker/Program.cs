using ChatKit;
using ChatKit.Samples.Sqlite;
using ChatKit.Storage.Testing;

#region sqlite-worker
// What the harness gave as arguments comes back here: the path of the file.
return await StorageWorker.RunAsync(args, own =>
    ValueTask.FromResult<IMessageStore>(new SqliteMessageStore(new SqliteDatabase(own[0], TimeProvider.System))));
#endregion
