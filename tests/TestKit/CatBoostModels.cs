using System.Buffers.Binary;
using static Slipway.TestKit.FlatBufferWriter;

namespace Slipway.TestKit;

/// <summary>Small CatBoost files by hand, after the published schema (<c>model.fbs</c>).</summary>
public static class CatBoostModels
{
    /// <summary>Two numbers, whose missing values count as greater for the first, and two symmetric trees; the sums are doubled and 0.25 is added.</summary>
    /// <param name="info">What the model says of itself.</param>
    public static byte[] Symmetric(params (string Key, string Value)[] info) => File(
        info,
        (0, 1), (1, Numbers(0, 1, 1)), (2, Numbers(2, 1)),
        (5, Vector(Number(0, "width", [0.5f], nan: 2), Number(1, "height", [1.5f], nan: 0))),
        (8, Numbers(1.0, 2, 3, 4, 10, 20)), (14, 2.0), (16, Numbers(0.25)));

    /// <summary>A file of such trees.</summary>
    /// <param name="trees">Fields of the table of trees, as the schema numbers them.</param>
    public static byte[] File((string Key, string Value)[] info, params (int Field, object Value)[] trees)
    {
        byte[] message = Write(Table(
            (0, Text("FlabuffersModel_v1")),
            (1, Table(trees)),
            (2, Vector([.. info.Select(static entry => Table((0, Text(entry.Key)), (1, Text(entry.Value))))]))));
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        return [.. "CBM1"u8, .. length, .. message];
    }

    /// <summary>A feature of numbers; missing values are as they are (0), like the lowest (1) or like the highest (2).</summary>
    public static FlatPart Number(int column, string name, float[] borders, byte nan, int? index = null) =>
        Table((0, (byte)1), (1, index ?? column), (2, column), (3, Numbers(borders)), (4, Text(name)), (5, nan));
}
