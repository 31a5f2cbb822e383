using System.Globalization;
using System.Text.RegularExpressions;
using ChatKit.AspNetCore.Http;

namespace ChatKit.AspNetCore.Tests;

public sealed partial class ErrorsPageTests
{
    [Fact]
    public void Errors_md_says_the_status_and_the_transience_of_every_code()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This test reads the source tree: run it from a build inside the repository.");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "errors.md"));
        var rows = Row().Matches(page).Select(row => (row.Groups["code"].Value, row.Groups["status"].Value, row.Groups["transient"].Value.Trim()));
        var codes = Enum.GetValues<ChatErrorCode>()
            .Select(code => (code.ToWire(), ErrorStatus.Of(code).ToString(CultureInfo.InvariantCulture), code.IsTransient() ? "yes" : ""));
        Assert.Equal(codes.Order(), rows.Order());
        Assert.All(Enum.GetValues<ChatErrorCode>(), code => Assert.NotEmpty(ErrorStatus.Title(code)));
    }

    [GeneratedRegex(@"^\| `(?<code>\w+)` \| (?<status>\d{3}) \|(?<transient>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
