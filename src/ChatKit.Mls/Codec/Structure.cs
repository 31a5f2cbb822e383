namespace ChatKit.Mls;

/// <summary>Calls the explicitly implemented codec of a public structure.</summary>
internal static class Structure
{
    public static T Read<T>(ref MlsReader reader)
        where T : IMlsStructure<T> => T.Read(ref reader);

    public static void Write<T>(MlsWriter writer, T value)
        where T : IMlsStructure<T> => value.Write(writer);
}
