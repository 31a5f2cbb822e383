using PublicApiGenerator;

namespace ChatKit.Mls.Tests;

public sealed class PublicApiTests
{
    /// <summary>A change of the public surface is a change of the approved text, made on purpose: copy the received file over it.</summary>
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var options = new ApiGeneratorOptions
        {
            ExcludeAttributes = ["System.Runtime.Versioning.TargetFrameworkAttribute", "System.Reflection.AssemblyMetadataAttribute", "System.Runtime.CompilerServices.InternalsVisibleToAttribute"],
        };
        var actual = typeof(MlsGroup).Assembly.GeneratePublicApi(options).ReplaceLineEndings("\n").Trim() + "\n";
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ChatKit.Mls.approved.txt")).ReplaceLineEndings("\n");
        if (actual != approved)
        {
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "ChatKit.Mls.received.txt"), actual);
        }

        Assert.Equal(approved, actual);
    }
}
