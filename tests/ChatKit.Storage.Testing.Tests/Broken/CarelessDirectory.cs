namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Applies a later change without those before it.</summary>
internal sealed class CarelessDirectory(IGroupDirectory inner) : PassingGroupDirectory(inner)
{
    public override async ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        List<DirectoryOutcome> outcomes = [];
        foreach (var change in changes)
        {
            var known = (await Inner.GetAsync([change.Conversation], cancellationToken))[0]?.Version ?? 0;
            outcomes.AddRange(await Inner.ApplyAsync([change with { PreviousVersion = known }], cancellationToken));
        }

        return outcomes;
    }
}
