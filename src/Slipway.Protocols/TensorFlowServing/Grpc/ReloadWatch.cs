using Slipway.Core;

namespace Slipway.Protocols.TensorFlowServing.Grpc;

/// <summary>
/// Waits until the models of a new list are as the list wants them: the versions that the policy chooses have been loaded or have failed. Made before the list is replaced, so that
/// what was there before can be told from what is there now.
/// </summary>
internal sealed class ReloadWatch(IModelCatalog catalog, TimeProvider time, IReadOnlyList<ConfiguredModel> models)
{
    /// <summary>How long versions may be neither there nor on their way: their files have to come to rest first, or there are none. A load under way has no limit here.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Core.ModelConfig?[] _before =
        [.. models.Select(model => catalog.TryGetModel(model.Name, out ModelSnapshot? known) ? known.Config : null)];

    /// <summary>Completes when all models have been tried.</summary>
    /// <returns>The first failure in the order of the list; null when all answer.</returns>
    public async ValueTask<SlipwayException?> WaitAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Poll, time);
        long since = time.GetTimestamp();
        for (int i = 0; i < models.Count; i++)
        {
            Progress progress;
            while ((progress = Look(i)) != Progress.Done && (progress == Progress.Loading || time.GetElapsedTime(since) < Patience))
            {
                since = progress == Progress.Loading ? time.GetTimestamp() : since;
                await timer.WaitForNextTickAsync(cancellationToken);
            }

            if (FailureOf(models[i]) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private Progress Look(int index)
    {
        ConfiguredModel wanted = models[index];
        if (!catalog.TryGetModel(wanted.Name, out ModelSnapshot? model))
        {
            return Progress.Waiting;
        }

        if (model.Versions.Any(static version => version.State is ServableState.Loading or ServableState.Warming))
        {
            return Progress.Loading;
        }

        bool isTaken = (wanted.VersionPolicy ?? VersionPolicy.LatestOne).Equals(model.Config.VersionPolicy) || !ReferenceEquals(model.Config, _before[index]);
        long[] chosen = [.. model.Config.VersionPolicy.Choose(model.Versions.Select(static version => version.Version))];
        return isTaken && chosen.Length > 0 && (model.Config.Load == LoadPolicy.OnDemand || model.Versions.Where(version => chosen.Contains(version.Version)).All(IsTried))
            ? Progress.Done
            : Progress.Waiting;
    }

    private static bool IsTried(VersionSnapshot version) => version.State is ServableState.Ready or ServableState.Failed;

    private SlipwayException? FailureOf(ConfiguredModel wanted)
    {
        if (!catalog.TryGetModel(wanted.Name, out ModelSnapshot? model) || model.Versions.Count == 0)
        {
            return new SlipwayException(ErrorCode.ModelNotFound, $"model '{wanted.Name}': {model?.Problem ?? "there is no version in its base path"}");
        }

        if (model.Config.Load == LoadPolicy.OnDemand)
        {
            return null;
        }

        bool isServed = model.Versions.Any(static version => version.State == ServableState.Ready);
        if (!isServed && model.Versions.FirstOrDefault(static version => version.State == ServableState.Failed) is { } failed)
        {
            return new SlipwayException(failed.Error ?? ErrorCode.ModelNotReady, $"model '{wanted.Name}' version {failed.Version}: {failed.Reason}");
        }

        foreach ((string label, long number) in wanted.Labels)
        {
            if (!model.Versions.Any(version => version.Version == number && version.State == ServableState.Ready))
            {
                return new SlipwayException(
                    ErrorCode.FailedPrecondition,
                    $"Request to assign label to version {number} of model {wanted.Name}, which is not currently available for inference (label '{label}')");
            }
        }

        return isServed ? null : new SlipwayException(ErrorCode.VersionNotFound, $"model '{wanted.Name}': none of the versions that its policy wants is there");
    }

    private enum Progress
    {
        Waiting,
        Loading,
        Done,
    }
}
