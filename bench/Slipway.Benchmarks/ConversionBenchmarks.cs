using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Conversion;

namespace Slipway.Benchmarks;

/// <summary>
/// A forest of 100 trees from its file to ONNX, and from what was kept of it: conversion has to stay below a second, and reading what was kept well below that.
/// </summary>
[MemoryDiagnoser]
public class ConversionBenchmarks : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
    private readonly ModelPreparer _preparer = new(ModelFormats.Default);
    private ModelPreparer _keeping = null!;
    private StandaloneModel _artifact = null!;

    /// <summary>Leaves of each tree.</summary>
    [Params(31, 1023)]
    public int Leaves { get; set; }

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        string file = Path.Combine(_folder, "model.txt");
        await File.WriteAllTextAsync(file, Forest(100, Leaves));
        _artifact = StandaloneModel.Open(file);
        ConvertedModelOptions options = new() { Folder = Path.Combine(_folder, "converted") };
        _keeping = new ModelPreparer(ModelFormats.Default, new ConvertedModelCache(Options.Create(options), TimeProvider.System, NullLogger<ConvertedModelCache>.Instance));
        (await _keeping.PrepareAsync(_artifact, CancellationToken.None)).Dispose();
    }

    [Benchmark(Baseline = true)]
    public async Task<long> Convert()
    {
        using PreparedModel model = await _preparer.PrepareAsync(_artifact, CancellationToken.None);
        return model.Model.Length;
    }

    [Benchmark]
    public async Task<long> Kept()
    {
        using PreparedModel model = await _keeping.PrepareAsync(_artifact, CancellationToken.None);
        return model.Model.Length;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // Balanced trees in LightGBM's text form, thresholds from a fixed seed.
    private static string Forest(int trees, int leaves)
    {
        Random random = new(42);
        StringBuilder text = new("tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=29\nobjective=binary sigmoid:1\n\n");
        int branches = leaves - 1;
        for (int tree = 0; tree < trees; tree++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Tree={tree}\nnum_leaves={leaves}\nnum_cat=0\n");
            Line("split_feature", branches, _ => random.Next(30).ToString(CultureInfo.InvariantCulture));
            Line("threshold", branches, _ => random.NextDouble().ToString("R", CultureInfo.InvariantCulture));
            Line("decision_type", branches, static _ => "2");
            Line("left_child", branches, i => Child((2 * i) + 1));
            Line("right_child", branches, i => Child((2 * i) + 2));
            Line("leaf_value", leaves, _ => (random.NextDouble() - 0.5).ToString("R", CultureInfo.InvariantCulture));
            text.Append("shrinkage=1\n\n");
        }

        return text.Append("end of trees\n").ToString();

        string Child(int node) => (node < branches ? node : ~(node - branches)).ToString(CultureInfo.InvariantCulture);

        void Line(string name, int count, Func<int, string> value) => text.Append(name).Append('=').AppendJoin(' ', Enumerable.Range(0, count).Select(value)).Append('\n');
    }
}
