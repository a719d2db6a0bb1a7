using System.Buffers.Binary;
using Slipway.Core;
using Slipway.Formats.Boosters;
using Slipway.Formats.FlatBuffers;

namespace Slipway.Formats.CatBoost;

/// <summary>
/// Reads CatBoost's own files (<c>.cbm</c>): a mark, the length of a FlatBuffers message, the message (CatBoost's schema <c>model.fbs</c>), and parts behind it that only models with
/// statistics of categories or texts need. Fields below are numbered as the schema lists them.
/// </summary>
internal sealed class CatBoostBinaryReader
{
    private const int HeadBytes = 8;
    private const int MaxDimensions = 100_000;
    private const int MaxColumns = 1_000_000;
    private const int MaxTrees = 1_000_000;
    private const string KnownVersion = "FlabuffersModel_v1";

    private readonly FlatBuffer _message;
    private readonly FlatTable _trees;
    private readonly int _dimensions;
    private readonly double[] _values;
    private readonly List<CatBoostFeature> _features = [];
    private readonly List<CatBoostSplit> _splits = [];
    private readonly HashSet<int> _columns = [];

    private CatBoostBinaryReader(FlatBuffer message, FlatTable trees)
    {
        _message = message;
        _trees = trees;
        _dimensions = Math.Max(trees.Int32(0), 1);
        _values = trees.Numbers<double>(8);
        if (_dimensions > MaxDimensions)
        {
            throw message.Invalid($"it says {_dimensions} dimensions");
        }
    }

    /// <summary>What such a file begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "CBM1"u8;

