using Slipway.Core;

namespace Slipway.Security.Registry;

/// <summary>Finds the experiment that something belongs to: runs, logged models and artifacts are governed by its name.</summary>
/// <param name="tracking">The store itself, without guards.</param>
/// <param name="rights">What the caller may.</param>
internal sealed class ExperimentNames(ITrackingStore tracking, RegistryRights rights)
{
    /// <summary>Whether the caller may see an experiment; false when there is none.</summary>
    public async ValueTask<bool> SeesAsync(string experimentId, CancellationToken cancellationToken) =>
        !RegistryRights.IsNarrow || (await tracking.FindExperimentAsync(experimentId, cancellationToken) is { } experiment && RegistryRights.Sees(experiment.Name));

    /// <summary>Those of the experiments that the caller may see.</summary>
    public async ValueTask<IReadOnlyList<string>> VisibleAsync(IReadOnlyList<string> experimentIds, CancellationToken cancellationToken)
    {
        if (!RegistryRights.IsNarrow)
        {
            return experimentIds;
        }

        List<string> visible = [];
        foreach (string id in experimentIds)
        {
            if (await SeesAsync(id, cancellationToken))
            {
                visible.Add(id);
            }
        }

        return visible;
    }

    /// <summary>Checks that the caller may do something with what belongs to an experiment. An experiment that is not there is left to the store to tell.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.PermissionDenied"/>; <see cref="ErrorCode.NotFound"/> where the caller may not even see it.</exception>
    public async ValueTask RequireAsync(Permission permission, string experimentId, CancellationToken cancellationToken)
    {
        if (!Asks(permission) || await tracking.FindExperimentAsync(experimentId, cancellationToken) is not { } experiment)
        {
            return;
        }

        if (!RegistryRights.Sees(experiment.Name))
        {
            throw new SlipwayException(ErrorCode.NotFound, $"No Experiment with id={experimentId} exists");
        }

        await rights.RequireAsync(permission, experiment.Name);
    }

    /// <summary>As <see cref="RequireAsync"/>, for the experiment of a run.</summary>
    public async ValueTask RequireOfRunAsync(Permission permission, string runId, CancellationToken cancellationToken)
    {
        if (Asks(permission) && await tracking.FindRunAsync(runId, cancellationToken) is { } run)
        {
            await RequireAsync(permission, run.ExperimentId, cancellationToken);
        }
    }

    /// <summary>As <see cref="RequireAsync"/>, for the experiment of a logged model.</summary>
    public async ValueTask RequireOfModelAsync(Permission permission, string modelId, CancellationToken cancellationToken)
    {
        if (Asks(permission) && await tracking.FindLoggedModelAsync(modelId, cancellationToken) is { } model)
        {
            await RequireAsync(permission, model.ExperimentId, cancellationToken);
        }
    }

    private static bool Asks(Permission permission) => RegistryRights.IsNarrow || !RegistryRights.MayEverywhere(permission);
}
