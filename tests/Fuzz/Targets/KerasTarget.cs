using System.IO.Compression;
using Slipway.Keras;
using Slipway.Keras.Files;

namespace Slipway.Fuzz.Targets;

/// <summary>Keras models, .h5 and .keras, read and converted.</summary>
internal sealed class KerasTarget : IFuzzTarget
{
    private static readonly string[] Names = ["dense.2", "dense.3", "conv2d-same-22-1-1.3", "lstm-masked-last.2", "bidirectional-lstm-concat.3", "mha.2", "transformer-block.3", "string-lookup-asset"];

    public string Name => "keras";

    public IReadOnlyList<byte[]> Seeds { get; } = ReadSeeds();

    public ValueTask ReadAsync(byte[] input)
    {
        KerasConverter.Convert(KerasFileReader.Read(new MemoryStream(input, writable: false), input.Length), "");
        return ValueTask.CompletedTask;
    }

    private static byte[][] ReadSeeds()
    {
        using ZipArchive zip = new(typeof(KerasTarget).Assembly.GetManifestResourceStream("keras-layers.zip")!);
        return [.. zip.Entries.Where(static entry => entry.Name.StartsWith("model.", StringComparison.Ordinal) && Names.Contains(entry.FullName.Split('/')[0])).Select(Read)];
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
