using Slipway.Core;
using Slipway.Inference.Configuration;

namespace Slipway.Server.Registry.Declarations;

/// <summary>What ought to be in a registry, as files of a repository say it; docs/registry.md shows the form.</summary>
public static class RegistryDeclaration
{
    private const int MaxBytes = 4 << 20;
    private const int MaxDeclarations = 1000;

    /// <summary>Reads a file, or every <c>.yaml</c> and <c>.yml</c> file of a folder.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, naming every fault of a file.</exception>
    public static IReadOnlyList<DeclaredModel> Read(string path)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Where(static file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal).Take(MaxDeclarations)]
            : File.Exists(path) ? [path] : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"there is no file or folder '{path}'");
        if (files.Length == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"the folder '{path}' has no .yaml file");
        }

        List<DeclaredModel> models = [];
        foreach (string file in files)
        {
            foreach (DeclaredModel model in ReadFile(file))
            {
                models.Add(models.All(other => other.Name != model.Name)
                    ? model
                    : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: model '{model.Name}' is declared in more than one file"));
            }
        }

        return models;
    }

    private static List<DeclaredModel> ReadFile(string file)
    {
        if (new FileInfo(file).Length > MaxBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: more than {MaxBytes} bytes");
        }

        if (!YamlText.TryParse(File.ReadAllText(file), out ConfigNode? root, out ConfigProblem? problem))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: {problem}");
        }

        ConfigReader reader = new();
        ConfigMapping document = reader.Begin(root);
        List<DeclaredModel> models = [];
        if (document.TryGet("models", out ConfigValue declared) && declared.AsMapping() is { } byName)
        {
            foreach ((string name, ConfigValue value) in byName.All())
            {
                if (value.AsMapping() is { } model)
                {
                    models.Add(ReadModel(name, model, Path.GetDirectoryName(Path.GetFullPath(file))!));
                }
            }
        }

        document.Finish();
        if (reader.IsClean && models.Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: it declares nothing: 'models' was expected");
        }

        return reader.IsClean ? models : throw new SlipwayException(ErrorCode.InvalidConfiguration, $"{file}: {string.Join("; ", reader.Problems)}");
    }

    private static DeclaredModel ReadModel(string name, ConfigMapping mapping, string folder)
    {
        DeclaredModel model = new(name)
        {
            Description = mapping.GetObject("description", static value => value.AsText(), null),
            Tags = Texts(mapping, "tags"),
            Aliases = Texts(mapping, "aliases"),
            Versions = mapping.GetObject("versions", value => ReadVersions(value, folder), []),
        };
        mapping.Finish();
        foreach ((string alias, string target) in model.Aliases)
        {
            if (!target.All(char.IsAsciiDigit) && model.Versions.All(version => version.Path != target) && mapping.TryGet("aliases", out ConfigValue aliases))
            {
                aliases.Refuse($"{alias}: the number of a version, or the path of one of 'versions', is expected, not '{target}'");
            }
        }

        return model;
    }

    private static List<DeclaredVersion>? ReadVersions(ConfigValue list, string folder)
    {
        if (list.AsList() is not { } items)
        {
            return null;
        }

        List<DeclaredVersion> versions = [];
        foreach (ConfigValue item in items)
        {
            if (item.AsMapping() is not { } mapping)
            {
                continue;
            }

            string path = mapping.GetObject("path", static value => value.AsText(), "") ?? "";
            versions.Add(new DeclaredVersion(path, Path.GetFullPath(path, folder))
            {
                Description = mapping.GetObject("description", static value => value.AsText(), null),
                Tags = Texts(mapping, "tags"),
                Parameters = Texts(mapping, "parameters"),
                Metrics = ReadMetrics(mapping),
                RunId = mapping.GetObject("run", static value => value.AsText(), null),
                TrainingData = mapping.GetObject("trainingData", static value => value.AsText(), null),
            });
            if (path.Length == 0)
            {
                item.Refuse("path: the version's file or folder is expected");
            }
            else if (versions.Count(version => version.Path == path) > 1)
            {
                item.Refuse($"path: '{path}' is declared twice");
            }

            mapping.Finish();
        }

        return versions;
    }

    private static Dictionary<string, double> ReadMetrics(ConfigMapping mapping)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        if (mapping.TryGet("metrics", out ConfigValue value) && value.AsMapping() is { } given)
        {
            foreach ((string key, ConfigValue metric) in given.All())
            {
                metrics[key] = metric.AsDouble() ?? 0;
            }
        }

        return metrics;
    }

    private static IReadOnlyDictionary<string, string> Texts(ConfigMapping mapping, string key) =>
        mapping.GetObject(key, static value => value.AsTextMap(), new Dictionary<string, string>());
}
