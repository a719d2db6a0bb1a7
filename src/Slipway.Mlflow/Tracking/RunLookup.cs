using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tracking;

/// <summary>Finds the run that a call is about.</summary>
internal static class RunLookup
{
    /// <summary>The run, deleted or not.</summary>
    /// <exception cref="MlflowException">There is none.</exception>
    public static Task<TrackedRun> FindAsync(ITrackingStore store, MlflowCall call) => FindAsync(store, call.Fields.RunId(), call.Cancellation);

    /// <summary>The run of that identity, deleted or not.</summary>
    /// <exception cref="MlflowException">There is none.</exception>
    public static async Task<TrackedRun> FindAsync(ITrackingStore store, string id, CancellationToken cancellation) =>
        await store.FindRunAsync(MlflowLimits.CheckRunId(id), cancellation) ?? throw MlflowException.NotFound($"Run with id={id} not found");

    /// <summary>The run, which must not be deleted.</summary>
    /// <exception cref="MlflowException">There is none, or it is deleted.</exception>
    public static async Task<TrackedRun> FindActiveAsync(ITrackingStore store, MlflowCall call)
    {
        TrackedRun run = await FindAsync(store, call);
        return run.IsDeleted
            ? throw MlflowException.Invalid($"The run {run.Id} must be in the 'active' state. Current state is deleted.")
            : run;
    }
}
