using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Onnx.Building;
using Slipway.TensorFlow.Drafting;
using Slipway.TensorFlow.Evaluation;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.Operators.State;

/// <summary>Lookup tables: frozen to what they are initialised or restored with.</summary>
internal static class TableOperators
{
    private const string WhileLoading = "while loading only";

    public static IEnumerable<KnownOperator> All { get; } =
    [
        .. new[] { "HashTable", "HashTableV2", "MutableHashTable", "MutableHashTableV2", "MutableHashTableOfTensors" }.Select(static name => new KnownOperator(name, Handle)),
        KnownOperator.Of("LookupTableFind", Find),
        KnownOperator.Of("LookupTableFindV2", Find),
        KnownOperator.Of("LookupTableSize", Size),
        KnownOperator.Of("LookupTableSizeV2", Size),
        .. new[] { "LookupTableImport", "LookupTableImportV2", "InitializeTable", "InitializeTableV2" }.Select(static name => new KnownOperator(name, Import, WhileLoading)),
        .. new[] { "InitializeTableFromTextFile", "InitializeTableFromTextFileV2" }.Select(static name => new KnownOperator(name, ImportFile, WhileLoading)),
    ];

    private static IReadOnlyList<Value> Handle(OperatorCall call)
    {
        // A shared name may be left over from another program; the node's own name tells tables of one graph apart where it is empty.
        string shared = call.Attribute("shared_name", "");
        LookupTable table = call.Evaluator.Resources.Table(shared.Length > 0 ? shared : call.Frame.Path + call.Node.Name);
        (table.KeyType, table.ValueType) = (call.Value("key_dtype")?.Type, call.Value("value_dtype")?.Type);
        return [new TableValue(table)];
    }

    private static IReadOnlyList<Value> Import(OperatorCall call)
    {
        Filling(call).Import(call.Constant(1, "list of keys"), call.Constant(2, "list of values"));
        return [call.Inputs[0]];
    }

    private static IReadOnlyList<Value> ImportFile(OperatorCall call)
    {
        string file = call.Constant(1, "file name").Strings is [{ } name] ? Encoding.UTF8.GetString(name) : throw new SlipwayException(ErrorCode.InvalidModel, "its file name is not one string");
        VocabularyFile vocabulary = new(call.Evaluator.Resources.Asset(file), file)
        {
            KeyColumn = call.Attribute("key_index", -2L),
            ValueColumn = call.Attribute("value_index", -1L),
            MaxLines = call.Attribute("vocab_size", -1L),
            SkippedLines = call.Attribute("offset", 0L),
            Delimiter = call.Attribute("delimiter", "\t"),
        };
        LookupTable table = Filling(call);
        (TensorData keys, TensorData values) = vocabulary.Read(table.KeyType, table.ValueType);
        table.Import(keys, values);
        return [call.Inputs[0]];
    }

    private static LookupTable Filling(OperatorCall call) => !call.Evaluator.IsInitializing
        ? throw OperatorCall.NotSupported("it changes a table, and a served model must not")
        : call.Inputs[0] is TableValue { Table: { } table } ? table : throw OperatorCall.NotSupported("its first input is no table");

    private static (LookupTable Table, TensorData Keys, TensorData Values) Filled(OperatorCall call) => call.Inputs[0] is TableValue { Table: { } table }
        ? (table, table.Keys ?? throw OperatorCall.NotSupported($"table '{table.Name}' is not filled with fixed keys when the model is loaded"), table.Values!)
        : throw OperatorCall.NotSupported("its first input is no table");

    private static Term Size(OperatorCall call) => call.Draft.Scalar(Filled(call).Keys.Count, OnnxDataType.Int64);

