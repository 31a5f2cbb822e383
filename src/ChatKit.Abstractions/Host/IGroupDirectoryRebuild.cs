namespace ChatKit;

/// <summary>Makes the group directory again what the logs say (ARCHITECTURE, rule 7): after it was restored from an older backup, or begun
/// anew with an empty database. From the host's services. Thread-safe; may run while hosts serve, and any number of times.</summary>
public interface IGroupDirectoryRebuild
{
    /// <summary>Walks the whole feed and gives the directory the membership changes it lacks. Reads the heads of conversations and their members once
    /// for every batch of membership changes, and one entry more for each change that was missing.</summary>
    /// <param name="cancellationToken">Stops; what was applied stays applied.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ChatStoreException">A store cannot answer; run it again.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    ValueTask<GroupDirectoryRebuildResult> RunAsync(CancellationToken cancellationToken = default);
}
