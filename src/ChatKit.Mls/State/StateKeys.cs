using System.Globalization;

namespace ChatKit.Mls;

/// <summary>The keys of a group's stored records.</summary>
internal static class StateKeys
{
    public const string Group = "group";
    public const string Epoch = "epoch";
    public const string Pending = "pending";
    public const string TreePrefix = "tree/";
    public const string KeyPrefix = "key/";
    public const string SecretPrefix = "secret/";
    public const string RatchetPrefix = "ratchet/";
    public const string PastPrefix = "past/";
    public const string PskPrefix = "psk/";
    public const string ProposalPrefix = "proposal/";

    public static string Tree(int node) => TreePrefix + Text(node);

    public static string Key(int node) => KeyPrefix + Text(node);

    public static string Secret(ulong epoch, int node) => SecretPrefix + Text(epoch) + "/" + Text(node);

    public static string Ratchet(ulong epoch, RatchetId id) => RatchetPrefix + Text(epoch) + "/" + Text(id.Leaf) + (id.Kind == RatchetKind.Handshake ? "/h" : "/a");

    public static string Past(ulong epoch) => PastPrefix + Text(epoch);

    public static string Psk(ulong epoch) => PskPrefix + Text(epoch);

    public static string Proposal(byte[] reference) => ProposalPrefix + Convert.ToHexStringLower(reference);

    public static ulong Number(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Corrupt();

    public static int Node(string text)
    {
        var value = Number(text);
        return value < int.MaxValue ? (int)value : throw Corrupt();
    }

    public static RatchetId RatchetId(string leaf, string kind) => new(
        checked((uint)Node(leaf)),
        kind switch
        {
            "h" => RatchetKind.Handshake,
            "a" => RatchetKind.Application,
            _ => throw Corrupt(),
        });

    public static MlsException Corrupt() => new(MlsErrorCode.CorruptState, "The stored state of the group is incomplete or damaged.");

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