    /// <summary>Reads a model.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>, or <see cref="ErrorCode.NotSupported"/> for features that are not converted.</exception>
    public static CatBoostModel Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeadBytes || !bytes.Span.StartsWith(Mark))
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "the CatBoost model is damaged: it does not begin as one");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[Mark.Length..]);
        if (length > bytes.Length - HeadBytes)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"the CatBoost model is damaged: {length} bytes are announced and {bytes.Length - HeadBytes} are there");
        }

        FlatBuffer message = new(bytes.Slice(HeadBytes, (int)length), "CatBoost");
        FlatTable core = message.Root;
        if (core.Text(0) is var version && version != KnownVersion)
        {
            throw new SlipwayException(ErrorCode.NotSupported, $"the CatBoost model is of the layout '{(version.Length <= 40 ? version : version[..40])}', {KnownVersion} is known; save it with format='json'");
        }

        return new CatBoostBinaryReader(message, core.Table(1) ?? throw message.Invalid("it has no trees")).ReadModel(core);
    }

    private CatBoostModel ReadModel(FlatTable core)
    {
        bool isMixed = ReadFeatures();
        CatBoostTree[] trees = ReadTrees();
        double[] bias = _trees.Numbers<double>(16);
        double single = _trees.Double(15);
        if ((bias.Length > 0 && bias.Length != _dimensions) || (bias.Length == 0 && single != 0 && _dimensions > 1))
        {
            throw _message.Invalid($"it has {Math.Max(bias.Length, 1)} biases for {_dimensions} dimensions");
        }

        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        foreach (FlatTable entry in core.Tables(2))
        {
            members[entry.Text(0)] = entry.Text(1);
        }

        CatBoostInfo info = CatBoostInfo.Read(new ModelNode(members, "InfoMap", "CatBoost"), _dimensions);
        return new CatBoostModel
        {
            Loss = info.Loss,
            Features = _features,
            IsMixed = isMixed,
            Dimensions = _dimensions,
            Scale = _trees.Double(14, absent: 1),
            Bias = bias.Length > 0 ? bias : [.. Enumerable.Repeat(single, _dimensions)],
            Classes = info.Classes,
            Trees = trees,
        };
    }

    // Splits are numbered through: those of numbers first, then those of categories, each feature's in its own order.
    private bool ReadFeatures()
    {
        if (_trees.Tables(13).Length > 0)
        {
            throw CatBoostFeatures.NotConverted("splits on texts or embeddings");
        }

        if (_trees.Tables(7).Length > 0)
        {
            throw CatBoostFeatures.NotConverted("statistics of categories (CTRs)");
        }

        foreach (FlatTable number in _trees.Tables(5))
        {
            foreach (float border in number.Numbers<float>(3))
            {
                _splits.Add(new CatBoostSplit(_features.Count, border));
            }

            _features.Add(new CatBoostFeature(number.Text(4), ColumnOf(number, 1), number.Byte(5) == 2));
        }

        Dictionary<int, FlatTable> categories = [];
        foreach (FlatTable category in _trees.Tables(4))
        {
            categories[category.Int32(0, -1)] = category;
        }

        foreach (FlatTable compared in _trees.Tables(6))
        {
            int count = compared.Numbers<int>(1).Length;
            string[] texts = compared.Texts(2);
            if (texts.Length != count)
            {
                throw CatBoostFeatures.NotConverted("categories whose text the file does not hold");
            }

            FlatTable category = categories.TryGetValue(compared.Int32(0, -1), out FlatTable known) ? known : throw _message.Invalid("it compares a feature that is not there");
            _splits.AddRange(Enumerable.Range(0, count).Select(position => new CatBoostSplit(_features.Count, position)));
            _features.Add(new CatBoostFeature(category.Text(2), ColumnOf(category, 0), false, texts));
        }

        return categories.Count > 0 || _trees.Tables(12).Length > 0 || _trees.Tables(18).Length > 0;
    }

    // The place among all features, or where older files leave it out, that among those of its kind, which stands before it.
    private int ColumnOf(FlatTable feature, int indexField)
    {
        int column = feature.Int32(indexField + 1, -1) is >= 0 and var flat ? flat : feature.Int32(indexField, -1);
        return column is >= 0 and < MaxColumns && _columns.Add(column) ? column : throw _message.Invalid("a feature has no column of its own");
    }

    private CatBoostTree[] ReadTrees()
    {
        int[] splits = _trees.Numbers<int>(1);
        int[] sizes = _trees.Numbers<int>(2);
        uint[] steps = _trees.Numbers<uint>(10);
        uint[] leaves = _trees.Numbers<uint>(11);
        CatBoostTree[] trees = new CatBoostTree[sizes.Length <= MaxTrees ? sizes.Length : throw _message.Invalid($"it has more than {MaxTrees} trees")];
        int start = 0;
        long values = 0;
        for (int i = 0; i < trees.Length; i++)
        {
            int size = sizes[i];
            if (size < 0 || size > splits.Length - start)
            {
                throw _message.Invalid($"tree {i} has more splits than are there");
            }

            trees[i] = steps.Length == 0
                ? ReadSymmetric(splits.AsSpan(start, size), ref values)
                : ReadNodes(splits.AsSpan(start, size), Part(steps, start, size), Part(leaves, start, size));
            start += size;
        }

        return trees;
    }

    private ReadOnlySpan<uint> Part(uint[] all, int start, int size) =>
        all.Length - start >= size ? all.AsSpan(start, size) : throw _message.Invalid("the nodes of its trees are not all there");

    private CatBoostTree ReadSymmetric(ReadOnlySpan<int> splits, ref long firstValue)
    {
        long count = (1L << Math.Min(splits.Length, CatBoostTree.MaxLevels)) * _dimensions;
        if (splits.Length > CatBoostTree.MaxLevels || count > _values.Length - firstValue)
        {
            throw _message.Invalid($"a tree of {splits.Length} levels has not as many leaves");
        }

        CatBoostSplit[] levels = new CatBoostSplit[splits.Length];
        for (int level = 0; level < levels.Length; level++)
        {
            levels[level] = SplitOf(splits[level]);
        }

        CatBoostTree tree = new(levels, _values.AsMemory((int)firstValue, (int)count));
        firstValue += count;
        return tree;
    }

    // A step holds how far the next node is below, in its low half for rows that fail and in its high half for those that pass; none: the row ends here.
    private CatBoostTree ReadNodes(ReadOnlySpan<int> splits, ReadOnlySpan<uint> steps, ReadOnlySpan<uint> leaves)
    {
        List<CatBoostNode> nodes = new(splits.Length);
        List<CatBoostNode> ends = [];
        for (int i = 0; i < splits.Length; i++)
        {
            int fail = (int)(steps[i] & 0xFFFF);
            int pass = (int)(steps[i] >> 16);
            if (fail == 0 && pass == 0)
            {
                nodes.Add(LeafOf(leaves[i]));
                continue;
            }

            nodes.Add(CatBoostNode.Branch(SplitOf(splits[i]), pass > 0 ? i + pass : splits.Length + ends.Count, fail > 0 ? i + fail : splits.Length + ends.Count));
            if (fail == 0 || pass == 0)
            {
                ends.Add(LeafOf(leaves[i]));
            }
        }

        nodes.AddRange(ends);
        return nodes.Count > 0 ? new CatBoostTree(nodes, _values) : throw _message.Invalid("a tree has no nodes");
    }

    private CatBoostNode LeafOf(uint firstValue) => firstValue % (uint)_dimensions == 0 && firstValue <= _values.Length - _dimensions
        ? CatBoostNode.OfLeaf((int)firstValue / _dimensions)
        : throw _message.Invalid("a leaf has no values");

    private CatBoostSplit SplitOf(int index) => (uint)index < (uint)_splits.Count ? _splits[index] : throw _message.Invalid("a tree asks for a split that is not there");
}
