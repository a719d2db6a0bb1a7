using System.Globalization;
using System.Text.Json;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Transformations;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Scoring;

/// <summary>Runs the records that a document brings to prove itself (<c>ModelVerification</c>).</summary>
internal static class ModelVerification
{
    private const double DefaultPrecision = 1e-6;
    private const double DefaultZeroThreshold = 1e-16;
    private const int MaxRecords = 10_000;

    /// <summary>Compares what the plan gives with what the document expects.</summary>
    /// <returns>The first difference; null when there is none, or nothing to compare.</returns>
    public static string? FindDifference(PmmlPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Model.Child("ModelVerification") is not { } verification)
        {
            return null;
        }

        PmmlElement[] fields = [.. verification.RequiredChild("VerificationFields").ChildrenNamed("VerificationField")];
        List<Dictionary<string, string>> records = InlineTable.Rows(verification);
        Frame frame = plan.NewFrame();
        int index = 0;
        foreach (Dictionary<string, string>[] record in Cases(plan, fields, records).Take(MaxRecords))
        {
            cancellationToken.ThrowIfCancellationRequested();
            index++;
            frame.Reset(1);
            frame.MoveTo(0);
            foreach (PmmlElement field in fields)
            {
                if (plan.Inputs.FirstOrDefault(input => input.Name == field.Required("field")) is { } input)
                {
                    Give(input, [.. record.Select(row => Text(field, row)).OfType<string>()], frame);
                }
            }

            plan.Evaluate(frame, 1);
            frame.MoveTo(0);
            foreach (PmmlElement field in fields)
            {
                if (plan.Inputs.All(input => input.Name != field.Required("field")) && Difference(plan, frame, field, [.. record.Select(row => Text(field, row)).OfType<string>()]) is { } difference)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"record {index} of its ModelVerification: {difference}");
                }
            }
        }

        return null;
    }

    // Rows that share the value of the grouping field are one record where the model takes collections: each row gives an entry of them.
    private static IEnumerable<Dictionary<string, string>[]> Cases(PmmlPlan plan, PmmlElement[] fields, List<Dictionary<string, string>> records)
    {
        string? group = plan.Inputs.Any(static input => input.Type.Kind == PmmlKind.Items)
            ? MiningField.ReadAll(plan.Model).Find(static field => field.Usage == "group")?.Name
            : null;
        return Array.Find(fields, field => field.Attribute("field") == group) is { } key
            ? records.GroupBy(record => Text(key, record) ?? "", StringComparer.Ordinal).Select(static rows => rows.ToArray())
            : records.Select(static record => new[] { record });
    }

    private static void Give(PlanInput input, string[] texts, Frame frame)
    {
        if (input.Type.Kind == PmmlKind.Items)
        {
            frame[input.Slot] = frame.AddList(Array.ConvertAll(texts, frame.Symbols.Code));
        }
        else if (texts is [var text, ..])
        {
            frame[input.Slot] = CellText.TryParse(text, input.Type, frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
        }
    }

    // Several expected values are those of an output that is a list.
    private static string? Difference(PmmlPlan plan, Frame frame, PmmlElement field, string[] expected)
    {
        string name = field.Required("field");
        if (plan.Outputs.FirstOrDefault(output => output.Name == name) is not { Type.IsText: true } column || frame.Failures[0] is not null
            || column.Value.Evaluate(frame) is var value && Cell.IsMissing(value) || !frame.Symbols.Text(value).StartsWith('['))
        {
            return Difference(plan, frame, field, expected is [var only, ..] ? only : null);
        }

        string text = frame.Symbols.Text(value);
        string?[] given;
        try
        {
            using JsonDocument list = JsonDocument.Parse(text);
            given = [.. list.RootElement.EnumerateArray().Select(static entry => entry.GetString())];
        }
        catch (JsonException)
        {
            return Difference(plan, frame, field, expected is [var only, ..] ? only : null);
        }

        return given.Length == expected.Length && given.Zip(expected).All(pair => IsNear(field, pair.First ?? "", pair.Second))
            ? null
            : $"'{name}' should be '{string.Join(", ", expected)}', and is '{string.Join(", ", given)}'";
    }

    private static string? Difference(PmmlPlan plan, Frame frame, PmmlElement field, string? expected)
    {
        string name = field.Required("field");
        if (plan.Outputs.FirstOrDefault(output => output.Name == name) is not { } column)
        {
            return null;
        }

        if (frame.Failures[0] is { } failure)
        {
            return expected is null ? null : $"'{name}' should be '{expected}', and the row has no result: {failure}";
        }

        double value;
        try
        {
            value = column.Value.Evaluate(frame);
        }
        catch (EvaluationException fault)
        {
            return $"'{name}' has no value: {fault.Message}";
        }

        if (Cell.IsMissing(value) || expected is null)
        {
            return Cell.IsMissing(value) && expected is null or ""
                ? null
                : expected is null ? null : $"'{name}' should be '{expected}', and has no value";
        }

        string given = CellText.Format(value, column.Type, frame.Symbols.Text);
        return IsNear(field, given, expected) ? null : $"'{name}' should be '{expected}', and is '{given}'";
    }

    private static bool IsNear(PmmlElement field, string given, string expected)
    {
        if (given == expected || !PmmlNumber.TryParse(given, out double left) || !PmmlNumber.TryParse(expected, out double right))
        {
            return given.Trim() == expected.Trim();
        }

        double precision = field.Number("precision") ?? DefaultPrecision;
        double zero = field.Number("zeroThreshold") ?? DefaultZeroThreshold;
        return (Math.Abs(right) <= zero && Math.Abs(left) <= zero) || Math.Abs(left - right) <= precision * Math.Abs(right) || left.Equals(right);
    }

    // The column's name may carry the prefix of its namespace; without a column the field's own name is the element's.
    private static string? Text(PmmlElement field, Dictionary<string, string> record) =>
        record.TryGetValue(InlineTable.Column(field.Attribute("column") ?? field.Required("field")), out string? text) && text.Length > 0 ? text : null;
}
