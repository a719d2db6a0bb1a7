using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Formats.XGBoost;

/// <summary>
/// Reads the binary format that XGBoost wrote until 3.0: C structures, little-endian, one after the other. Before version 1.0 the base score was kept as a sum, and the
/// version as zero.
/// </summary>
internal ref struct LegacyReader
{
    private const int LearnerBytes = 136;
    private const int BoosterBytes = 160;
    private const int LinearBytes = 136;
    private const int TreeBytes = 148;
    private const int NodeBytes = 20;
    private const int StatisticsBytes = 16;
    private const uint DefaultLeft = 0x8000_0000;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    private LegacyReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The mark that newer writers put first; older files begin at once.</summary>
    public static ReadOnlySpan<byte> Mark => "binf"u8;

    /// <summary>Whether a file looks like one: it has the mark, or the name of an objective stands where it must.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Mark))
        {
            return true;
        }

        return head.Length > LearnerBytes + sizeof(long)
            && BinaryPrimitives.ReadUInt64LittleEndian(head[LearnerBytes..]) is > 3 and < 64 and var length
            && head.Length >= LearnerBytes + sizeof(long) + (int)length
            && head.Slice(LearnerBytes + sizeof(long), (int)length) is var name
            && name.IndexOf((byte)':') > 0 && !name.ContainsAnyExceptInRange((byte)' ', (byte)'z');
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> or <see cref="ErrorCode.NotSupported"/>.</exception>
    public static XGBoostModel Read(ReadOnlySpan<byte> bytes)
    {
        LegacyReader reader = new(bytes.StartsWith(Mark) ? bytes[Mark.Length..] : bytes);
        return reader.ReadModel();
    }

    private XGBoostModel ReadModel()
    {
        ReadOnlySpan<byte> learner = Take(LearnerBytes);
        float baseScore = BinaryPrimitives.ReadSingleLittleEndian(learner);
        int features = BinaryPrimitives.ReadInt32LittleEndian(learner[4..]);
        int classes = BinaryPrimitives.ReadInt32LittleEndian(learner[8..]);
        bool hasAttributes = BinaryPrimitives.ReadInt32LittleEndian(learner[12..]) != 0;
        int major = BinaryPrimitives.ReadInt32LittleEndian(learner[20..]);
        int minor = BinaryPrimitives.ReadInt32LittleEndian(learner[24..]);

        // Several targets without classes are counted since 1.6; the place was zero before.
        int targets = Math.Max(classes > 0 ? classes : BinaryPrimitives.ReadInt32LittleEndian(learner[28..]), 1);
        string objective = ReadText();
        string booster = ReadText();
        if (features is < 1 or > 10_000_000 || targets > 100_000)
        {
            throw Invalid($"it says {features} features and {targets} classes");
        }

        double margin = major >= 1 ? XGBoostObjective.ToMargin(objective, baseScore) : baseScore;
        XGBoostModel model = new()
        {
            Version = major >= 1 ? $"{major}.{minor}" : "before 1.0",
            Objective = objective,
            FeatureCount = features,
            TargetCount = targets,
            BaseMargin = [margin],
        };
        if (booster == "gblinear")
        {
            return model with { LinearWeights = ReadLinear() };
        }

        if (booster is not ("gbtree" or "dart"))
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"the XGBoost booster '{booster}' is not known");
        }

        List<XGBoostTree> trees = ReadTrees(targets, out int treesPerIteration, out bool hasBuffer);
        if (booster == "dart")
        {
            ReadDrops(trees);
        }

        // Before the attributes some writers put more, which has no place in predicting: then all trees count.
        bool canFindAttributes = hasAttributes && !hasBuffer && objective != "count:poisson";
        int used = canFindAttributes ? BestTrees(treesPerIteration) : int.MaxValue;
        return model with { Trees = used < trees.Count ? trees[..used] : trees };
    }

    private List<XGBoostTree> ReadTrees(int targets, out int treesPerIteration, out bool hasBuffer)
    {
        ReadOnlySpan<byte> parameters = Take(BoosterBytes);
        treesPerIteration = (int)Math.Clamp(targets * (long)Math.Max(BinaryPrimitives.ReadInt32LittleEndian(parameters[4..]), 1), 1, int.MaxValue);
        hasBuffer = BinaryPrimitives.ReadInt64LittleEndian(parameters[16..]) != 0;
        int count = BinaryPrimitives.ReadInt32LittleEndian(parameters);
        if (count < 0 || count > (_bytes.Length - _position) / TreeBytes)
        {
            throw Invalid($"{count} trees don't fit into what is left");
        }

        List<XGBoostTree> trees = new(count);
        for (int i = 0; i < count; i++)
        {
            trees.Add(ReadTree());
        }

        for (int i = 0; i < count; i++)
        {
            int target = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
            trees[i] = target >= 0 && target < targets ? trees[i] with { Target = target } : throw Invalid($"a tree adds to class {target}");
        }

        return trees;
    }

    private XGBoostTree ReadTree()
    {
        ReadOnlySpan<byte> parameters = Take(TreeBytes);
        int count = BinaryPrimitives.ReadInt32LittleEndian(parameters[4..]);
        int leafVector = BinaryPrimitives.ReadInt32LittleEndian(parameters[20..]);
        if (count < 1 || count > (_bytes.Length - _position) / (NodeBytes + StatisticsBytes) || leafVector > 1)
        {
            throw Invalid(leafVector > 1 ? "it has trees with several targets" : $"{count} nodes don't fit into what is left");
        }

        XGBoostTree tree = new() { Left = new int[count], Right = new int[count], Feature = new int[count], Value = new float[count], DefaultLeft = new bool[count] };
        ReadOnlySpan<byte> nodes = Take(count * NodeBytes);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> node = nodes.Slice(i * NodeBytes, NodeBytes);
            tree.Left[i] = BinaryPrimitives.ReadInt32LittleEndian(node[4..]);
            tree.Right[i] = BinaryPrimitives.ReadInt32LittleEndian(node[8..]);
            uint feature = BinaryPrimitives.ReadUInt32LittleEndian(node[12..]);
            tree.DefaultLeft[i] = (feature & DefaultLeft) != 0;
            tree.Feature[i] = (int)(feature & ~DefaultLeft);
            tree.Value[i] = BinaryPrimitives.ReadSingleLittleEndian(node[16..]);
        }

        Take(count * StatisticsBytes);
        return tree;
    }

    private double[] ReadLinear()
    {
        Take(LinearBytes);
        return [.. ReadFloats()];
    }

    private void ReadDrops(List<XGBoostTree> trees)
    {
        double[] drops = ReadFloats();
        for (int i = 0; i < trees.Count; i++)
        {
            trees[i] = i < drops.Length ? trees[i] with { Weight = drops[i] } : throw Invalid("a tree has no weight");
        }
    }

    private int BestTrees(int treesPerIteration)
    {
        long count = ReadLength();
        int best = int.MaxValue;
        for (long i = 0; i < count; i++)
        {
            string key = ReadText();
            string value = ReadText();
            if (key == "best_iteration" && int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out int iteration) && iteration >= 0)
            {
                best = (int)Math.Min((iteration + 1L) * treesPerIteration, int.MaxValue);
            }
        }

        return best;
    }

    private double[] ReadFloats()
    {
        long count = ReadLength();
        if (count > (_bytes.Length - _position) / sizeof(float))
        {
            throw Invalid($"{count} numbers don't fit into what is left");
        }

        double[] numbers = new double[count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
        }

        return numbers;
    }

    private string ReadText() => Encoding.UTF8.GetString(Take((int)ReadLength()));

    private long ReadLength()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
        return length <= (ulong)(_bytes.Length - _position) ? (long)length : throw Invalid("a length is larger than the file");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw Invalid("it is cut off");
        }

        _position += count;
        return _bytes.Slice(_position - count, count);
    }

    private readonly SlipwayException Invalid(string problem) => new(ErrorCode.InvalidModel, $"the XGBoost model is damaged at byte {_position}: {problem}");
}
