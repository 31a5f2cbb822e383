using Microsoft.Extensions.Options;

namespace ChatKit.Storage.LiteDb;

internal sealed class LiteDbOptionsValidator : IValidateOptions<LiteDbOptions>
{
    public ValidateOptionsResult Validate(string? name, LiteDbOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            faults.Add("LiteDbOptions.Path is empty: name the database file, for example UseLiteDb(\"data/chat.db\").");
        }
        else if (Directory.Exists(options.Path))
        {
            faults.Add($"LiteDbOptions.Path '{options.Path}' is a folder: name a file in it, for example '{System.IO.Path.Combine(options.Path, "chat.db")}'.");
        }

        if (options.BlobFolder is not null && (options.BlobFolder.Trim().Length == 0 || File.Exists(options.BlobFolder)))
        {
            faults.Add("LiteDbOptions.BlobFolder is no folder: name one, or leave it null for a folder beside the database file.");
        }

        Range(nameof(options.QueueCapacity), options.QueueCapacity, 1, 100_000);
        Range(nameof(options.MaxRowsPerCommit), options.MaxRowsPerCommit, 1, 10_000);
        Range(nameof(options.CheckpointPages), options.CheckpointPages, 100, 100_000);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range(string property, int value, int low, int high)
        {
            if (value < low || value > high)
            {
                faults.Add($"LiteDbOptions.{property} is {value}: set it to {low} to {high}, or leave its default.");
            }
        }
    }
}
