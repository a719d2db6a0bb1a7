namespace Slipway.Core.Rows;

/// <summary>Matches columns to inputs once; the rules are those of <see cref="RowBinding.Create"/>.</summary>
internal sealed class RowBinder
{
    private readonly ModelSignature _signature;
    private readonly RowFormat _format;
    private readonly IReadOnlyList<string> _columns;
    private readonly List<string> _notices = [];
    private readonly Dictionary<string, int> _usable = new(StringComparer.Ordinal);
    private readonly List<int> _order = [];

    public RowBinder(ModelSignature signature, RowFormat format, IReadOnlyList<string> columns, RowReadOptions options)
    {
        _signature = signature;
        _format = format;
        _columns = columns;
        Select(options);
    }

    public RowBinding Bind()
    {
        TensorSignature[] required = [.. _signature.Inputs.Where(static input => !input.IsOptional)];
        BoundInput?[] bound = [.. _signature.Inputs.Select(ByName)];
        string[] unmatched = [.. required.Where(input => bound[_signature.IndexOfInput(input.Name)] is null).Select(static input => input.Name)];
        if (unmatched.Length > 0 || bound.All(static input => input is null))
        {
            TensorSignature? single = required.Length == 1 ? required[0] : _signature.Inputs.Count == 1 ? _signature.Inputs[0] : null;
            if (single is null)
            {
                throw Mismatch($"no column for {(unmatched.Length == 1 ? "input" : "inputs")} {List(unmatched)}");
            }

            bound[_signature.IndexOfInput(single.Name)] = ByFeatures(single) ?? InOrder(single, _order);
        }

        NoteUnused(bound);
        return new RowBinding(_format, _signature, _columns, bound, _notices);
    }

    private void Select(RowReadOptions options)
    {
        HashSet<string> ignored = [.. options.Ignore];
        Dictionary<string, int> index = new(StringComparer.Ordinal);
        for (int i = 0; i < _columns.Count; i++)
        {
            index.TryAdd(_columns[i], i);
        }

        string[] absent = [.. options.Columns.Concat(options.Ignore).Where(name => !index.ContainsKey(name))];
        if (absent.Length > 0)
        {
            throw Mismatch($"there is no column {List(absent)}");
        }

        foreach (int column in options.Columns.Count > 0 ? options.Columns.Select(name => index[name]) : Enumerable.Range(0, _columns.Count))
        {
            if (!ignored.Contains(_columns[column]))
            {
                _order.Add(column);
                if (!_usable.TryAdd(_columns[column], column))
                {
                    // Two columns of one name can be told apart by their place only.
                    _usable[_columns[column]] = -1;
                }
            }
        }
    }

    private BoundInput? ByName(TensorSignature input)
    {
        (LeadingDimension leading, long[] shape) = RowShapeOf(input, whole: false);
        long elements = CountOf(shape);
        if (TryFind(input.Name, out int column))
        {
            if (_format == RowFormat.JsonLines)
            {
                return Whole(input, column);
            }

            if (elements is 1 or -1)
            {
                return Elements(input, leading, [.. shape.Select(static dimension => Math.Abs(dimension))], [column]);
            }
        }

        if (elements is < 1 or > int.MaxValue || elements > _columns.Count)
        {
            return null;
        }

        int[] columns = new int[elements];
        for (int i = 0; i < columns.Length; i++)
        {
            if (!TryFind(ColumnNames.Of(input.Name, shape, i, []), out columns[i]))
            {
                return null;
            }
        }

        return Elements(input, leading, shape, columns);
    }

    private BoundInput? ByFeatures(TensorSignature input)
    {
        IReadOnlyList<string> features = ModelMetadata.FeatureNames(_signature.Metadata);
        if (features.Count == 0)
        {
            return null;
        }

        string[] absent = [.. features.Where(name => !TryFind(name, out _))];
        if (absent.Length == features.Count)
        {
            _notices.Add("the file names none of the model's features: columns are taken in order");
            return null;
        }

        if (absent.Length > 0)
        {
            throw Mismatch($"no column for {(absent.Length == 1 ? "feature" : "features")} {List(absent)}");
        }

        return InOrder(input, [.. features.Select(name => _usable[name])]);
    }

