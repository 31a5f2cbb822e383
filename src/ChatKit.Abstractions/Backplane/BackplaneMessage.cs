namespace ChatKit;

/// <summary>A hint between nodes (ARCHITECTURE, rule 11): it may be lost, doubled or out of order.</summary>
public abstract record BackplaneMessage;
