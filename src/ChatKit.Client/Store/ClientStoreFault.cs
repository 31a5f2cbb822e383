namespace ChatKit.Client;

/// <summary>What is wrong with an <see cref="IClientStore"/>. The values are stable.</summary>
public enum ClientStoreFault
{
    /// <summary>It could not be read or written: no space, no permission, a broken disk. The same call may succeed later.</summary>
    Failed = 0,

    /// <summary>Another process, or another client of this one, has it open.</summary>
    InUse = 1,

    /// <summary>What it kept is damaged and cannot be relied on.</summary>
    Damaged = 2,

    /// <summary>A later version of this library wrote it.</summary>
    NewerVersion = 3,

    /// <summary>A change is larger than the store takes.</summary>
    TooLarge = 4,
}
