using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Keeps every line a host logs, with its values, scopes and exceptions.</summary>
internal sealed class LogSink : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? scopes;
    private Action<LogLine>? logged;

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Sink(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    /// <summary>Waits until a line has been logged.</summary>
    public async Task WaitAsync(Func<LogLine, bool> fits)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        logged += Check;
        try
        {
            foreach (var line in Lines)
            {
                Check(line);
            }

            await found.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        }
        finally
        {
            logged -= Check;
        }

        void Check(LogLine line)
        {
            if (fits(line))
            {
                found.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
    }

    private sealed class Sink(LogSink owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception) + Environment.NewLine + Values(state) + Environment.NewLine + exception;
            owner.scopes?.ForEachScope((scope, _) => text += Environment.NewLine + scope + Values(scope), (object?)null);
            var line = new LogLine(category, logLevel, eventId, text);
            owner.Lines.Enqueue(line);
            owner.logged?.Invoke(line);
        }

        private static string Values(object? state) => state is IEnumerable<KeyValuePair<string, object?>> pairs
            ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
    }
}
