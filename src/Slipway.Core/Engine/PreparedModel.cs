namespace Slipway.Core;

/// <summary>
/// A version that has been read and checked, ready for a runtime. It owns its files; the runtime reads them during
/// <see cref="IModelRuntime.LoadAsync"/> and whoever prepared it disposes it afterwards.
/// </summary>
public sealed class PreparedModel : IDisposable
{
    /// <summary>Which runtime runs it, e.g. <c>onnx</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The model itself.</summary>
    public required ModelContent Model { get; init; }

    /// <summary>Tensors kept beside the model, by the location that the model names; checked to lie inside the version.</summary>
    public IReadOnlyDictionary<string, ModelContent> ExternalData { get; init; } = new Dictionary<string, ModelContent>();

    /// <summary>SHA-256 over all files of the version (canonical manifest), lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>
    /// Name of the version's file that <see cref="Model"/> was read from: a version may hold several models, of which its configuration chooses one, so that the digest alone does
    /// not tell which it is. Empty when there is only one.
    /// </summary>
    public string MainFile { get; init; } = "";

    /// <summary>Triton's platform name, e.g. <c>onnxruntime_onnx</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>Metadata found while preparing; merged under what the runtime finds.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the signature that <see cref="Model"/> is; empty for formats whose models have one without a name.</summary>
    public string SignatureName { get; init; } = "";

    /// <summary>Other ways to call the same version, by the name of their signature; each for the same runtime. Disposed with this one.</summary>
    public IReadOnlyDictionary<string, PreparedModel> Signatures { get; init; } = new Dictionary<string, PreparedModel>();

    /// <summary>
    /// An example of what the model takes, kept with it by whoever trained it: the JSON body of a request to MLflow's scoring server. Empty when there is none.
    /// </summary>
    public ReadOnlyMemory<byte> InputExample { get; init; }

    /// <summary>Releases the content.</summary>
    public void Dispose()
    {
        Model.Dispose();
        foreach (PreparedModel other in Signatures.Values)
        {
            other.Dispose();
        }

        foreach (ModelContent content in ExternalData.Values)
        {
            content.Dispose();
        }
    }
}
