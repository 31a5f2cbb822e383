namespace ChatKit.Mls.Tests;

/// <summary>Changes bytes in the ways that break decoders: flips, edge values, cuts, repeats, splices.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Edges = [0, 1, 2, 3, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFF];
    private readonly Random _random = new(seed);

    public int Next(int max) => _random.Next(max);

    public byte[] Mutate(byte[] source, byte[] other)
    {
        var data = source.ToList();
        for (var changes = 1 + _random.Next(4); changes > 0; changes--)
        {
            var at = _random.Next(Math.Max(1, data.Count));
            switch (_random.Next(8))
            {
                case 0 or 1 when data.Count > 0:
                    data[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2 or 3 when data.Count > 0:
                    data[at] = Edges[_random.Next(Edges.Length)];
                    break;
                case 4 when data.Count > 0:
                    data.RemoveRange(at, _random.Next(data.Count - at));
                    break;
                case 5:
                    data.InsertRange(Math.Min(at, data.Count), data.Skip(at).Take(_random.Next(64)).ToArray());
                    break;
                case 6 when other.Length > 0:
                    var from = _random.Next(other.Length);
                    data.InsertRange(Math.Min(at, data.Count), other.AsSpan(from, _random.Next(Math.Min(64, other.Length - from))).ToArray());
                    break;
                default:
                    data.Insert(Math.Min(at, data.Count), (byte)_random.Next(256));
                    break;
            }
        }

        return [.. data];
    }
}
