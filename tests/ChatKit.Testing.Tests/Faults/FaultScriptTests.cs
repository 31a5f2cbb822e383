namespace ChatKit.Testing.Tests.Faults;

public sealed class FaultScriptTests
{
    [Fact]
    public void A_script_is_a_pure_function_of_its_seed()
    {
        // Written down: a seed of last year must replay next year.
        const string expected = """
            0.180s HoldConnect victim 991 for 0.069s
            0.583s HalfOpenUp victim 990 for 0.307s
            0.987s HalfOpenUp victim 346 for 0.317s
            1.305s HalfOpenBoth victim 182 for 0.327s
            """;
        var script = FaultScript.FromSeed(7, new FaultScriptOptions { Faults = 4 });
        Assert.Equal(expected.ReplaceLineEndings(), script.ToString());
        Assert.Equal(script.ToString(), FaultScript.FromSeed(7, new FaultScriptOptions { Faults = 4 }).ToString());
        Assert.NotEqual(script.ToString(), FaultScript.FromSeed(8, new FaultScriptOptions { Faults = 4 }).ToString());
    }

    [Fact]
    public void Many_seeds_draw_every_kind_within_the_time_and_in_its_order()
    {
        var faults = Enumerable.Range(0, 50).Select(static seed => FaultScript.FromSeed(seed).Faults).ToList();
        Assert.Equal(Enum.GetValues<FaultKind>().Length, faults.SelectMany(static f => f).Select(static f => f.Kind).Distinct().Count());
        Assert.All(faults, static one => Assert.Equal(one.OrderBy(static f => f.At), one));
        Assert.All(faults.SelectMany(static f => f), static fault => Assert.InRange(fault.At, TimeSpan.Zero, TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public void Options_out_of_range_are_refused() =>
        Assert.Throws<ArgumentException>(static () => FaultScript.FromSeed(1, new FaultScriptOptions { Kinds = [] }));
}
