using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.TestKit;

/// <summary>
/// The ONNX cases of the conformance data: backend conformance tests, single models with Open Inference JSON, sequences of maps, scikit-learn
/// exports, models that must be refused. Empty where there is no data.
/// </summary>
public static class OnnxTestCases
{
    private static readonly string[] Groups = ["onnx", "perf"];
    private static readonly Lazy<Dictionary<string, (string Group, JsonElement Case)>> Manifest = new(ReadManifests);
    private static readonly Dictionary<string, Lazy<Dictionary<string, byte[]>>> Archives = new(StringComparer.Ordinal)
    {
        ["backend-tests.tar.gz"] = new(() => Unpack("onnx/backend-tests.tar.gz")),
        ["light-cnn.tar.gz"] = new(() => Unpack("onnx/light-cnn.tar.gz")),
    };

    /// <summary>Names of all cases, those that must fail among them.</summary>
    public static IReadOnlyCollection<string> Names => Assets.Root is null ? [] : Manifest.Value.Keys;

    /// <summary>Names of the cases that must be refused.</summary>
    public static IEnumerable<string> MustFailNames => Assets.Root is null ? [] : Manifest.Value.Where(pair => Kind(pair.Value.Case) == "must-fail").Select(pair => pair.Key);

    /// <summary>Names of the cases that must run.</summary>
    public static IEnumerable<string> RunnableNames => Assets.Root is null ? [] : Manifest.Value.Where(pair => Kind(pair.Value.Case) != "must-fail").Select(pair => pair.Key);

    /// <summary>Reads a case.</summary>
    public static OnnxTestCase Load(string name)
    {
        (string group, JsonElement entry) = Manifest.Value[name];
        byte[] model = Read(group, entry.GetProperty("model").GetString()!);
        return Kind(entry) switch
        {
            "pb" => FromProtobuf(name, entry, model),
            "v2json" or "maps" => FromJson(name, group, entry, model),
            "onnx-csv" => FromCsv(name, group, entry, model),
            "must-fail" => new OnnxTestCase { Name = name, Model = model, MustFail = entry.GetProperty("reason").GetString() },
            string other => throw new NotSupportedException(other),
        };
    }

