using System.Collections.Concurrent;
using Slipway.Core;

namespace Slipway.Traffic.Routing;

/// <summary>Writes into answers which arm gave them. What is said of an endpoint, arm and reason is made once. Thread-safe.</summary>
internal static class AnswerLabels
{
    // Bounded by endpoints × arms × reasons, none of which callers choose; cleared should configurations change for ever.
    private const int MaxKnown = 10_000;
    private static readonly ConcurrentDictionary<(string Endpoint, string Arm, string Reason), Label> Known = new();

    /// <summary>The same answer, labelled. It owns the outputs from now on.</summary>
    public static InferenceResponse Attach(InferenceResponse response, string endpoint, string arm, string reason)
    {
        Label label = LabelOf(endpoint, arm, reason);
        return With(response, label.Assignment, label.ParametersFor(response));
    }

    /// <summary>The same answer, labelled, with the id by which feedback will name the request.</summary>
    public static InferenceResponse Attach(InferenceResponse response, string endpoint, string arm, string reason, string id)
    {
        Label label = LabelOf(endpoint, arm, reason);
        Dictionary<string, ParameterValue> parameters = new(label.ParametersFor(response)) { ["slipway_request_id"] = ParameterValue.Of(id) };
        return With(response, label.Assignment with { RequestId = id }, parameters);
    }

    private static Label LabelOf(string endpoint, string arm, string reason)
    {
        if (Known.Count > MaxKnown)
        {
            Known.Clear();
        }

        return Known.GetOrAdd((endpoint, arm, reason), static key => new Label(new RouteAssignment(key.Endpoint, key.Arm, key.Reason)));
    }

    private static InferenceResponse With(InferenceResponse response, RouteAssignment assignment, Dictionary<string, ParameterValue> parameters) => new()
    {
        Servable = response.Servable,
        Outputs = response.Outputs,
        Timings = response.Timings,
        Assignment = assignment,
        Parameters = parameters,
    };

    private sealed class Label(RouteAssignment assignment)
    {
        private volatile Known? _last;

        public RouteAssignment Assignment => assignment;

        public Dictionary<string, ParameterValue> ParametersFor(InferenceResponse response)
        {
            if (response.Parameters.Count > 0)
            {
                Dictionary<string, ParameterValue> merged = new(response.Parameters);
                foreach ((string name, ParameterValue value) in Describe(response.Servable))
                {
                    merged[name] = value;
                }

                return merged;
            }

            if (_last is { } last && ReferenceEquals(last.Servable, response.Servable))
            {
                return last.Parameters;
            }

            Known known = new(response.Servable, Describe(response.Servable));
            _last = known;
            return known.Parameters;
        }

        private Dictionary<string, ParameterValue> Describe(ServableInfo servable) => new()
        {
            ["slipway_endpoint"] = ParameterValue.Of(assignment.Endpoint),
            ["slipway_arm"] = ParameterValue.Of(assignment.Arm),
            ["slipway_assignment"] = ParameterValue.Of(assignment.Reason),
            ["slipway_version_digest"] = ParameterValue.Of(servable.Digest),
        };

        private sealed record Known(ServableInfo Servable, Dictionary<string, ParameterValue> Parameters);
    }
}
