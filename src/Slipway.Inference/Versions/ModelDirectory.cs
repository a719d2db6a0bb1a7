using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Inference.Versions;

/// <summary>Every model known, by name. Readers see one snapshot; a change of the set of models replaces it by one volatile write.</summary>
internal sealed class ModelDirectory
{
    private volatile FrozenDictionary<string, ModelState> _models = FrozenDictionary<string, ModelState>.Empty;

    /// <summary>The models now.</summary>
    public FrozenDictionary<string, ModelState> Models => _models;

    public bool TryGet(string name, [NotNullWhen(true)] out ModelState? model) => _models.TryGetValue(name, out model);

    /// <summary>Replaces the set. One writer at a time.</summary>
    public void Replace(IEnumerable<ModelState> models) => _models = models.ToFrozenDictionary(static model => model.Name, StringComparer.Ordinal);
}
