using Slipway.Core;
using Slipway.Inference.Scheduling;
using Slipway.Inference.Telemetry;

namespace Slipway.Inference.Loading;

/// <summary>One way to call a version that is in memory: what it takes and gives, the engine's model for it, and what runs its requests.</summary>
/// <param name="Info">As callers know it.</param>
/// <param name="Model">The engine's model; freed with this.</param>
/// <param name="Executor">Runs its requests.</param>
/// <param name="Metrics">Where it is measured.</param>
internal sealed record ServableSignature(ServableInfo Info, ILoadedModel Model, ModelExecutor Executor, ServableMetrics Metrics) : IDisposable
{
    /// <summary>Frees the engine's memory; no request may be under way.</summary>
    public void Dispose()
    {
        Executor.Dispose();
        Model.Dispose();
    }
}
