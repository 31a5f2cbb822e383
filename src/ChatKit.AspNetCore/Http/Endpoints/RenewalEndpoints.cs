using ChatKit.AspNetCore.Http.Contracts;
using ChatKit.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>The way of a cookie's renewal to a live connection.</summary>
internal static class RenewalEndpoints
{
    public static IEnumerable<EndpointSpec> All =>
    [
        new("POST", "renewal", "createRenewal", "A token, good for a minute, with which a live connection of the same user takes over this request's sign-in (Renew).", CreateAsync)
        {
            Response = HttpJson.Default.RenewalResponse,
        },
    ];

    private static Task CreateAsync(HttpContext context)
    {
        var expires = SignInExpiry.Find(context);
        var token = context.RequestServices.GetRequiredService<RenewalTickets>().Create(context.User(), expires);
        return context.AnswerAsync(new RenewalResponse(token, expires), HttpJson.Default.RenewalResponse);
    }
}
