using Microsoft.Extensions.Options;
using Npgsql;

namespace ChatKit.Storage.Postgres;

internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        var faults = new List<string>();
        if (options.DataSource is null)
        {
            CheckConnectionString(options.ConnectionString, faults);
        }

        if (!SchemaName.IsValid(options.Schema))
        {
            faults.Add($"PostgresOptions.Schema '{options.Schema}' is no name of a schema: use {SchemaName.Rule}.");
        }

        Range(nameof(options.MaxRetryTime), options.MaxRetryTime, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Range(nameof(options.CommandTimeout), options.CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range(nameof(options.StartTimeout), options.StartTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        Range(nameof(options.CommandKeyLifetime), options.CommandKeyLifetime, TimeSpan.FromDays(15), TimeSpan.FromDays(3650));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range(string property, TimeSpan value, TimeSpan low, TimeSpan high)
        {
            if (value < low || value > high)
            {
                faults.Add($"PostgresOptions.{property} is {value}: set it to {low} to {high}, or leave its default.");
            }
        }
    }

    private static void CheckConnectionString(string? connectionString, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            faults.Add("PostgresOptions has neither a ConnectionString nor a DataSource: for example UsePostgres(\"Host=db;Database=chat;Username=chat\").");
            return;
        }

        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host))
            {
                faults.Add("PostgresOptions.ConnectionString names no Host: add Host=…, for example \"Host=db;Database=chat;Username=chat\".");
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of the driver may hold a part of the string, so it is not shown.
            faults.Add("PostgresOptions.ConnectionString cannot be read: it is a list of Key=value with semicolons between, as Npgsql documents it.");
        }
    }
}
