using System.Diagnostics.CodeAnalysis;
using Slipway.Core;
using Slipway.Inference.Loading;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Serving;

/// <summary>What models there are. Thread-safe.</summary>
internal sealed class ModelCatalog(ModelDirectory directory, ServableLookup lookup, VersionManager manager, Admission admission, TimeProvider time)
    : IModelCatalog
{
    /// <inheritdoc/>
    public bool IsReady => manager.IsStarted && !admission.IsLeaving;

    /// <inheritdoc/>
    public IReadOnlyList<ModelSnapshot> GetModels() =>
        [.. directory.Models.Values.OrderBy(static model => model.Name, StringComparer.Ordinal).Select(static model => model.ToSnapshot())];

    /// <inheritdoc/>
    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        model = directory.TryGet(name, out ModelState? state) ? state.ToSnapshot() : null;
        return model is not null;
    }

    /// <inheritdoc/>
    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken)
    {
        if (lookup.TryLease(name, version, time.GetTimestamp()) is not { } servable)
        {
            return LoadAsync(name, version, cancellationToken);
        }

        servable.Release();
        return ValueTask.FromResult(servable.Info);
    }

    private async ValueTask<ServableInfo> LoadAsync(string name, VersionSelector version, CancellationToken cancellationToken)
    {
        admission.ThrowIfClosed();
        Servable servable;
        try
        {
            servable = await lookup.LeaseAsync(name, version, deadline: null, cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            throw new SlipwayException(ErrorCode.Cancelled, $"waiting for model '{name}' was cancelled", exception);
        }

        servable.Release();
        return servable.Info;
    }
}
