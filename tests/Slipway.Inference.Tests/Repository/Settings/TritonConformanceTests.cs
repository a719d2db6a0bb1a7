using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Inference.Repository.Files;
using Slipway.Inference.Repository.Settings;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository.Settings;

/// <summary>Triton's own configuration tests: what must fail there has to be flagged here, what must work has to be read without a problem.</summary>
public sealed class TritonConformanceTests
{
    // These fail in Triton when the configuration meets the model; the file alone is fine. Declared signatures are compared when the model is loaded.
    private static readonly HashSet<string> NeedTheModel =
    [
        "config/autofill_noplatform/onnx/bad_input_dims",
        "config/autofill_noplatform/onnx/too_few_inputs",
        "config/autofill_noplatform/onnx/unknown_output",
    ];

    // Served by Triton, refused here by design.
    private static readonly HashSet<string> RefusedHere = ["config/autofill_noplatform_success/ensemble/inconsistent_shape"];

    [Fact]
    public void Configurations_are_flagged_where_Triton_flags_them()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        Dictionary<string, string> files = ReadArchive(Assets.PathOf("triton-repository/model-config.tar.gz"));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Assets.PathOf("triton-repository/manifest.json")));
        List<string> wrong = [];
        int checkedCases = 0;
        foreach (JsonElement test in manifest.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = test.GetProperty("name").GetString()!;
            string kind = test.GetProperty("kind").GetString()!;
            if (kind == "repository")
            {
                continue;
            }

            string prefix = test.GetProperty("model").GetString()!.Split('#')[1] + "/";
            IReadOnlyList<ConfigProblem> problems =
                [.. files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal) && file.Key.EndsWith("config.pbtxt", StringComparison.Ordinal)).SelectMany(Read)];
            bool expected = (kind == "config-error" && !NeedTheModel.Contains(name)) || RefusedHere.Contains(name);
            if (problems.Count > 0 != expected)
            {
                wrong.Add($"{name}: {(expected ? "nothing was flagged" : string.Join("; ", problems))}");
            }

            checkedCases++;
        }

        Assert.Empty(wrong);
        Assert.Equal(37, checkedCases);
    }

    [Fact]
    public void The_reason_is_the_one_that_Triton_gives_where_the_feature_is_served_here()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        Dictionary<string, string> files = ReadArchive(Assets.PathOf("triton-repository/model-config.tar.gz"));
        foreach ((string folder, string expected) in new[]
        {
            ("missing_datatype", "a data type is expected"),
            ("preserve_ordering0", "only one priority level is allowed"),
            ("priority_level0", "'0' is no level from 1 to 3"),
            ("reshape_elementcount1", "different numbers of elements"),
            ("reshape_nobatch_empty0", "can't become a scalar"),
            ("reshape_nobatch_variable1", "different numbers of"),
            ("reshape_nobatch_variable4", "different numbers of dimensions of any size"),
            ("reshape_nobatch_zerodims1", "every dimension must be 1 or more"),
            ("reshape_variable2", "different numbers of elements"),
            ("reshape_variable5", "different numbers of dimensions of any size"),
            ("zerodims_input0", "every dimension must be 1 or more"),
            ("zerodims_output1", "every dimension must be 1 or more"),
            ("ensemble_scheduling_set", "ensembles are not served"),
        })
        {
            string path = $"noautofill_platform/{folder}/config.pbtxt";
            Assert.Contains(expected, string.Join('\n', Read(new(path, files[path]))), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("simple")]
    [InlineData("simple_string")]
    public void The_example_repository_is_read_without_a_problem(string name)
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        string text = File.ReadAllText(Assets.PathOf($"triton-repository/model_repository/{name}/config.pbtxt"));

        ConfigReader reader = new();
        ModelSettings settings = TritonConfig.Read(text, name, new ModelSettings(ModelConfig.Default), ModelFolder.None, reader);

        Assert.Empty(reader.Problems);
        Assert.Empty(settings.Notices);
        Assert.Equal((8, new TensorShape(-1, 16)), (settings.Config.MaxBatchSize, settings.Config.DeclaredInputs[0].Shape));
    }

    private static IReadOnlyList<ConfigProblem> Read(KeyValuePair<string, string> file)
    {
        ConfigReader reader = new();
        string name = Path.GetFileName(Path.GetDirectoryName(file.Key))!;
        TritonConfig.Read(file.Value, name, new ModelSettings(ModelConfig.Default), ModelFolder.None, reader);
        return reader.Problems;
    }

    private static Dictionary<string, string> ReadArchive(string path)
    {
        Dictionary<string, string> files = [];
        using GZipStream unpacked = new(File.OpenRead(path), CompressionMode.Decompress);
        using TarReader tar = new(unpacked);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                using StreamReader text = new(entry.DataStream);
                files[entry.Name.TrimStart('.', '/')] = text.ReadToEnd();
            }
        }

        return files;
    }
}
