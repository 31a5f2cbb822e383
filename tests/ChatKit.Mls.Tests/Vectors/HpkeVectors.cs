using System.Text.Json;

namespace ChatKit.Mls.Tests;

internal static class HpkeVectors
{
    public static void Check(HpkeContext context, JsonElement entry)
    {
        Assert.Equal(entry.Hex("key"), context.Key.ToArray());
        Assert.Equal(entry.Hex("base_nonce"), context.BaseNonce.ToArray());
        Assert.Equal(entry.Hex("exporter_secret"), context.ExporterSecret.ToArray());
        var checkedCount = 0;
        var sequence = 0;
        foreach (var encryption in entry.List("encryptions"))
        {
            // The vectors name some sequence numbers up to 256; those between are used up.
            var wanted = encryption.TryGetProperty("seq", out var seq) ? seq.GetInt32() : sequence;
            for (; sequence < wanted; sequence++)
            {
                context.Seal([], []);
            }

            Assert.Equal(encryption.Hex("ct"), context.Seal(encryption.Hex("aad"), encryption.Hex("pt")));
            sequence++;
            checkedCount++;
        }

        Assert.True(checkedCount >= 6);
        foreach (var export in entry.List("exports"))
        {
            var value = new byte[export.GetProperty("L").GetInt32()];
            context.Export(export.Hex("exporter_context"), value);
            Assert.Equal(export.Hex("exported_value"), value);
        }
    }
}
