using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Formats.Conversion;
using Slipway.TestKit;

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
        await using (StreamWriter text = File.CreateText(file))
        {
            LightGbmModels.WriteForest(text, trees: 100, Leaves);
        }

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
}
