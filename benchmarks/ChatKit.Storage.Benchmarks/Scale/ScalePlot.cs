using System.Globalization;
using System.Text;

namespace ChatKit.Storage.Benchmarks;

/// <summary>Latency over size as a picture: both axes logarithmic, a line a call.</summary>
internal static class ScalePlot
{
    private const int Width = 860;
    private const int Height = 460;
    private const int Left = 60;
    private const int Right = 290;
    private const int Top = 30;
    private const int Bottom = 50;
    private static readonly string[] Colours = ["#1b6ca8", "#d1495b", "#3c8d2f", "#8f5aa8", "#c9781c", "#2a9d8f", "#6b705c", "#b5179e", "#4361ee", "#7f5539", "#0b7285", "#e07a5f"];

    public static string Draw(IReadOnlyList<long> sizes, IReadOnlyList<(string Name, IReadOnlyList<double> Medians)> lines)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"18\" font-weight=\"bold\">Median of a call in milliseconds, by entries in the store</text>\n");
        var (low, high) = (0.1, 100.0);
        foreach (var value in new[] { 0.1, 1, 10, 100 })
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.0}\" y2=\"{Y(value):0.0}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:0.###}</text>\n");
        }

        for (var i = 0; i < sizes.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(i):0.0}\" y=\"{Height - Bottom + 20}\" text-anchor=\"middle\">{sizes[i]:N0}</text>\n");
        }

        for (var n = 0; n < lines.Count; n++)
        {
            var colour = Colours[n % Colours.Length];
            var points = string.Join(' ', lines[n].Medians.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{X(i):0.0},{Y(value):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Width - Right + 20}\" y=\"{Top + (n * 20)}\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"{Width - Right + 38}\" y=\"{Top + 10 + (n * 20)}\">{lines[n].Name}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();

        double X(int i) => Left + ((Width - Left - Right - 40) * (sizes.Count == 1 ? 0.5 : i / (double)(sizes.Count - 1))) + 20;

        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * Math.Log(Math.Clamp(value, low, high) / low) / Math.Log(high / low));
    }
}
