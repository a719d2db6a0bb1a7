using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Client.Endpoints;
using Slipway.Core;
using Slipway.Security.Authorization;
using Slipway.Server.Configuration.Traffic;
using Slipway.Server.Management;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Bandits;
using Slipway.Traffic.Rewards;
using Slipway.Traffic.Routing;
using Slipway.Traffic.Shadowing;

namespace Slipway.Server.Traffic;

/// <summary><c>/api/v1/endpoints</c> on the control plane: what endpoints are and do.</summary>
internal static class EndpointEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapEndpoints(this IEndpointRouteBuilder routes)
    {
        IEndpointRouteBuilder admin = routes.MapManagementGroup();
        admin.MapGet("/api/v1/endpoints", ManagementEndpoints.Guarded(ListAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapGet("/api/v1/endpoints/{name}", ManagementEndpoints.Guarded(ShowAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
        admin.MapPost("/api/v1/endpoints/{name}/evaluate", ManagementEndpoints.Guarded(EvaluateAsync)).WithMetadata(new RequiredPermission(Permission.ReadModels));
    }

    private static async Task EvaluateAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        ModelAccess.RequireVisible(name);
        EvaluationRequest request = await BodyReader.ReadAsync(context, TrafficJson.Readable.EvaluationRequest);
        if (request.ByContext == request.Shares is not null)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "either 'shares' with percentages by arm is expected, or 'byContext': true");
        }

        OffPolicyFindings findings = context.RequestServices.GetRequiredService<RewardService>().Evaluate(name, new OffPolicyTarget { Shares = request.Shares });
        EvaluationAnswer answer = new(
            findings.Decisions,
            findings.EffectiveDecisions,
            findings.LargestWeight,
            Describe(findings.Logged),
            Describe(findings.Ips),
            Describe(findings.Snips),
            Describe(findings.DoublyRobust));
        await context.Response.WriteAsJsonAsync(answer, TrafficJson.Readable.EvaluationAnswer, cancellationToken: context.RequestAborted);
    }

    private static RewardEstimate Describe(OffPolicyEstimate estimate) => new(
        estimate.Value, double.IsFinite(estimate.Low) ? estimate.Low : null, double.IsFinite(estimate.High) ? estimate.High : null);

    private static Task ListAsync(HttpContext context)
    {
        TrafficService traffic = context.RequestServices.GetRequiredService<TrafficService>();
        EndpointList list = new([.. traffic.Endpoints.Where(static endpoint => ModelAccess.IsVisible(endpoint.Definition.Name)).Select(endpoint => Describe(endpoint, traffic.Models))]);
        return context.Response.WriteAsJsonAsync(list, TrafficJson.Readable.EndpointList, cancellationToken: context.RequestAborted);
    }

    private static Task ShowAsync(HttpContext context)
    {
        TrafficService traffic = context.RequestServices.GetRequiredService<TrafficService>();
        string name = (string)context.Request.RouteValues["name"]!;
        ModelAccess.RequireVisible(name);
        EndpointStatus endpoint = traffic.Find(name) ?? throw new SlipwayException(ErrorCode.ModelNotFound, $"there is no endpoint '{name}'");
        return context.Response.WriteAsJsonAsync(Describe(endpoint, traffic.Models), TrafficJson.Readable.EndpointDescription, cancellationToken: context.RequestAborted);
    }

    private static EndpointDescription Describe(EndpointStatus endpoint, IModelCatalog models) => new(
        endpoint.Definition.Name,
        endpoint.Definition.DefaultArm,
        [.. endpoint.Arms.Select((arm, i) => Describe(arm, endpoint.Bandit?.Arms[i], models))],
        [.. endpoint.Shadows.Select(Describe)])
    {
        Bandit = endpoint.Bandit is { } bandit
            ? new BanditDescription(BanditSettings.WordOf(bandit.Definition.Kind), bandit.Definition.Metric, bandit.Open, bandit.PushedOut, bandit.UnknownRewards, bandit.Logged)
            : null,
    };

    private static ArmDescription Describe(ArmStatus arm, BanditArmStatus? reward, IModelCatalog models)
    {
        ArmCounts counts = arm.Meter.Snapshot();
        return new ArmDescription(
            arm.Definition.Name,
            arm.Definition.Model + arm.Definition.Version,
            arm.Definition.Weight,
            counts.Requests,
            counts.Failures,
            counts.StandIns,
            counts.Retries,
            counts.Fallbacks,
            counts.Refusals,
            Describe(arm.Meter.Latency))
        {
            Problem = ArmTargets.Problem(models, arm.Definition.Model, arm.Definition.Version),
            Circuit = arm.Circuit is { } circuit ? Word(circuit) : null,
            Reward = reward is null ? null : new ArmRewardDescription(reward.Decisions, reward.Share * 100, reward.Rewards, reward.Weight) { Mean = reward.MeanReward },
        };
    }

    private static ShadowDescription Describe(ShadowStatus shadow)
    {
        ShadowCounts counts = shadow.Meter.Snapshot();
        return new ShadowDescription(
            shadow.Definition.Name,
            shadow.Definition.Model + shadow.Definition.Version,
            shadow.Definition.Sample,
            counts.Copies,
            counts.Dropped,
            counts.Failures,
            counts.NotComparable,
            counts.Rows,
            counts.Disagreements,
            counts.Differences.Mean,
            counts.Differences.Largest,
            Describe(shadow.Meter.Latency));
    }

    private static LatencyDescription Describe(LatencySketch sketch)
    {
        long[] counts = sketch.Snapshot();
        return new LatencyDescription(Seconds(counts, 0.5), Seconds(counts, 0.95), Seconds(counts, 0.99));
    }

    private static string Word(Enum value)
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static double? Seconds(long[] counts, double quantile) =>
        LatencySketch.QuantileBucket(counts, quantile) is >= 0 and var bucket ? LatencySketch.UpperOf(bucket).TotalSeconds : null;
}
