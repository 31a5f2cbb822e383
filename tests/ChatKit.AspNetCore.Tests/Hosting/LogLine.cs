using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Tests.Hosting;

internal sealed record LogLine(string Category, LogLevel Level, EventId Event, string Text);
