using System.Text;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;

namespace Slipway.Inference.Repository;

/// <summary>Reads <c>model.yaml</c> and <c>config.pbtxt</c> out of a version's own files, for sources whose models have no folder.</summary>
public static class ArtifactSettings
{
    private const int MaxShown = 10;

    /// <summary>The settings, and what is wrong with the files: then the settings are the defaults.</summary>
    /// <param name="artifact">The version.</param>
    /// <param name="defaults">What holds where the files say nothing.</param>
    public static (ModelSettings Settings, string? Problem) Read(ModelArtifact artifact, ModelConfig defaults)
    {
        ModelSettings settings = new(defaults);
        ConfigReader reader = new();
        ModelFolder folder = new(artifact);
        try
        {
            if (Has(artifact, ModelFileNames.Triton))
            {
                settings = TritonConfig.Read(TextOf(folder, ModelFileNames.Triton), null, settings, folder, reader);
            }

            if (Has(artifact, ModelFileNames.Yaml))
            {
                settings = ModelYaml.Read(TextOf(folder, ModelFileNames.Yaml), settings, folder, reader);
            }
        }
        catch (SlipwayException fault)
        {
            return (new ModelSettings(defaults), fault.Message);
        }

        return reader.IsClean ? (settings, null) : (new ModelSettings(defaults), string.Join("; ", reader.Problems.Take(MaxShown)));
    }

    // Triton allows an empty file: everything is found out from the model.
    private static bool Has(ModelArtifact artifact, string name) => artifact.Files.Any(file => file.Name == name && file.Length > 0);

    private static string TextOf(ModelFolder folder, string name) => Encoding.UTF8.GetString(folder.ReadBytes(name)).TrimStart('\uFEFF');
}