    private static Dictionary<string, (string Group, JsonElement Case)> ReadManifests()
    {
        Dictionary<string, (string Group, JsonElement Case)> cases = new(StringComparer.Ordinal);
        foreach (string group in Groups)
        {
            using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Assets.PathOf($"{group}/manifest.json")));
            foreach (JsonElement entry in manifest.RootElement.GetProperty("cases").EnumerateArray())
            {
                cases.Add(entry.GetProperty("name").GetString()!, (group, entry.Clone()));
            }
        }

        return cases;
    }

    private static string Kind(JsonElement entry) => entry.GetProperty("kind").GetString()!;

    private static OnnxTestCase FromProtobuf(string name, JsonElement entry, byte[] model)
    {
        (List<string> inputs, List<string> outputs) = GraphNames(model);
        string pattern = entry.GetProperty("inputs").GetString()!;
        string archive = pattern[..pattern.IndexOf('#', StringComparison.Ordinal)];
        string folder = pattern[(archive.Length + 1)..pattern.IndexOf("/test_data_set_", StringComparison.Ordinal)] + "/test_data_set_0";
        Dictionary<string, byte[]> files = Archives[archive].Value;
        return Compared(entry, new OnnxTestCase
        {
            Name = name,
            Model = model,
            Inputs = [.. Tensors(files, folder + "/input_", inputs)],
            Expected = [.. Tensors(files, folder + "/output_", outputs)],
        });
    }

    private static IEnumerable<Tensor> Tensors(Dictionary<string, byte[]> files, string prefix, List<string> names)
    {
        for (int i = 0; i < names.Count && files.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}.pb"), out byte[]? proto); i++)
        {
            yield return OnnxTensorReader.Read(names[i], proto);
        }
    }

    // Input i of a data set belongs to the i-th graph input that is not an initializer.
    private static (List<string> Inputs, List<string> Outputs) GraphNames(byte[] model)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        HashSet<string> initializers = [];
        ReadOnlyMemory<byte> graph = ProtoFields.Of(model).First(field => field.Number == 7).Bytes;
        foreach (ProtoFields.ProtoField field in ProtoFields.Of(graph))
        {
            if (field.Number == 5)
            {
                initializers.Add(Text(field.Bytes, 8));
            }
            else if (field.Number is 11 or 12)
            {
                (field.Number == 11 ? inputs : outputs).Add(Text(field.Bytes, 1));
            }
        }

        inputs.RemoveAll(initializers.Contains);
        return (inputs, outputs);
    }

    private static string Text(ReadOnlyMemory<byte> message, int number) =>
        Encoding.UTF8.GetString(ProtoFields.Of(message).First(field => field.Number == number).Bytes.Span);

    private static OnnxTestCase FromJson(string name, string group, JsonElement entry, byte[] model)
    {
        using JsonDocument data = JsonDocument.Parse(Read(group, entry.GetProperty("inputs").GetString()!));
        List<Tensor> expected = [.. V2Json.ReadTensors(data.RootElement.GetProperty("outputs"))];
        Dictionary<string, string[]> labels = [];
        if (data.RootElement.TryGetProperty("sequence_of_maps", out JsonElement sequences))
        {
            bool numeric = data.RootElement.GetProperty("key_type").GetString() != "string";
            foreach (JsonProperty sequence in sequences.EnumerateObject())
            {
                expected.Add(FromMaps(sequence, numeric, out string[] keys));
                labels[sequence.Name] = keys;
            }
        }

        string pads = Path.Combine(Path.GetDirectoryName(Assets.PathOf($"{group}/{entry.GetProperty("model").GetString()}"))!, "Pads.bin");
        return Compared(entry, new OnnxTestCase
        {
            Name = name,
            Model = model,
            ExternalData = name.EndsWith("external_initializers", StringComparison.Ordinal) ? new Dictionary<string, byte[]> { ["Pads.bin"] = File.ReadAllBytes(pads) } : [],
            Inputs = V2Json.ReadTensors(data.RootElement.GetProperty("inputs")),
            Expected = expected,
            ExpectedLabels = labels,
        });
    }

    private static Tensor FromMaps(JsonProperty sequence, bool numeric, out string[] keys)
    {
        JsonElement[] rows = [.. sequence.Value.EnumerateArray()];
        IEnumerable<string> names = rows[0].EnumerateObject().Select(property => property.Name);
        string[] ordered = numeric
            ? [.. names.OrderBy(key => long.Parse(key, CultureInfo.InvariantCulture))]
            : [.. names.Order(StringComparer.Ordinal)];
        keys = ordered;
        float[] values = [.. rows.SelectMany(row => ordered.Select(key => row.GetProperty(key).GetSingle()))];
        return new Tensor(sequence.Name, TensorDataType.Float32, new TensorShape(rows.Length, ordered.Length), MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    // The converted model's first output is what predict gave; the second what predict_proba, else decision_function or transform gave.
    private static OnnxTestCase FromCsv(string name, string group, JsonElement entry, byte[] model)
    {
        string[] lines = Encoding.UTF8.GetString(Read(group, entry.GetProperty("inputs").GetString()!)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        float[][] rows = [.. lines.Skip(1).Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        string[] outputs = [.. entry.GetProperty("outputs").EnumerateArray().Select(output => output.GetString()!)];
        using JsonDocument data = JsonDocument.Parse(Read(group, entry.GetProperty("expected").GetString()!));
        List<Tensor> expected = [Doubles(outputs[0], data.RootElement.GetProperty("predict"))];
        string? second = new[] { "predict_proba", "decision_function", "transform" }.FirstOrDefault(key => data.RootElement.TryGetProperty(key, out _));
        if (outputs.Length > 1 && second is not null)
        {
            expected.Add(Doubles(outputs[1], data.RootElement.GetProperty(second)));
        }

        float[] flat = [.. rows.SelectMany(row => row)];
        string input = GraphNames(model).Inputs[0];
        return Compared(entry, new OnnxTestCase
        {
            Name = name,
            Model = model,
            IsLoose = true,
            Inputs = [new Tensor(input, TensorDataType.Float32, new TensorShape(rows.Length, rows[0].Length), MemoryMarshal.AsBytes<float>(flat).ToArray())],
            Expected = expected,
        });
    }

    private static Tensor Doubles(string name, JsonElement values)
    {
        List<double> flat = [];
        int rows = values.GetArrayLength();
        foreach (JsonElement row in values.EnumerateArray())
        {
            flat.AddRange(row.ValueKind == JsonValueKind.Array ? row.EnumerateArray().Select(cell => cell.GetDouble()) : [row.GetDouble()]);
        }

        return new Tensor(name, TensorDataType.Float64, new TensorShape(rows, flat.Count / rows), MemoryMarshal.AsBytes<double>(flat.ToArray()).ToArray());
    }

    private static OnnxTestCase Compared(JsonElement entry, OnnxTestCase testCase)
    {
        JsonElement tolerance = entry.GetProperty("tolerance");
        return new OnnxTestCase
        {
            Name = testCase.Name,
            Model = testCase.Model,
            ExternalData = testCase.ExternalData,
            Inputs = testCase.Inputs,
            Expected = testCase.Expected,
            ExpectedLabels = testCase.ExpectedLabels,
            IsLoose = testCase.IsLoose,
            RelativeTolerance = tolerance.GetProperty("rel").GetDouble(),
            AbsoluteTolerance = tolerance.GetProperty("abs").GetDouble(),
        };
    }

    private static byte[] Read(string group, string path)
    {
        int member = path.IndexOf('#', StringComparison.Ordinal);
        if (member >= 0)
        {
            return Archives[path[..member]].Value[path[(member + 1)..]];
        }

        byte[] bytes = File.ReadAllBytes(Assets.PathOf($"{group}/{path}"));
        if (!path.EndsWith(".gz", StringComparison.Ordinal))
        {
            return bytes;
        }

        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static Dictionary<string, byte[]> Unpack(string archive)
    {
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        using GZipStream gzip = new(File.OpenRead(Assets.PathOf(archive)), CompressionMode.Decompress);
        using TarReader tar = new(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null)
            {
                using MemoryStream content = new();
                entry.DataStream.CopyTo(content);
                files[entry.Name] = content.ToArray();
            }
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                files[entry.Name] = [];
            }
        }

        return files;
    }
}
