using Slipway.Core;
using Slipway.Inference.Requests;
using Slipway.Inference.Statistics;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Scheduling;

/// <summary>What the scheduler needs to know of the version that it runs.</summary>
/// <param name="Info">The version, as answers name it.</param>
/// <param name="Contract">What requests are checked against.</param>
/// <param name="Model">The engine's model; whoever made it disposes it.</param>
/// <param name="Statistics">Where runs and answers are counted.</param>
/// <param name="Metrics">Where they are measured.</param>
internal sealed record ServableRuntime(
    ServableInfo Info, ServableContract Contract, ILoadedModel Model, ServableStatistics Statistics, ServableMetrics Metrics);
