namespace Messenger.BrowserTests;

/// <summary>Where the sample is: built in the same configuration as this assembly.</summary>
internal static class SampleFiles
{
    public static string Root { get; } = FindRoot();

    public static string Project => Path.Combine(Root, "samples", "Messenger");

    public static string Assembly
    {
        get
        {
            // bin/CONFIGURATION/FRAMEWORK is the same for both.
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var path = Path.Combine(Project, "bin", framework.Parent!.Name, framework.Name, "Messenger.dll");
            return File.Exists(path) ? path : throw new FileNotFoundException($"The sample is not built: {path}", path);
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("No ChatKit.sln above the tests.");
    }
}
