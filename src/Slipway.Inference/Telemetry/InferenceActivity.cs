using System.Diagnostics;

namespace Slipway.Inference.Telemetry;

/// <summary>Traces of this room: <c>queue</c>, <c>batch</c> and <c>run</c> spans under the caller's request.</summary>
internal static class InferenceActivity
{
    /// <summary>Name to subscribe to.</summary>
    public const string Name = "Slipway.Inference";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A span of one run; null when nobody listens, which costs one read.</summary>
    public static Activity? StartRun(string model, long version, int rows, ActivityContext parent = default)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity? activity = Source.StartActivity("run", ActivityKind.Internal, parent);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("slipway.model", model);
            activity.SetTag("slipway.version", version);
            activity.SetTag("slipway.batch.rows", rows);
        }

        return activity;
    }

    /// <summary>Marks a span as failed.</summary>
    public static void Fail(Activity? activity, Exception exception) => activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
}
