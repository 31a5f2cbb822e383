#region sqlite-worker
using ChatKit;
using ChatKit.Samples.Sqlite;
using ChatKit.Storage.Testing;

// The process that the suite races and kills. What the harness gave as arguments comes back here.
return await StorageWorker.RunAsync(args, own =>
    ValueTask.FromResult<IMessageStore>(new SqliteMessageStore(new SqliteDatabase(own[0], TimeProvider.System))));
#endregion
