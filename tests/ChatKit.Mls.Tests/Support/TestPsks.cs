namespace ChatKit.Mls.Tests;

internal sealed class TestPsks : MlsPskProvider
{
    private readonly Dictionary<string, byte[]> _psks = [];

    public void Add(byte[] id, byte[] psk) => _psks[Convert.ToHexString(id)] = psk;

    public override byte[]? FindExternal(ReadOnlySpan<byte> pskId) => _psks.TryGetValue(Convert.ToHexString(pskId), out var psk) ? [.. psk] : null;
}
