using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Transformations;

/// <summary>Look-ups in a table of the document (<c>MapValues</c>).</summary>
internal static class MapValuesCompiler
{
    /// <summary>Compiles one.</summary>
    public static Expression Compile(PmmlElement element, Scope scope, PlanBuilder plan)
    {
        PmmlType type = DataField.ReadType(element, "dataType", PmmlType.String);
        string outColumn = InlineTable.Column(element.Required("outputColumn"));
        List<Dictionary<string, string>> rows = InlineTable.Rows(element);

        // A table whose entries are not of the type that it claims is one of text.
        if (rows.Exists(row => row.TryGetValue(outColumn, out string? text) && !CellText.TryParse(text, type, plan.Code, out _)))
        {
            type = PmmlType.String;
        }

        PmmlElement[] pairs = [.. element.ChildrenNamed("FieldColumnPair")];
        Expression[] fields = [.. pairs.Select(pair => scope.Get(pair.Required("field"), pair).Value)];
        string[] columns = [.. pairs.Select(static pair => InlineTable.Column(pair.Required("column")))];
        double missing = Read(element.Attribute("mapMissingTo"));
        double otherwise = Read(element.Attribute("defaultValue"));
        Dictionary<Key, double> table = [];
        foreach (Dictionary<string, string> row in rows)
        {
            double[] key = new double[fields.Length];
            bool isUsable = row.ContainsKey(outColumn);
            for (int i = 0; i < key.Length && isUsable; i++)
            {
                isUsable = row.TryGetValue(columns[i], out string? text) && CellText.TryParse(text, fields[i].Type, plan.Code, out key[i]);
            }

            if (isUsable)
            {
                table.TryAdd(new Key(key), plan.Constant(element, row[outColumn], type));
            }
        }

        if (fields.Length == 1)
        {
            Dictionary<double, double> single = table.ToDictionary(static pair => pair.Key.Cells[0], static pair => pair.Value);
            return new DelegateExpression(type, frame =>
            {
                double value = fields[0].Evaluate(frame);
                return Cell.IsMissing(value) ? missing : single.GetValueOrDefault(value, otherwise);
            });
        }

        return new DelegateExpression(type, frame =>
        {
            double[] key = new double[fields.Length];
            for (int i = 0; i < key.Length; i++)
            {
                key[i] = fields[i].Evaluate(frame);
                if (Cell.IsMissing(key[i]))
                {
                    return missing;
                }
            }

            return table.GetValueOrDefault(new Key(key), otherwise);
        });

        double Read(string? text) => text is null ? Cell.Missing : plan.Constant(element, text, type);
    }

    private readonly struct Key(double[] cells) : IEquatable<Key>
    {
        public double[] Cells => cells;

        public bool Equals(Key other) => cells.AsSpan().SequenceEqual(other.Cells);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (double cell in cells)
            {
                hash.Add(cell);
            }

            return hash.ToHashCode();
        }
    }
}