    private static Term Find(OperatorCall call)
    {
        Draft draft = call.Draft;
        (LookupTable table, TensorData keys, TensorData values) = Filled(call);
        Term asked = call.Tensor(1);
        TensorData absent = call.Constant(2, "default value");
        if (keys.Count != values.Count || absent.Count != 1)
        {
            throw OperatorCall.NotSupported($"table '{table.Name}' has values of several numbers each");
        }

        OnnxDataType type = absent.Type.ToOnnx();
        Term wide = asked.Type == OnnxDataType.String ? asked : draft.Long(asked);
        if (keys.Count == 0)
        {
            return draft.Expand(call.Tensor(2), draft.Shape(asked));
        }

        OnnxDataType encoded = type is OnnxDataType.String or OnnxDataType.Float ? type : OnnxDataType.Int64;
        if (type is not (OnnxDataType.String or OnnxDataType.Float) && !type.IsInteger() && type != OnnxDataType.Bool)
        {
            throw OperatorCall.NotSupported($"values of {type} are not converted");
        }

        return draft.Cast(draft.MlNode("LabelEncoder", [wide], encoded, asked.Shape, [Keys(keys), .. Values(values, absent)]), type);
    }

    private static NodeAttribute Keys(TensorData keys) => keys.Strings is { } strings
        ? NodeAttribute.Of("keys_strings", [.. strings.Select(Encoding.UTF8.GetString)])
        : NodeAttribute.Of("keys_int64s", keys.ToIntegers() ?? throw OperatorCall.NotSupported($"keys of {keys.Type.ToDisplayName()} are not converted"));

    private static NodeAttribute[] Values(TensorData values, TensorData absent)
    {
        if (values.Strings is { } strings)
        {
            return [NodeAttribute.Of("values_strings", [.. strings.Select(Encoding.UTF8.GetString)]), NodeAttribute.Of("default_string", Encoding.UTF8.GetString(absent.Strings![0]))];
        }

        if (values.ToIntegers() is { } integers)
        {
            return [NodeAttribute.Of("values_int64s", integers), NodeAttribute.Of("default_int64", absent.ToIntegers()![0])];
        }

        float[] numbers = [.. values.ToDoubles()!.Select(static value => (float)value)];
        return [NodeAttribute.Of("values_floats", numbers), NodeAttribute.Of("default_float", (float)absent.ToDoubles()![0])];
    }

    /// <summary>A file with an entry on each line.</summary>
    private sealed class VocabularyFile(byte[] content, string name)
    {
        private const long WholeLine = -2;
        private const long LineNumber = -1;

        public long KeyColumn { get; init; }

        public long ValueColumn { get; init; }

        public long MaxLines { get; init; }

        public long SkippedLines { get; init; }

        public required string Delimiter { get; init; }

        /// <summary>The entries. A column whose type is not said is text when it is the whole line, a number when it counts lines.</summary>
        public (TensorData Keys, TensorData Values) Read(TensorFlowType? keyType, TensorFlowType? valueType)
        {
            string[] lines = [.. Encoding.UTF8.GetString(content).TrimEnd('\n').Split('\n').Select(static line => line.TrimEnd('\r')).Skip((int)SkippedLines)];
            lines = content.Length == 0 ? [] : MaxLines >= 0 ? [.. lines.Take((int)MaxLines)] : lines;
            return (Column(lines, KeyColumn, keyType), Column(lines, ValueColumn, valueType));
        }

        private TensorData Column(string[] lines, long column, TensorFlowType? type)
        {
            if (column == LineNumber)
            {
                return TensorData.Of([.. Enumerable.Range(0, lines.Length).Select(i => i + SkippedLines)]);
            }

            string[] cells = [.. lines.Select(line => Cell(line, column))];
            PartialShape shape = new(cells.Length);
            return type is null or TensorFlowType.String
                ? new TensorData(shape, [.. cells.Select(Encoding.UTF8.GetBytes)])
                : TensorData.Of([.. cells.Select(cell => long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new SlipwayException(ErrorCode.InvalidModel, $"'{cell}' in '{name}' is no integer"))]);
        }

        private string Cell(string line, long column)
        {
            if (column == WholeLine)
            {
                return line;
            }

            string[] cells = line.Split(Delimiter);
            return column >= 0 && column < cells.Length ? cells[column] : throw new SlipwayException(ErrorCode.InvalidModel, $"a line of '{name}' has no column {column}");
        }
    }
}
