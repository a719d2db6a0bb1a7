using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Traffic.Bench;

/// <summary>A model that answers at once with nothing.</summary>
internal sealed class InstantModel : IInferenceService, IModelCatalog
{
    private static readonly ServableInfo Servable = new("model", 1, new string('a', 64), new ModelSignature([], []), ModelConfig.Default) { Platform = "none" };

    public bool IsReady => true;

    public ValueTask<InferenceResponse> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new InferenceResponse { Servable = Servable, Outputs = [] });

    public IReadOnlyList<ModelSnapshot> GetModels() => [];

    public bool TryGetModel(string name, [NotNullWhen(true)] out ModelSnapshot? model)
    {
        model = null;
        return false;
    }

    public ValueTask<ServableInfo> GetServableAsync(string name, VersionSelector version, CancellationToken cancellationToken) => ValueTask.FromResult(Servable);
}
