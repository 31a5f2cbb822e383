using System.ComponentModel;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit;

/// <summary>What <c>AddChatKit()</c> returns and adapters extend with their <c>UseX()</c> methods.</summary>
public interface IChatKitBuilder
{
    /// <summary>The host's services. For authors of adapters.</summary>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    IServiceCollection Services { get; }
}
