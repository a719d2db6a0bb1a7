using System.Diagnostics;
using Slipway.Core;

namespace Slipway.Inference.Telemetry;

/// <summary>
/// Traces of this room: <c>queue</c>, <c>batch</c> and <c>run</c> spans under the caller's request. A request that isn't traced has none here either: no span of
/// this room is the first of a trace. Without a listener each costs one read.
/// </summary>
internal static class InferenceActivity
{
    /// <summary>Name to subscribe to.</summary>
    public const string Name = "Slipway.Inference";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The span that the calling request is in; nothing when nobody listens.</summary>
    public static ActivityContext Caller => Source.HasListeners() && Activity.Current is { } current ? current.Context : default;

    private static bool IsTraced => Source.HasListeners() && Activity.Current is not null;

    /// <summary>A span of one run on the caller's thread.</summary>
    public static Activity? StartRun(ServableInfo servable, int rows) =>
        IsTraced ? Describe(Source.StartActivity("run"), servable, rows) : null;

    /// <summary>A span of one run for requests that came on other threads: under the first that is traced, linked to the rest.</summary>
    /// <param name="name"><c>run</c> for one request, <c>batch</c> for several.</param>
    /// <param name="servable">The version.</param>
    /// <param name="rows">Rows run.</param>
    /// <param name="callers">Spans of the requests.</param>
    public static Activity? StartRun(string name, ServableInfo servable, int rows, IEnumerable<ActivityContext> callers)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext[] contexts = [.. callers.Where(static context => context != default)];
        if (contexts.Length == 0)
        {
            return null;
        }

        IEnumerable<ActivityLink> links = contexts.Skip(1).Select(static context => new ActivityLink(context));
        return Describe(Source.StartActivity(name, ActivityKind.Internal, contexts[0], tags: null, links), servable, rows);
    }

    /// <summary>A span of waiting; to be ended with <see cref="EndQueue"/>.</summary>
    public static Activity? StartQueue(ServableInfo servable, int rows) =>
        IsTraced ? Describe(Source.StartActivity("queue"), servable, rows) : null;

    /// <summary>Ends a span of waiting where the waiting ended, though that is noticed later.</summary>
    public static void EndQueue(Activity? activity, TimeSpan waited)
    {
        if (activity is not null)
        {
            activity.SetEndTime(activity.StartTimeUtc + waited);
            activity.Dispose();
        }
    }

    /// <summary>Marks a span as failed.</summary>
    public static void Fail(Activity? activity, SlipwayException exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.Code.ToString());

    private static Activity? Describe(Activity? activity, ServableInfo servable, int rows)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("slipway.model", servable.ModelName);
            activity.SetTag("slipway.version", servable.Version);
            activity.SetTag("slipway.rows", rows);
        }

        return activity;
    }
}
