using Slipway.Core;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>Loads and unloads by hand. Thread-safe.</summary>
internal sealed class ModelControl(DesiredStateWatcher watcher, ModelDirectory directory, VersionManager manager) : IModelControl
{
    /// <inheritdoc/>
    public async Task LoadAsync(string name, ModelConfig? config, CancellationToken cancellationToken)
    {
        await watcher.RefreshAsync(cancellationToken);
        ModelState model = Find(name);
        Task done;
        lock (model.Gate)
        {
            if (model.Wish.Source is null)
            {
                throw Unknown(name);
            }

            // A configuration that leaves nothing to serve is no reason to end what is served.
            if (config is not null && model.Wish with { Override = config } is { Chosen.Count: 0 } idle)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"model '{name}' {idle.WhyNothingIsChosen}");
            }

            // An explicit load is worth a try even where the last one failed with the same files.
            foreach (VersionState version in model.Versions)
            {
                version.Forgive();
            }

            done = manager.ChangeAsync(model, wish => wish with { Control = ControlMode.Loaded, Override = config });
        }

        await done.WaitAsync(cancellationToken);
        ThrowIfNotServed(model);
    }

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        manager.ChangeAsync(Find(name), static wish => wish with { Control = ControlMode.Unloaded, Override = null }).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task SetLabelsAsync(string name, IReadOnlyDictionary<string, long> labels, CancellationToken cancellationToken)
    {
        ModelState model = Find(name);
        lock (model.Gate)
        {
            foreach ((string label, long number) in labels)
            {
                if (string.IsNullOrEmpty(label) || long.TryParse(label, out _))
                {
                    throw new SlipwayException(ErrorCode.InvalidRequest, $"'{label}' can't be a label of model '{name}': a label is a name, not a number");
                }

                if (model.Find(number) is not { State: ServableState.Ready })
                {
                    throw new SlipwayException(ErrorCode.FailedPrecondition,
                        $"label '{label}' of model '{name}' can't point at version {number}: it is not ready");
                }
            }

            model.SetLabels = labels.ToDictionary(StringComparer.Ordinal);
            model.Publish();
        }

        return Task.CompletedTask;
    }

    private static void ThrowIfNotServed(ModelState model)
    {
        lock (model.Gate)
        {
            if (model.Wish.Problem is { } problem)
            {
                throw new SlipwayException(ErrorCode.InvalidConfiguration, problem);
            }

            IReadOnlyList<long> chosen = model.Wish.Chosen;
            if (chosen.Count == 0)
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"model '{model.Name}' {model.Wish.WhyNothingIsChosen}");
            }

            foreach (long number in chosen)
            {
                if (model.Find(number) is { Error: { } code } version)
                {
                    throw new SlipwayException(code, $"failed to load '{model.Name}' version {number}: {version.Reason}");
                }
            }
        }
    }

    private ModelState Find(string name) => directory.TryGet(name, out ModelState? model) ? model : throw Unknown(name);

    private static SlipwayException Unknown(string name) => new(ErrorCode.ModelNotFound, $"Request for unknown model: '{name}' is not found");
}
