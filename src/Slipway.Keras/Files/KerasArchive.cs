using System.IO.Compression;
using System.Text.Json;
using Slipway.Core;
using Slipway.Keras.Hdf5;
using Slipway.Keras.Models;
using Slipway.Keras.Weights;

namespace Slipway.Keras.Files;

/// <summary>Reads a .keras archive: a ZIP of configuration, metadata, weights and vocabularies. Entries are looked up by name and read into memory within bounds; nothing is unpacked to disk.</summary>
internal static class KerasArchive
{
    public static KerasFile Read(Stream stream, long length)
    {
        Dictionary<string, string?> vocabularies = new(StringComparer.Ordinal);
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            Dictionary<string, ZipArchiveEntry> entries = Entries(archive);
            JsonElement metadata = entries.ContainsKey("metadata.json") ? Json(entries, "metadata.json") : default;
            JsonElement config = Json(entries, "config.json");
            if (!entries.TryGetValue("model.weights.h5", out ZipArchiveEntry? weights))
            {
                throw entries.Keys.Any(static name => name.StartsWith("model.weights", StringComparison.Ordinal))
                    ? KerasFault.NotSupported("the archive's weights are not in one 'model.weights.h5': save the model without sharding")
                    : KerasFault.Invalid("the archive has no 'model.weights.h5'");
            }

            long assetBytes = KerasLimits.AssetBytes;
            foreach ((string name, ZipArchiveEntry entry) in entries.Where(static pair => pair.Key.StartsWith("assets/", StringComparison.Ordinal) && pair.Key.EndsWith(".txt", StringComparison.Ordinal)))
            {
                vocabularies[name] = KerasFileReader.Text(Bytes(entry, assetBytes));
                assetBytes -= entry.Length;
            }

            Hdf5File file = Hdf5File.Open(Bytes(weights, Math.Min(KerasLimits.FileBytes, KerasLimits.InflatedBase + (KerasLimits.InflatedPerByte * length))));
            ConfigNode about = new(metadata, "the archive's metadata");
            return new KerasFile
            {
                Version = about.Text("keras_version", "3"),
                Backend = about.Text("backend", ""),
                Container = "keras",
                Config = config,
                Weights = model => new ArchiveWeights(file.Root, "", name => vocabularies.GetValueOrDefault(name)).OfModel(model),
            };
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the Keras archive is damaged: {fault.Message}", fault);
        }
    }

    private static Dictionary<string, ZipArchiveEntry> Entries(ZipArchive archive)
    {
        if (archive.Entries.Count > KerasLimits.ArchiveEntries)
        {
            throw KerasFault.Invalid($"the archive has more than {KerasLimits.ArchiveEntries} entries");
        }

        Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                throw KerasFault.Invalid($"the archive has two entries '{entry.FullName}'");
            }
        }

        return entries;
    }

    private static JsonElement Json(Dictionary<string, ZipArchiveEntry> entries, string name) => entries.TryGetValue(name, out ZipArchiveEntry? entry)
        ? KerasFileReader.Parse(KerasFileReader.Text(Bytes(entry, KerasLimits.ConfigBytes)), $"'{name}'")
        : throw KerasFault.Invalid($"the archive has no '{name}'");

    // The declared length bounds the allocation, and the stream must keep to it.
    private static byte[] Bytes(ZipArchiveEntry entry, long most)
    {
        if (entry.Length > most)
        {
            throw KerasFault.Invalid($"'{entry.FullName}' in the archive would have {entry.Length} bytes, more than the {most} that are plausible");
        }

        if (entry.IsEncrypted)
        {
            throw KerasFault.NotSupported("the archive is encrypted");
        }

        using Stream stream = entry.Open();
        byte[] bytes = KerasFileReader.ReadAll(stream, entry.Length);
        return bytes.Length == entry.Length && stream.ReadByte() < 0 ? bytes : throw KerasFault.Invalid($"'{entry.FullName}' in the archive has another length than it says");
    }
}
