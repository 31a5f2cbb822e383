namespace ChatKit.Mls;

/// <summary>A structure of the TLS presentation language.</summary>
/// <typeparam name="T">The structure itself.</typeparam>
internal interface IMlsStructure<T>
    where T : IMlsStructure<T>
{
    static abstract T Read(ref MlsReader reader);

    void Write(MlsWriter writer);
}