    private BoundInput InOrder(TensorSignature input, List<int> columns)
    {
        if (_format == RowFormat.JsonLines && columns.Count == 1)
        {
            return Whole(input, columns[0]);
        }

        (LeadingDimension leading, long[] shape) = RowShapeOf(input, whole: false);
        if (!TryResolve(shape, columns.Count))
        {
            string takes = shape.Contains(-1) ? $"rows of shape {new TensorShape(shape)}" : $"{CountOf(shape)} values a row";
            throw Mismatch($"input '{input.Name}' takes {takes} and the file has {columns.Count} columns to feed it");
        }

        return Elements(input, leading, shape, [.. columns]);
    }

    private void NoteUnused(BoundInput?[] bound)
    {
        HashSet<int> used = [.. bound.Where(static input => input is not null).SelectMany(static input => input!.Columns)];
        string[] unused = [.. _order.Where(column => !used.Contains(column)).Select(column => _columns[column])];
        if (unused.Length > 0)
        {
            _notices.Add($"not used: {(unused.Length == 1 ? "column" : "columns")} {List(unused)}");
        }
    }

    private bool TryFind(string name, out int column)
    {
        if (_usable.TryGetValue(name, out column) && column < 0)
        {
            throw Mismatch($"column '{name}' appears twice");
        }

        return _usable.ContainsKey(name);
    }

    private BoundInput Whole(TensorSignature input, int column)
    {
        (LeadingDimension leading, long[] shape) = RowShapeOf(input, whole: true);
        return new BoundInput
        {
            Signature = input,
            Leading = leading,
            RowShape = shape,
            RowElements = CountOf(shape) is var count && count <= Array.MaxLength
                ? (int)count
                : throw new SlipwayException(ErrorCode.NotSupported, $"input '{input.Name}' takes {count} values a row; rows carry at most {Array.MaxLength}"),
            Columns = [column],
            IsWhole = true,
        };
    }

    private static BoundInput Elements(TensorSignature input, LeadingDimension leading, long[] shape, int[] columns) => new()
    {
        Signature = input,
        Leading = leading,
        RowShape = shape,
        RowElements = columns.Length,
        Columns = columns,
    };

    // Whole values may carry a free leading dimension themselves; cells of one row can't.
    private (LeadingDimension Leading, long[] Shape) RowShapeOf(TensorSignature input, bool whole)
    {
        ReadOnlySpan<long> dimensions = input.Shape.Dimensions;
        if (input.IsRankUnknown)
        {
            return (LeadingDimension.None, [-1]);
        }

        if (_signature.HasRows)
        {
            return (LeadingDimension.Rows, dimensions[1..].ToArray());
        }

        bool isOne = dimensions.Length > 0 && (dimensions[0] == 1 || (dimensions[0] < 0 && !whole));
        return isOne ? (LeadingDimension.One, dimensions[1..].ToArray()) : (LeadingDimension.None, dimensions.ToArray());
    }

    // Product of the dimensions, or -1 when one is free.
    private static long CountOf(long[] shape) => new TensorShape(shape).TryGetElementCount(out long count) ? count : -1;

    // Gives the one free dimension the size that makes the row hold count elements.
    private static bool TryResolve(long[] shape, int count)
    {
        int free = Array.IndexOf(shape, -1);
        if (free >= 0)
        {
            shape[free] = 1;
            long others = CountOf(shape);
            if (others < 1 || count % others != 0)
            {
                shape[free] = -1;
                return false;
            }

            shape[free] = count / others;
        }

        return CountOf(shape) == count;
    }

    private SlipwayException Mismatch(string problem) => new(
        ErrorCode.InvalidRequest,
        $"{problem}; the model takes {string.Join(", ", _signature.Inputs.Select(static input => $"'{input.Name}' {input.DataType.ToName()} {input.Shape}"))}; the file has {_columns.Count} columns: {List(_columns)}");

    private static string List(IReadOnlyList<string> names)
    {
        const int shown = 8;
        string list = string.Join(", ", names.Take(shown).Select(static name => $"'{name}'"));
        return names.Count > shown ? $"{list} and {names.Count - shown} more" : list;
    }
}
