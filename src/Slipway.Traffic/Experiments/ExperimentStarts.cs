using System.Globalization;
using System.Text.Json;
using Slipway.Core;
using Slipway.Traffic.Endpoints;
using Slipway.Traffic.Routing;

namespace Slipway.Traffic.Experiments;

/// <summary>How experiments begin, go on after a restart, and whether what they compare is still divided as it was. Thread-safe.</summary>
internal sealed class ExperimentStarts(TrafficService traffic, TimeProvider time)
{
    /// <summary>A new one of the configuration.</summary>
    /// <exception cref="SlipwayException">As for <see cref="Start"/>, when it starts by itself.</exception>
    public LiveExperiment Begin(ExperimentDefinition definition)
    {
        ExperimentState state = new() { Definition = definition, Reason = "nobody has started it" };
        return new LiveExperiment(definition.StartsByItself ? Start(state, by: null) : state, null, time);
    }

    /// <summary>One that has been kept, under the definition that the configuration has now.</summary>
    /// <exception cref="IOException">The record can't be read.</exception>
    public LiveExperiment Resume(ExperimentDefinition definition, byte[] record)
    {
        (ExperimentState state, UnitTable units) = ExperimentRecord.Read(definition.Name, record);
        bool isSame = TextOf(state.Definition) == TextOf(definition);
        if (!isSame && state.Phase == ExperimentPhase.Waiting)
        {
            return Begin(definition);
        }

        // What was counted under one definition means nothing under another; what is over stays what it was.
        if (!isSame && state.Phase == ExperimentPhase.Running)
        {
            state = ExperimentMachine.Stop(state, "its definition was changed: give the new one another name", null, time.GetUtcNow());
        }

        return new LiveExperiment(state, units, time);
    }

    /// <summary>The state of one that starts now.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.FailedPrecondition"/>: there is no such endpoint, or it doesn't divide requests among all arms.</exception>
    public ExperimentState Start(ExperimentState state, string? by)
    {
        EndpointDefinition endpoint = traffic.Find(state.Definition.Endpoint)?.Definition
            ?? throw new SlipwayException(ErrorCode.FailedPrecondition, $"there is no endpoint '{state.Definition.Endpoint}'");
        IReadOnlyList<string> arms = state.Definition.ArmsOn(endpoint);
        double[] shares = [.. arms.Select(name => endpoint.Arms.FirstOrDefault(arm => arm.Name == name)?.Weight ?? 0)];
        return shares.All(static share => share > 0)
            ? ExperimentMachine.Start(state, arms, shares, DivisionOf(endpoint), by, time.GetUtcNow())
            : throw new SlipwayException(ErrorCode.FailedPrecondition, $"not every arm of experiment '{state.Definition.Name}' has a weight on endpoint '{endpoint.Name}'");
    }

    /// <summary>Whether arms, versions or weights of the endpoint are no longer those that the experiment began with.</summary>
    public bool IsDividedOtherwise(ExperimentState state) => traffic.Find(state.Definition.Endpoint) is not { } endpoint || DivisionOf(endpoint.Definition) != state.Division;

    private static string DivisionOf(EndpointDefinition endpoint) => string.Join(
        ", ", endpoint.Arms.Select(static arm => string.Create(CultureInfo.InvariantCulture, $"{arm.Name}={arm.Model}{arm.Version}:{arm.Weight}"))) + " by " + endpoint.EffectiveSalt;

    private static string TextOf(ExperimentDefinition definition) => JsonSerializer.Serialize(definition, ExperimentJson.Default.ExperimentDefinition);
}
