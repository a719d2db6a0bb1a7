using System.Globalization;
using System.IO.Compression;
using System.Text;
using Slipway.TestKit;

namespace Slipway.Bench.Models;

/// <summary>The models of the measurements, unpacked into a folder of this run.</summary>
internal sealed class BenchModels
{
    private readonly string _folder;

    public BenchModels(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Mlp = new BenchModel("mlp", Asset("perf/mlp_30_64_1.onnx"), "input", [30]);
        Forest = new BenchModel("forest", Asset("perf/sklearn-onnx/rf100_breast_cancer.onnx"), "X", [30]);
        Mobilenet = new BenchModel("mobilenet", Asset("perf/mobilenet_v2.onnx"), "input", [3, 224, 224]);
        Resnet = new BenchModel("resnet18", Asset("perf/resnet18.onnx.gz"), "input", [3, 224, 224]);
        Wide = new BenchModel("wide", WideMlp.Write(Path.Combine(folder, "wide.onnx")), "input", [512]);
    }

    /// <summary>30-64-1, some microseconds a run.</summary>
    public BenchModel Mlp { get; }

    /// <summary>100 trees.</summary>
    public BenchModel Forest { get; }

    /// <summary>A convolutional network, some milliseconds a run.</summary>
    public BenchModel Mobilenet { get; }

    /// <summary>A larger one.</summary>
    public BenchModel Resnet { get; }

    /// <summary>512-2048-2048-8: its weights don't fit the caches, so that rows together cost little more than one.</summary>
    public BenchModel Wide { get; }

    /// <summary>One of many small models that do the same with different bytes, so that they share nothing.</summary>
    public BenchModel Variant(int number)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"m{number:000}");
        string file = Path.Combine(_folder, name + ".onnx");
        if (!File.Exists(file))
        {
            // Field 6 of a ModelProto is its documentation; of a field that comes twice the last counts.
            File.WriteAllBytes(file, [.. File.ReadAllBytes(Mlp.File), 0x32, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)]);
        }

        return Mlp with { Name = name, File = file };
    }

    /// <summary>Makes a model repository of some models, with a <c>model.yaml</c> where one is given.</summary>
    public string Repository(string name, params IReadOnlyList<(BenchModel Model, string? Yaml)> models)
    {
        string repository = Path.Combine(_folder, name);
        foreach ((BenchModel model, string? yaml) in models)
        {
            string version = Directory.CreateDirectory(Path.Combine(repository, model.Name, "1")).FullName;
            File.Copy(model.File, Path.Combine(version, "model.onnx"), overwrite: true);
            if (yaml is not null)
            {
                File.WriteAllText(Path.Combine(repository, model.Name, "model.yaml"), yaml);
            }
        }

        return repository;
    }

    private string Asset(string relative)
    {
        string path = Assets.PathOf(relative);
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return path;
        }

        string unpacked = Path.Combine(_folder, Path.GetFileNameWithoutExtension(path));
        using GZipStream source = new(File.OpenRead(path), CompressionMode.Decompress);
        using FileStream target = File.Create(unpacked);
        source.CopyTo(target);
        return unpacked;
    }
}
