using System.Collections.Frozen;

namespace Slipway.TensorFlow.TextForm;

/// <summary>How a value is encoded.</summary>
internal enum FieldKind
{
    Integer,
    Float,
    Double,
    Bool,
    Bytes,
    Enumeration,
    Message,
}

/// <summary>A field of a message.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">How its values are encoded.</param>
/// <param name="Message">Of a message: its type.</param>
internal sealed record MessageField(int Number, FieldKind Kind, string Message);

/// <summary>
/// The messages of a SavedModel (tensorflow/core/protobuf and tensorflow/core/framework), as far as they are read. Fields that are not named here are skipped in a file.
/// </summary>
internal static class MessageSchema
{
    /// <summary>Type of the whole file.</summary>
    public const string Root = "SavedModel";

    private const string Text = """
        SavedModel: saved_model_schema_version=1 int, meta_graphs=2 MetaGraphDef
        MetaGraphDef: meta_info_def=1 MetaInfoDef, graph_def=2 GraphDef, saver_def=3 SaverDef, collection_def=4 CollectionEntry, signature_def=5 SignatureEntry, asset_file_def=6 AssetFileDef
        MetaInfoDef: meta_graph_version=1 bytes, tags=4 bytes, tensorflow_version=5 bytes, tensorflow_git_version=6 bytes, stripped_default_attrs=7 bool
        SaverDef: filename_tensor_name=1 bytes, save_tensor_name=2 bytes, restore_op_name=3 bytes, max_to_keep=4 int, sharded=5 bool, keep_checkpoint_every_n_hours=6 float, version=7 enum
        CollectionEntry: key=1 bytes, value=2 CollectionDef
        CollectionDef: node_list=1 NodeList, bytes_list=2 BytesList, int64_list=3 Int64List, float_list=4 FloatList
        NodeList: value=1 bytes
        BytesList: value=1 bytes
        Int64List: value=1 int
        FloatList: value=1 float
        SignatureEntry: key=1 bytes, value=2 SignatureDef
        SignatureDef: inputs=1 TensorInfoEntry, outputs=2 TensorInfoEntry, method_name=3 bytes
        TensorInfoEntry: key=1 bytes, value=2 TensorInfo
        TensorInfo: name=1 bytes, dtype=2 enum, tensor_shape=3 TensorShapeProto
        AssetFileDef: tensor_info=1 TensorInfo, filename=2 bytes
        GraphDef: node=1 NodeDef, library=2 FunctionDefLibrary, version=3 int
        NodeDef: name=1 bytes, op=2 bytes, input=3 bytes, device=4 bytes, attr=5 AttrEntry
        AttrEntry: key=1 bytes, value=2 AttrValue
        AttrValue: list=1 ListValue, s=2 bytes, i=3 int, f=4 float, b=5 bool, type=6 enum, shape=7 TensorShapeProto, tensor=8 TensorProto, placeholder=9 bytes, func=10 NameAttrList
        ListValue: s=2 bytes, i=3 int, f=4 float, b=5 bool, type=6 enum, shape=7 TensorShapeProto, tensor=8 TensorProto, func=9 NameAttrList
        NameAttrList: name=1 bytes, attr=2 AttrEntry
        TensorShapeProto: dim=2 Dim, unknown_rank=3 bool
        Dim: size=1 int, name=2 bytes
        TensorProto: dtype=1 enum, tensor_shape=2 TensorShapeProto, version_number=3 int, tensor_content=4 bytes, float_val=5 float, double_val=6 double, int_val=7 int, string_val=8 bytes, int64_val=10 int, bool_val=11 bool, half_val=13 int, uint32_val=16 int, uint64_val=17 int
        FunctionDefLibrary: function=1 FunctionDef
        FunctionDef: signature=1 OpDef, node_def=3 NodeDef, ret=4 TextEntry, attr=5 AttrEntry, control_ret=6 TextEntry
        TextEntry: key=1 bytes, value=2 bytes
        OpDef: name=1 bytes, input_arg=2 ArgDef, output_arg=3 ArgDef, attr=4 AttrDef, is_stateful=17 bool, control_output=20 bytes
        ArgDef: name=1 bytes, description=2 bytes, type=3 enum, type_attr=4 bytes, number_attr=5 bytes, type_list_attr=6 bytes, is_ref=16 bool
        AttrDef: name=1 bytes, type=2 bytes, default_value=3 AttrValue
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<string, MessageField>> Messages = Text.Split('\n')
        .Select(static line => line.Split(':', StringSplitOptions.TrimEntries))
        .ToFrozenDictionary(static parts => parts[0], static parts => parts[1].Split(',', StringSplitOptions.TrimEntries).ToFrozenDictionary(static field => field[..field.IndexOf('=', StringComparison.Ordinal)], Read));

    /// <summary>A field of a message; null when it is none that is read.</summary>
    public static MessageField? Find(string message, string field) => Messages[message].GetValueOrDefault(field);

    private static MessageField Read(string text)
    {
        string[] parts = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(' ');
        FieldKind kind = parts[1] switch
        {
            "int" => FieldKind.Integer,
            "float" => FieldKind.Float,
            "double" => FieldKind.Double,
            "bool" => FieldKind.Bool,
            "bytes" => FieldKind.Bytes,
            "enum" => FieldKind.Enumeration,
            _ => FieldKind.Message,
        };
        return new MessageField(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), kind, parts[1]);
    }
}
