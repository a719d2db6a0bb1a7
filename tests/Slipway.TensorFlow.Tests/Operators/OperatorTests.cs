using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Core;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;
using Slipway.TensorFlow.Operators;
using Slipway.TestKit;
using Slipway.TestKit.Fakes;

namespace Slipway.TensorFlow.Tests.Operators;

/// <summary>Each operator through the real engine, against what NumPy computed from the operator's documentation (operators.py, beside this file).</summary>
public sealed class OperatorTests
{
    private const double DefaultTolerance = 2e-5;

    private static readonly JsonDocument Cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests/Slipway.TensorFlow.Tests/Operators/operators.json")));

    public static TheoryData<string, string> Names
    {
        get
        {
            TheoryData<string, string> names = [];
            foreach (JsonElement item in Cases.RootElement.EnumerateArray())
            {
                string name = item.GetProperty("name").GetString()!;
                names.Add(name, "known sizes");
                if (!item.TryGetProperty("staticOnly", out _) && FedShape(item) is { Length: > 0 })
                {
                    names.Add(name, "open batch");
                }
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Operator_computes_what_NumPy_does(string name, string sizes)
    {
        JsonElement item = Cases.RootElement.EnumerateArray().First(item => item.GetProperty("name").GetString() == name);
        GraphWriter graph = new();
        List<Tensor> fed = [];
        List<(string, string, TensorFlowType, long[]?)> inputs = [];
        List<string> references = [];
        int index = 0;
        foreach (JsonElement input in item.GetProperty("inputs").EnumerateArray())
        {
            string node = "in" + index++;
            (TensorFlowType type, long[] shape, byte[] raw, string[] strings) = Read(input);
            references.Add(node);
            if (input.GetProperty("const").GetBoolean())
            {
                _ = type == TensorFlowType.String ? graph.Text(node, strings, shape) : graph.Constant(node, type, shape, raw);
                continue;
            }

            long[] declared = sizes == "open batch" && shape.Length > 0 ? [-1, .. shape[1..]] : shape;
            graph.Node(node, "Placeholder", [], ("dtype", GraphWriter.Attribute.Type(type)), ("shape", GraphWriter.Attribute.Shape(declared)));
            inputs.Add((node, node + ":0", type, declared));
            fed.Add(type == TensorFlowType.String ? Strings(node, shape, strings) : new Tensor(node, DataTypeOf(type), new TensorShape(shape), raw));
        }

        graph.Node("node", item.GetProperty("op").GetString()!, [.. references], [.. item.GetProperty("attrs").EnumerateObject().Select(Attribute)]);
        JsonElement[] expected = [.. item.GetProperty("outputs").EnumerateArray()];
        graph.Signature("serving_default", [.. inputs], [.. expected.Select((output, i) => ($"out{i}", $"node:{i}", TypeOf(output), (long[]?)null))]);

        using ILoadedModel model = await Engine.LoadAsync(graph.Convert());
        Tensor[] outputs = Engine.Run(model, fed);

        double tolerance = item.TryGetProperty("tolerance", out JsonElement given) ? given.GetDouble() : DefaultTolerance;
        for (int i = 0; i < expected.Length; i++)
        {
            (TensorFlowType type, long[] shape, byte[] raw, string[] strings) = Read(expected[i]);
            Tensor wanted = type == TensorFlowType.String ? Strings($"out{i}", shape, strings) : new Tensor($"out{i}", DataTypeOf(type), new TensorShape(shape), raw);
            Assert.Null(TensorComparison.Difference(wanted, Assert.Single(outputs, output => output.Name == $"out{i}"), tolerance, tolerance));
        }
    }

    [Fact]
    public void Nearly_every_operator_has_a_case()
    {
        // Operators that need more than one node, or files, have tests of their own.
        string[] elsewhere =
        [
            "AccumulateNV2", "Assign", "BatchFunction", "AssignVariableOp", "BiasAddV1", "CheckNumericsV2", "ConjugateTranspose", "Const", "Conv3DBackpropInputV2", "DeepCopy", "HashTable", "HashTableV2",
            "IdentityN", "InitializeTable", "InitializeTableFromTextFile", "InitializeTableFromTextFileV2", "InitializeTableV2", "IsVariableInitialized", "LookupTableFind",
            "LookupTableFindV2", "LookupTableImport", "LookupTableImportV2", "LookupTableSize", "LookupTableSizeV2", "Merge", "MutableHashTable", "MutableHashTableOfTensors",
            "MutableHashTableV2", "NoOp", "ParallelConcat", "ParseExample", "ParseExampleV2", "PartitionedCall", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault",
            "ReadVariableOp", "RefIdentity", "RefMerge", "RefSwitch", "ResourceGather", "ResourceGatherNd", "RestoreV2", "ShapeN", "StatefulPartitionedCall", "Switch", "TopK",
            "VarHandleOp", "VarIsInitializedOp", "Variable", "VariableShape", "VariableV2", "If", "StatelessIf", "Case", "StatelessCase", "While", "StatelessWhile", "EmptyTensorList",
            "TensorListElementShape", "TensorListFromTensor", "TensorListGather", "TensorListGetItem", "TensorListLength", "TensorListPushBack", "TensorListReserve", "TensorListSetItem",
            "TensorListStack", "TensorArrayV3", "TensorArrayScatterV3", "TensorArrayReadV3", "TensorArrayWriteV3", "TensorArrayGatherV3", "TensorArraySizeV3", "TensorArrayCloseV3",
        ];
        HashSet<string> covered = [.. Cases.RootElement.EnumerateArray().Select(static item => item.GetProperty("op").GetString()!), .. elsewhere];

        Assert.DoesNotContain(KnownOperators.All.All.Select(static known => known.Name), name => !covered.Contains(name));
    }

    private static long[]? FedShape(JsonElement item)
    {
        JsonElement fed = item.GetProperty("inputs").EnumerateArray().FirstOrDefault(static input => !input.GetProperty("const").GetBoolean());
        return fed.ValueKind == JsonValueKind.Undefined ? null : [.. fed.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())];
    }

    private static (string Name, Action<ProtoWriter> Value) Attribute(JsonProperty attribute)
    {
        JsonProperty value = attribute.Value.EnumerateObject().First();
        return (attribute.Name, value.Name switch
        {
            "i" => GraphWriter.Attribute.Integer(value.Value.GetInt64()),
            "f" => GraphWriter.Attribute.Number(value.Value.GetSingle()),
            "b" => GraphWriter.Attribute.Flag(value.Value.GetBoolean()),
            "s" => GraphWriter.Attribute.Text(value.Value.GetString()!),
            "type" => GraphWriter.Attribute.Type(Enum.Parse<TensorFlowType>(value.Value.GetString()![3..], ignoreCase: true)),
            "shape" => GraphWriter.Attribute.Shape([.. value.Value.EnumerateArray().Select(static size => size.GetInt64())]),
            "li" => GraphWriter.Attribute.Integers([.. value.Value.EnumerateArray().Select(static number => number.GetInt64())]),
            "ls" => GraphWriter.Attribute.Texts([.. value.Value.EnumerateArray().Select(static text => text.GetString()!)]),
            "lf" => GraphWriter.Attribute.Numbers([.. value.Value.EnumerateArray().Select(static number => number.GetSingle())]),
            var other => throw new NotSupportedException(other),
        });
    }

    private static TensorFlowType TypeOf(JsonElement tensor) => Enum.Parse<TensorFlowType>(tensor.GetProperty("dtype").GetString()![3..], ignoreCase: true);

    private static (TensorFlowType Type, long[] Shape, byte[] Raw, string[] Strings) Read(JsonElement tensor)
    {
        TensorFlowType type = TypeOf(tensor);
        long[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt64())];
        JsonElement[] data = [.. tensor.GetProperty("data").EnumerateArray()];
        byte[] raw = type switch
        {
            TensorFlowType.Float => MemoryMarshal.AsBytes<float>(Array.ConvertAll(data, static value => (float)Number(value))).ToArray(),
            TensorFlowType.Double => MemoryMarshal.AsBytes<double>(Array.ConvertAll(data, Number)).ToArray(),
            TensorFlowType.Int32 => MemoryMarshal.AsBytes<int>(Array.ConvertAll(data, static value => value.GetInt32())).ToArray(),
            TensorFlowType.Int64 => MemoryMarshal.AsBytes<long>(Array.ConvertAll(data, static value => value.GetInt64())).ToArray(),
            TensorFlowType.Bool => Array.ConvertAll(data, static value => value.GetBoolean() ? (byte)1 : (byte)0),
            TensorFlowType.UInt8 => Array.ConvertAll(data, static value => value.GetByte()),
            _ => [],
        };
        return (type, shape, raw, type == TensorFlowType.String ? Array.ConvertAll(data, static value => value.GetString()!) : []);
    }

    private static double Number(JsonElement value) => value.ValueKind != JsonValueKind.String
        ? value.GetDouble()
        : value.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN };

    private static TensorDataType DataTypeOf(TensorFlowType type) => type switch
    {
        TensorFlowType.Float => TensorDataType.Float32,
        TensorFlowType.Double => TensorDataType.Float64,
        TensorFlowType.Int32 => TensorDataType.Int32,
        TensorFlowType.Int64 => TensorDataType.Int64,
        TensorFlowType.Bool => TensorDataType.Bool,
        TensorFlowType.UInt8 => TensorDataType.UInt8,
        _ => throw new NotSupportedException(type.ToString()),
    };

    private static Tensor Strings(string name, long[] shape, string[] values) => TestTensors.Strings(name, shape, values);
}
