using System.Text.Json;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Files;

/// <summary>A Keras model as its file holds it.</summary>
internal sealed record KerasFile
{
    /// <summary>Version of Keras that wrote it, such as <c>2.13.1-tf</c>; empty when the file does not say.</summary>
    public required string Version { get; init; }

    /// <summary>TensorFlow, JAX, PyTorch …; empty when the file does not say.</summary>
    public string Backend { get; init; } = "";

    /// <summary><c>h5</c> or <c>keras</c>.</summary>
    public required string Container { get; init; }

    /// <summary>The model's configuration.</summary>
    public required JsonElement Config { get; init; }

    /// <summary>Weights of the layers of the outermost model, once it is known.</summary>
    public required Func<ModelGraph, IReadOnlyDictionary<string, LayerWeights>> Weights { get; init; }

    /// <summary>First number of the version; 2 where the file does not say.</summary>
    public int Major => Version.Length > 0 && char.IsAsciiDigit(Version[0]) && int.TryParse(Version.Split('.')[0], out int major) ? major : 2;
}
