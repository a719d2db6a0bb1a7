using System.Text;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;

namespace Slipway.Inference.Repository;

/// <summary>Reads a model's configuration files: <c>model.yaml</c> over <c>config.pbtxt</c> over the server's defaults.</summary>
internal static class ModelSettingsReader
{
    private const int MaxShown = 10;

    /// <summary>
    /// The settings, and what is wrong with the files: then the settings are not to be used. A file that could not be read may be readable at the next look, though nothing tells of it.
    /// </summary>
    public static (ModelSettings Settings, string? Problem, bool MayPass) Read(string name, ConfigListing? config, ModelConfig defaults)
    {
        ModelSettings settings = new(defaults);
        if (config is null)
        {
            return (settings, null, false);
        }

        List<string> problems = [];
        bool mayPass = false;
        ModelFolder folder = new(config.Folder);
        if (config.Find(ModelFileNames.Triton) is { } triton)
        {
            settings = ReadFile(triton, folder, problems, ref mayPass, settings, (text, reader) => TritonConfig.Read(text, name, settings, folder, reader));
        }

        if (config.Find(ModelFileNames.Yaml) is { } yaml)
        {
            settings = ReadFile(yaml, folder, problems, ref mayPass, settings, (text, reader) => ModelYaml.Read(text, settings, folder, reader));
        }

        return (settings, problems.Count == 0 ? null : string.Join("; ", problems.Take(MaxShown)) + (problems.Count > MaxShown ? "; …" : ""), mayPass);
    }

    private static ModelSettings ReadFile(
        ListedFile file, ModelFolder folder, List<string> problems, ref bool mayPass, ModelSettings before, Func<string, ConfigReader, ModelSettings> read)
    {
        try
        {
            // Triton allows an empty file: everything is found out from the model.
            string text = file.Length == 0 ? "" : Encoding.UTF8.GetString(folder.ReadBytes(file.Name));
            ConfigReader reader = new();
            ModelSettings settings = read(text.TrimStart('\uFEFF'), reader);
            problems.AddRange(reader.Problems.Select(problem => $"{file.Name}: {problem}"));
            return settings;
        }
        catch (SlipwayException fault)
        {
            problems.Add($"{file.Name}: {fault.Message}");
            mayPass |= fault.InnerException is IOException or UnauthorizedAccessException;
            return before;
        }
    }
}
