using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>Groups and their members.</summary>
internal static class GroupEndpoints
{
    private static readonly QueryParameter[] IdQuery = [new("id", "string", "The id of the command: makes a retry safe.")];

    public static IEnumerable<EndpointSpec> All =>
    [
        new("POST", "groups", "createGroup", "Create a group.", CreateAsync)
        {
            Class = ChatCommandClass.Group, Request = HttpJson.Default.CreateGroupRequest, Response = HttpJson.Default.AcceptedResponse, Status = StatusCodes.Status201Created,
        },
        new("POST", "conversations/{conversation}/members", "addMembers", "Add members to a group.", AddAsync)
        {
            Class = ChatCommandClass.Group, Request = HttpJson.Default.AddMembersRequest, Response = HttpJson.Default.AcceptedResponse,
        },
        new("DELETE", "conversations/{conversation}/members/{user}", "removeMember", "Remove a member of a group.", RemoveAsync)
        {
            Class = ChatCommandClass.Group, Response = HttpJson.Default.AcceptedResponse, Query = IdQuery,
        },
        new("POST", "conversations/{conversation}/leave", "leaveGroup", "Leave a group.", LeaveAsync)
        {
            Class = ChatCommandClass.Group, Request = HttpJson.Default.LeaveRequest, RequestOptional = true, Response = HttpJson.Default.AcceptedResponse,
        },
    ];

    private static async Task CreateAsync(HttpContext context)
    {
        var request = await context.ReadBodyAsync(HttpJson.Default.CreateGroupRequest);
        var group = new CreateGroup
        {
            By = context.User(),
            Title = request.Title ?? throw RequestRefusedException.Invalid("title is missing."),
            Members = ChatRequest.ParseUsers(context, request.Users),
            History = request.History switch
            {
                null or "joined" => GroupHistory.FromJoining,
                "all" => GroupHistory.All,
                _ => throw RequestRefusedException.Invalid("history must be joined or all."),
            },
            Command = ChatRequest.Command(request.Id),
        };
        await context.AnswerAsync(await context.Chat().CreateGroupAsync(group, context.RequestAborted), StatusCodes.Status201Created);
    }

    private static async Task AddAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var request = await context.ReadBodyAsync(HttpJson.Default.AddMembersRequest);
        await ChangeAsync(context, conversation, MembershipAction.Added, ChatRequest.ParseUsers(context, request.Users), request.Id);
    }

    private static Task RemoveAsync(HttpContext context) =>
        ChangeAsync(context, context.Conversation(), MembershipAction.Removed, [context.OtherUser()], context.Query("id"));

    private static async Task LeaveAsync(HttpContext context)
    {
        var conversation = context.Conversation();
        var request = await context.ReadBodyAsync(HttpJson.Default.LeaveRequest, optional: true);
        await ChangeAsync(context, conversation, MembershipAction.Left, [], request.Id);
    }

    private static async Task ChangeAsync(HttpContext context, ConversationId conversation, MembershipAction action, IReadOnlyList<UserId> users, string? id)
    {
        var change = new ChangeMembers
        {
            By = context.User(),
            Conversation = conversation,
            Action = action,
            Users = users,
            Command = ChatRequest.Command(id),
        };
        await context.AnswerAsync(await context.Chat().ChangeMembersAsync(change, context.RequestAborted));
    }
}
