namespace Messenger.Demonstration;

/// <summary>Prints the play: a column a person, a line an event, and below each scene what was expected of it.</summary>
internal sealed class Stage(TextWriter output, bool colours, IReadOnlyList<string> people)
{
    private const int Width = 34;
    private const string Bold = "1";
    private const string Green = "32";
    private const string Red = "31;1";
    private const string Faint = "2";

    // Blue, magenta, cyan: one a person.
    private static readonly string[] Own = ["34", "35", "36"];

    private int scene;

    public int Held { get; private set; }

    public int Failed { get; private set; }

    /// <summary>For the console: colours where somebody sees them (https://no-color.org).</summary>
    public static Stage ForConsole(IReadOnlyList<string> people)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        var colours = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Stage(Console.Out, colours, people);
    }

    public void Say(string text) => output.WriteLine(text);

    public void Scene(string title)
    {
        output.WriteLine();
        output.WriteLine(Paint($"{++scene}. {title}", Bold));
        output.WriteLine(Row(index => Paint(index == people.Count - 1 ? people[index] : people[index].PadRight(Width), Own[index])));
        output.WriteLine(Paint("  " + string.Join("─┼─", people.Select(_ => new string('─', Width))), Faint));
    }

    /// <summary>What a person sees, in the person's column.</summary>
    public void Sees(Person person, string what)
    {
        foreach (var line in Lines(what))
        {
            output.WriteLine(Row(index => people[index] == person.Name ? Paint(line.PadRight(Width), Own[index]) : new string(' ', Width)).TrimEnd());
        }
    }

    /// <summary>An expectation: everything depends on these.</summary>
    public void Expect(string what, bool holds)
    {
        (Held, Failed) = holds ? (Held + 1, Failed) : (Held, Failed + 1);
        output.WriteLine($"  {(holds ? Paint("ok  ", Green) : Paint("FAIL", Red))} {what}");
    }

    public int Close()
    {
        output.WriteLine();
        output.WriteLine(Failed == 0
            ? Paint($"All {Held} expectations held.", Green)
            : Paint($"{Failed} of {Held + Failed} expectations FAILED.", Red));
        return Failed == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Lines(string text)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "   ";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    private string Row(Func<int, string> cell) =>
        "  " + string.Join(Paint(" │ ", Faint), Enumerable.Range(0, people.Count).Select(cell));

    private string Paint(string text, string code) => colours ? $"\e[{code}m{text}\e[0m" : text;
}
