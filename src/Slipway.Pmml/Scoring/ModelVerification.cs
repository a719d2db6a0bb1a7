using System.Globalization;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
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
        for (int index = 0; index < Math.Min(records.Count, MaxRecords); index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Dictionary<string, string> record = records[index];
            frame.Reset(1);
            frame.MoveTo(0);
            foreach (PmmlElement field in fields)
            {
                if (plan.Inputs.FirstOrDefault(input => input.Name == field.Required("field")) is { } input && Text(field, record) is { } text)
                {
                    frame[input.Slot] = CellText.TryParse(text, input.Type, frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
                }
            }

            plan.Evaluate(frame, 1);
            frame.MoveTo(0);
            foreach (PmmlElement field in fields)
            {
                if (plan.Inputs.All(input => input.Name != field.Required("field")) && Difference(plan, frame, field, Text(field, record)) is { } difference)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"record {index + 1} of its ModelVerification: {difference}");
                }
            }
        }

        return null;
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
