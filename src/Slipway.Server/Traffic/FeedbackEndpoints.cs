using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Experiments;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Management;

namespace Slipway.Server.Traffic;

/// <summary><c>POST /api/v1/feedback</c> on the control plane: what became known later about answered requests, offered to whoever uses it.</summary>
internal static class FeedbackEndpoints
{
    private const int MaxItems = 10_000;
    private const int MaxText = 1024;

    /// <summary>Adds the endpoint.</summary>
    public static void MapFeedback(this IEndpointRouteBuilder routes) =>
        routes.MapManagementGroup().MapPost("/api/v1/feedback", ManagementEndpoints.Guarded(TakeAsync))
            .WithMetadata(new RequiredPermission(Permission.WriteLabels), CheckedByName.Instance);

    private static async Task TakeAsync(HttpContext context)
    {
        FeedbackRequest request = await BodyReader.ReadAsync(context, TrafficJson.Readable.FeedbackRequest);
        if (request.Items is not { Count: > 0 and <= MaxItems } items)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"items: 1 to {MaxItems} reports are expected");
        }

        // All are checked before any is taken: a refused body changes nothing.
        Feedback[] reports = [.. items.Select(Read)];
        IFeedbackSink[] sinks = [.. context.RequestServices.GetServices<IFeedbackSink>()];
        List<FeedbackProblem> problems = [];
        int taken = 0;
        for (int i = 0; i < reports.Length; i++)
        {
            bool isTaken = Offer(sinks, reports[i], out string? problem);
            taken += isTaken ? 1 : 0;
            if (!isTaken && problem is not null)
            {
                problems.Add(new FeedbackProblem(i, problem));
            }
        }

        // What is partly taken is an answer; where nothing was of use to those who were meant, that is a failure.
        if (taken == 0 && problems.Count > 0)
        {
            throw new SlipwayException(ErrorCode.NotFound, $"items[{problems[0].Item}]: {problems[0].Message}{(problems.Count > 1 ? $" ({problems.Count} reports could not be used)" : "")}");
        }

        FeedbackAnswer answer = new(taken, reports.Length - taken) { Problems = problems.Count > 0 ? problems : null };
        await context.Response.WriteAsJsonAsync(answer, TrafficJson.Readable.FeedbackAnswer, cancellationToken: context.RequestAborted);
    }

    private static bool Offer(IFeedbackSink[] sinks, Feedback report, out string? problem)
    {
        bool isTaken = false;
        problem = null;
        foreach (IFeedbackSink sink in sinks)
        {
            isTaken |= sink.Take(report, out string? fault);
            problem ??= fault;
        }

        return isTaken;
    }

    private static Feedback Read(FeedbackItem item, int index)
    {
        string? fault = item switch
        {
            null => "a report is expected",
            { Endpoint: not { Length: > 0 and <= MaxText } } => "endpoint: a name is expected",
            { Metric: not { Length: > 0 and <= MaxText } } => "metric: a name is expected",
            { Value: null } => "value: a number is expected",
            { Value: { } value } when !double.IsFinite(value) => "value: a finite number is expected",
            { Entity: null, RequestId: null } or { Entity: not null, RequestId: not null } => "either entity or requestId is expected",
            { Entity.Length: 0 or > MaxText } or { RequestId.Length: 0 or > MaxText } => $"entity, requestId: 1 to {MaxText} characters are expected",
            _ => null,
        };
        if (fault is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"items[{index}].{fault}");
        }

        ModelAccess.RequireVisible(item!.Endpoint!);
        return new Feedback(item.Endpoint!, item.Metric!, item.Value!.Value) { EntityKey = item.Entity, RequestId = item.RequestId, Time = item.Time };
    }
}
