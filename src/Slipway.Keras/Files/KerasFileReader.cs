using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Abstractions;
using Slipway.Keras.Hdf5;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Files;

/// <summary>Reads .h5 files (Keras 1 to 3) and .keras archives (Keras 2.12 and later).</summary>
internal static class KerasFileReader
{
    /// <summary>Reads a file, whichever of the two it is.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static KerasFile Read(VersionFile file)
    {
        if (file.Length > KerasLimits.FileBytes)
        {
            throw KerasFault.NotSupported($"'{file.Name}' is larger than {KerasLimits.FileBytes / 1_000_000} MB");
        }

        using Stream stream = file.OpenRead();
        return Read(stream, file.Length);
    }

    /// <summary>Reads a file of known length from a stream.</summary>
    public static KerasFile Read(Stream stream, long length)
    {
        if (!stream.CanSeek)
        {
            stream = new MemoryStream(ReadAll(stream, length), writable: false);
        }

        Span<byte> head = stackalloc byte[4];
        int read = stream.ReadAtLeast(head, 4, throwOnEndOfStream: false);
        stream.Position = 0;
        return head[..read].SequenceEqual("PK\u0003\u0004"u8)
            ? KerasArchive.Read(stream, length)
            : ReadHdf5(Hdf5File.Open(ReadAll(stream, length)));
    }

    /// <summary>Parses a configuration.</summary>
    internal static JsonElement Parse(string json, string what)
    {
        try
        {
            if (json.Length > KerasLimits.ConfigBytes)
            {
                throw KerasFault.Invalid($"{what} is larger than {KerasLimits.ConfigBytes >> 20} MiB");
            }

            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = KerasLimits.JsonDepth }).RootElement;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the Keras model is damaged: {what} is not JSON ({fault.Message})", fault);
        }
    }

    private static KerasFile ReadHdf5(Hdf5File file)
    {
        Hdf5Object root = file.Root;
        if (root.Text("model_config") is not { } config)
        {
            bool weightsOnly = root.Attributes.ContainsKey("layer_names") || root.Attributes.ContainsKey("layer_names0") || root.Find("layers") is not null || root.Find("_layer_checkpoint_dependencies") is not null;
            throw weightsOnly
                ? KerasFault.NotSupported("the file holds weights only, without the model they belong to: save the whole model with model.save(...)")
                : KerasFault.NotSupported("the HDF5 file holds no Keras model (it has no 'model_config')");
        }

        Hdf5Object weights = root.Find("model_weights") ?? throw KerasFault.Invalid("it has no weights ('model_weights')");
        return new KerasFile
        {
            Version = root.Text("keras_version") ?? weights.Text("keras_version") ?? "",
            Backend = root.Text("backend") ?? weights.Text("backend") ?? "",
            Container = "h5",
            Config = Parse(config, "its configuration"),
            Weights = _ => LegacyWeights.Read(weights),
        };
    }

    internal static byte[] ReadAll(Stream stream, long length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>UTF-8 as text, with or without a mark at its beginning.</summary>
    internal static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
}
