using System.Globalization;
using System.Text;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Running;

/// <summary>How figures change with something that grows: a picture with a panel a figure and a line a server, both axes logarithmic.</summary>
internal static class CostPlot
{
    private const int Panel = 340;
    private const int Height = 300;
    private const int Left = 78;
    private const int Top = 56;
    private const int Bottom = 46;
    private static readonly string[] Colours = ["#1b6ca8", "#d1495b", "#3c8d2f", "#8f5aa8", "#c9781c"];

    /// <param name="title">What is shown.</param>
    /// <param name="grows">What grows.</param>
    /// <param name="points">The runs at each of its values; failed ones are left out.</param>
    /// <param name="figures">The panels.</param>
    public static string Draw(string title, string grows, IReadOnlyList<(double X, IReadOnlyList<RunResult> Runs)> points, IReadOnlyList<string> figures)
    {
        var servers = points.SelectMany(static point => point.Runs).Select(static run => run.Server).Distinct(StringComparer.Ordinal).ToList();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {(Panel * figures.Count) + 20} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"16\" y=\"20\" font-weight=\"bold\">{title}</text>\n");
        for (var s = 0; s < servers.Count; s++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{(Panel * figures.Count) - 100 - (100 * (servers.Count - 1 - s))}\" y=\"10\" width=\"12\" height=\"12\" fill=\"{Colours[s % Colours.Length]}\"/><text x=\"{(Panel * figures.Count) - 84 - (100 * (servers.Count - 1 - s))}\" y=\"20\">{servers[s]}</text>\n");
        }

        for (var f = 0; f < figures.Count; f++)
        {
            DrawPanel(svg, f * Panel, grows, points, figures[f], servers);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawPanel(
        StringBuilder svg, int offset, string grows, IReadOnlyList<(double X, IReadOnlyList<RunResult> Runs)> points, string figure, List<string> servers)
    {
        var lines = servers.ConvertAll(server => points
            .Select(point => (point.X, Y: point.Runs.Where(run => run.Server == server && run.Failure is null && run.Figures.ContainsKey(figure)).Select(run => run.Figures[figure]).ToList()))
            .Where(static point => point.Y.Count > 0).Select(static point => (point.X, Y: Tables.Median(point.Y))).ToList());
        var values = lines.SelectMany(static line => line).Select(static point => point.Y).Where(static y => y > 0).ToList();
        if (values.Count == 0)
        {
            return;
        }

        var (low, high) = (Math.Pow(10, Math.Floor(Math.Log10(values.Min()))), Math.Pow(10, Math.Ceiling(Math.Log10(values.Max()) + 0.001)));
        var (first, last) = (points[0].X, points[^1].X);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{offset + Left}\" y=\"{Top - 12}\">{figure}</text>\n");
        for (var value = low; value <= high * 1.001; value *= 10)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{offset + Left}\" x2=\"{offset + Panel - 10}\" y1=\"{Y(value):0.0}\" y2=\"{Y(value):0.0}\" stroke=\"#ddd\"/><text x=\"{offset + Left - 6}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:#,0.##}</text>\n");
        }

        foreach (var (x, _) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.0}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{x:#,0}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{offset + Left + ((Panel - Left) / 2)}\" y=\"{Height - 10}\" text-anchor=\"middle\">{grows}</text>\n");
        for (var s = 0; s < lines.Count; s++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', lines[s].Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0},{Y(point.Y):0.0}")))}\" fill=\"none\" stroke=\"{Colours[s % Colours.Length]}\" stroke-width=\"2\"/>\n");
            foreach (var (x, y) in lines[s])
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(x):0.0}\" cy=\"{Y(y):0.0}\" r=\"3\" fill=\"{Colours[s % Colours.Length]}\"/>\n");
            }
        }

        double X(double x) => offset + Left + 14 + ((Panel - Left - 44) * (first == last ? 0.5 : Math.Log(x / first) / Math.Log(last / first)));

        double Y(double y) => Height - Bottom - ((Height - Top - Bottom) * Math.Log(Math.Max(y, low) / low) / Math.Log(high / low));
    }
}
