using System.Collections;
using System.Reflection;
using LiteDB.Engine;

namespace ChatKit.Storage.LiteDb;

/// <summary>LiteDB 5.0.20 leaves transactions with finalizers behind when a fault of the disk closes an engine; the finalizers work
/// on pages that are gone, throw, and end the host's process (LiteDB issue #2828). What a closed engine still knows of is kept from that.</summary>
internal static class Finalizers
{
    private static readonly FieldInfo? Monitor = Field(typeof(LiteEngine), "_monitor");
    private static readonly FieldInfo? Transactions = Monitor is null ? null : Field(Monitor.FieldType, "_transactions");

    /// <summary>Whether this version of LiteDB is the one these fields belong to; a test holds it.</summary>
    public static bool Known => Transactions is not null;

    public static void Suppress(LiteEngine closed)
    {
        if (Monitor?.GetValue(closed) is { } monitor && Transactions?.GetValue(monitor) is IDictionary transactions)
        {
            foreach (var transaction in transactions.Values)
            {
#pragma warning disable CA1816 // the finalizer is another's, and it is the fault
                GC.SuppressFinalize(transaction);
#pragma warning restore CA1816
            }
        }
    }

    private static FieldInfo? Field(Type type, string name) => type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);
}
