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

    /// <summary>
    /// Two numbers and a tree that is not symmetric: node 0 asks a > 0.5 and leads to 1 or 2, 1 is a leaf of 10, 2 asks b > 1.5 and leads to 3 (30) where it holds, else the row ends
    /// at 2 itself (20).
    /// </summary>
    public static byte[] Steps(params (string Key, string Value)[] info) => File(
        info,
        (0, 1), (1, Numbers(0, 0, 1, 0)), (2, Numbers(4)),
        (5, Vector(Number(0, "a", [0.5f], nan: 2), Number(1, "b", [1.5f], nan: 0))),
        (8, Numbers(10.0, 20, 30)),
        (10, Numbers<ushort>(1, 2, 0, 0, 0, 1, 0, 0)), (11, Numbers(uint.MaxValue, 0u, 1u, 2u)));

    /// <summary>One number (size) and one category (colour); splits: size > 0.5, colour is the first category, colour is the second. Sums are 1 for size, 2 for the second and 10 for the first.</summary>
    /// <param name="info">What the model says of itself.</param>
    /// <param name="texts">The two categories; fewer: the file holds their hashes only.</param>
    public static byte[] WithCategory((string Key, string Value)[] info, params string[] texts) => File(
        info,
        (0, 1), (1, Numbers(0, 2, 1)), (2, Numbers(2, 1)),
        (4, Vector(Table((0, 0), (1, 1), (2, Text("colour"))))),
        (5, Vector(Number(0, "size", [0.5f], nan: 0))),
        (6, Vector(Table((0, 0), (1, Numbers(-17, 42)), (2, Vector([.. texts.Select(Text)]))))),
        (8, Numbers(0.0, 1, 2, 3, 0, 10)));

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
