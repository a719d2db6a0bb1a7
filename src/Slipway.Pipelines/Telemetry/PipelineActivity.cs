using System.Diagnostics;
using Slipway.Core;

namespace Slipway.Pipelines.Telemetry;

/// <summary>Traces of this room: a <c>pipeline</c> span under the caller's request and a <c>step</c> span for each step. A request that isn't traced has none here either.</summary>
internal static class PipelineActivity
{
    /// <summary>Name to subscribe to.</summary>
    public const string Name = "Slipway.Pipelines";

    private static readonly ActivitySource Source = new(Name);

    private static bool IsTraced => Source.HasListeners() && Activity.Current is not null;

    /// <summary>The span of a whole request.</summary>
    public static Activity? StartPipeline(string pipeline) => IsTraced ? Describe(Source.StartActivity("pipeline"), pipeline, null) : null;

    /// <summary>The span of one step, its attempts and what stands in for it.</summary>
    public static Activity? StartStep(string pipeline, string step) => IsTraced ? Describe(Source.StartActivity("step"), pipeline, step) : null;

    /// <summary>Marks a span as failed.</summary>
    public static void Fail(Activity? activity, SlipwayException exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.Code.ToString());

    private static Activity? Describe(Activity? activity, string pipeline, string? step)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("slipway.pipeline", pipeline);
            if (step is not null)
            {
                activity.SetTag("slipway.step", step);
            }
        }

        return activity;
    }
}
