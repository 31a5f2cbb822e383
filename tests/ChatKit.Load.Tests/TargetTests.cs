using ChatKit.Load.Running;

namespace ChatKit.Load.Tests;

public sealed class TargetTests
{
    [Fact]
    public void A_server_may_have_settings_and_be_of_another_build()
    {
        var plain = Target.Parse("postgres");
        var other = Target.Parse("postgres@/old/ChatKit.Load+DOTNET_gcServer=0+A=b=c");

        Assert.Equal((null, 0), (plain.Program, plain.Settings.Count));
        Assert.Equal(("/old/ChatKit.Load", plain.Kind, plain.Store, plain.NeedsPostgres), (other.Program, other.Kind, other.Store, other.NeedsPostgres));
        Assert.Equal([KeyValuePair.Create("DOTNET_gcServer", "0"), KeyValuePair.Create("A", "b=c")], other.Settings);
        Assert.NotEqual(plain.Name, other.Name); // Columns of their own.
    }

    [Theory]
    [InlineData("postgre", "There is no server postgre: relay")]
    [InlineData("relay+A", "'A' is not VARIABLE=value.")]
    public void What_is_no_server_is_refused(string name, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Target.Parse(name)).Message, StringComparison.Ordinal);
}
