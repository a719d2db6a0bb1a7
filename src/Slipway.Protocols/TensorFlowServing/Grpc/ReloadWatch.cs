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

    private readonly ModelSnapshot?[] _before = [.. models.Select(model => catalog.TryGetModel(model.Name, out ModelSnapshot? known) ? known : null)];

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

            if (FailureOf(i) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private Progress Look(int index)
    {
        if (!catalog.TryGetModel(models[index].Name, out ModelSnapshot? model))
        {
            return Progress.Waiting;
        }

        if (model.IsChanging || model.Versions.Any(static version => version.State is ServableState.Loading or ServableState.Warming))
        {
            return Progress.Loading;
        }

        // A list that is taken over comes with configurations of its own, also where they say what the last ones said.
        bool isTaken = !ReferenceEquals(model.Config, _before[index]?.Config);
        return isTaken && Wanted(model).Any() ? Progress.Done : Progress.Waiting;
    }

    private static IEnumerable<VersionSnapshot> Wanted(ModelSnapshot model)
    {
        IReadOnlyList<long> chosen = model.Config.VersionPolicy.Choose(model.Versions.Where(static version => version.IsWanted).Select(static version => version.Version));
        return model.Versions.Where(version => chosen.Contains(version.Version));
    }

    private SlipwayException? FailureOf(int index)
    {
        ConfiguredModel wanted = models[index];
        if (!catalog.TryGetModel(wanted.Name, out ModelSnapshot? model) || model.Versions.Count == 0)
        {
            return new SlipwayException(ErrorCode.ModelNotFound, $"model '{wanted.Name}': {model?.Problem ?? "there is no version in its base path"}");
        }

        VersionSnapshot[] chosen = [.. Wanted(model)];
        if (chosen.Length == 0)
        {
            return new SlipwayException(ErrorCode.VersionNotFound, $"model '{wanted.Name}': {model.Problem ?? "none of the versions that its policy wants is there"}");
        }

        if (model.Problem is { } problem && !(problem == _before[index]?.Problem && model.Answers(VersionSelector.Default)))
        {
            return new SlipwayException(ErrorCode.InvalidConfiguration, $"model '{wanted.Name}': {problem}");
        }

        if (!chosen.Any(static version => version.Answers && !HasFailed(version)) && chosen.FirstOrDefault(HasFailed) is { } failed
            && !(WasSo(index, failed) && model.Answers(VersionSelector.Default)))
        {
            return new SlipwayException(failed.Error ?? ErrorCode.ModelNotReady, $"model '{wanted.Name}' version {failed.Version}: {failed.Reason}");
        }

        foreach ((string label, long number) in wanted.Labels)
        {
            if (!model.Answers(VersionSelector.Exact(number)))
            {
                return new SlipwayException(
                    ErrorCode.FailedPrecondition,
                    $"Request to assign label to version {number} of model {wanted.Name}, which is not currently available for inference (label '{label}')");
            }
        }

        return chosen.FirstOrDefault(static version => !version.Answers) is { } idle && !model.Answers(VersionSelector.Default)
            ? new SlipwayException(ErrorCode.ModelNotReady, $"model '{wanted.Name}' version {idle.Version} is not ready: {idle.State.ToString().ToLowerInvariant()}")
            : null;
    }

    // A version in service fails when its content has changed and the new one could not be loaded.
    private static bool HasFailed(VersionSnapshot version) => version.State == ServableState.Failed || version.Error is not null;

    // What failed before, while another version answers, is no failure of this list.
    private bool WasSo(int index, VersionSnapshot failed) =>
        _before[index]?.Versions.Any(version => version.Version == failed.Version && HasFailed(version) && version.Reason == failed.Reason) == true;

    private enum Progress
    {
        Waiting,
        Loading,
        Done,
    }
}
