using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Formats.Onnx;
using Slipway.Keras.Files;
using Slipway.Keras.Hdf5;
using Slipway.Keras.Layers;

namespace Slipway.Keras;

/// <summary>Keras models: .h5 of Keras 2 and 3, and .keras archives. Read as data and converted to ONNX.</summary>
internal sealed class KerasFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "keras";

    /// <inheritdoc/>
    public string Description => "a Keras model";

    /// <inheritdoc/>
    public FormatSupport Support => new()
    {
        Serving = FormatServing.Converted,
        Tested = ["layouts as Keras 2.1, 2.4, 2.13, 3.3 and 3.8 write them, against formulas in double precision"],
        Groups = [new SupportGroup("layers", KnownLayers.All.Supported), SupportGroup.Of("activations", Conversion.Activations.Names)],
        Limits =
        [
            ".h5 of Keras 2 and 3 and .keras archives, Sequential and Functional models",
            "subclassed models, custom classes, Lambda layers and everything else that is code are refused",
            "computed in float32, whatever precision the model was trained in",
            "stateful recurrent layers, sparse and ragged inputs, and weights quantised otherwise than to 8 bits are refused",
        ],
    };

    /// <inheritdoc/>
    public bool Recognizes(FormatSample sample)
    {
        ReadOnlySpan<byte> head = sample.Head.Span;
        return Superblock.Find(head) >= 0 || (head.StartsWith("PK\u0003\u0004"u8) && IsArchive(sample, head));
    }

    /// <inheritdoc/>
    public ModelInspection Inspect(VersionFiles files, CancellationToken cancellationToken)
    {
        VersionFile main = files.Open(files.MainFile);
        KerasFile file = KerasFileReader.Read(main);
        ConvertedModel converted = KerasConverter.Convert(file, sourceDigest: "");
        cancellationToken.ThrowIfCancellationRequested();
        OnnxModel model = OnnxReader.Read(new MemoryStream(converted.Onnx, writable: false), converted.Onnx.Length);
        return OnnxInspector.Describe(model, main.Length) with
        {
            Format = Name,
            FormatVersion = null,
            Producer = "Keras",
            ProducerVersion = file.Version,
            Operators = [.. converted.Layers.OrderByDescending(static layer => layer.Value).Select(static layer => new InspectedOperator(layer.Key, layer.Value))],
        };
    }

    /// <inheritdoc/>
    public PreparedModel Prepare(VersionFiles files, CancellationToken cancellationToken)
    {
        string digest = files.ComputeDigest(cancellationToken);
        KerasFile file = KerasFileReader.Read(files.Open(files.MainFile));
        cancellationToken.ThrowIfCancellationRequested();
        return new PreparedModel
        {
            Runtime = OnnxFormat.Runtime,
            Model = new ModelContent(KerasConverter.Convert(file, digest).Onnx),
            Digest = digest,
            Platform = "keras",
        };
    }

    // Keras writes its metadata first and its configuration next; the end of the name counts where the archive was packed anew.
    private static bool IsArchive(FormatSample sample, ReadOnlySpan<byte> head) =>
        head.IndexOf("metadata.json"u8) >= 0 || head.IndexOf("model.weights.h5"u8) >= 0 || (head.IndexOf("config.json"u8) >= 0 && sample.FileName.EndsWith(".keras", StringComparison.OrdinalIgnoreCase));
}
