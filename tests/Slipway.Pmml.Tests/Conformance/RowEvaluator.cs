using System.Globalization;
using System.Text.Json;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Evaluation;
using Slipway.Pmml.Fields;
using Slipway.Pmml.Results;
using Slipway.Pmml.Values;

namespace Slipway.Pmml.Tests.Conformance;

/// <summary>Evaluates single rows of a document, with a look inside at what a caller of the runtime does not see.</summary>
internal sealed class RowEvaluator
{
    private readonly PmmlPlan _plan;
    private readonly Frame _frame;

    public RowEvaluator(PmmlElement document, string? modelName = null)
    {
        _plan = PmmlPlan.Compile(document, modelName, CancellationToken.None);
        _frame = _plan.NewFrame();
    }

    public PmmlPlan Plan => _plan;

    public string? Failure => _frame.Failures[0];

    public static PmmlElement Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return PmmlReader.Read(stream, stream.Length, PmmlLimits.Default, CancellationToken.None);
    }

    public static RowEvaluator Parse(string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return new RowEvaluator(PmmlReader.Read(new MemoryStream(bytes), bytes.Length, PmmlLimits.Default, CancellationToken.None));
    }

    public void Evaluate(Func<string, string?> cells)
    {
        _frame.Reset(1);
        _frame.MoveTo(0);
        foreach (PlanInput input in _plan.Inputs)
        {
            if (cells(input.Name) is { Length: > 0 } text)
            {
                _frame[input.Slot] = CellText.TryParse(text, input.Type, _frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
            }
        }

        Run();
    }

    public void Evaluate(JsonElement arguments)
    {
        _frame.Reset(1);
        _frame.MoveTo(0);
        foreach (PlanInput input in _plan.Inputs)
        {
            if (!arguments.TryGetProperty(input.Name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (input.Type.Kind == PmmlKind.Items)
            {
                _frame[input.Slot] = _frame.AddList([.. value.EnumerateArray().Select(item => _frame.Symbols.Code(item.GetString()!))]);
                continue;
            }

            _frame[input.Slot] = CellText.TryParse(Plain(value), input.Type, _frame.Symbols.Code, out double cell) ? cell : Cell.Invalid;
        }

        Run();
    }

    public static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>The text of an output; null when it is missing, or there is no such output.</summary>
    public string? Output(string name)
    {
        OutputColumn? column = _plan.Outputs.FirstOrDefault(output => output.Name == name);
        if (column is null || _frame.Failures[0] is not null)
        {
            return column is null ? $"(no output '{name}')" : null;
        }

        double value = column.Value.Evaluate(_frame);
        return Text(value, column.Type);
    }

    public string? Special(string key, string? category)
    {
        if (_frame.Failures[0] is not null)
        {
            return null;
        }

        ModelResult result = _plan.Unit.Result;
        switch (key)
        {
            case "$target":
                return Text(_frame[result.Value], result.Type);
            case "$entityId":
                return result.Entity < 0 ? "(no entity)" : Text(_frame[result.Entity], PmmlType.String);
            case "$probability" or "$confidence" or "$winningConfidence":
                int first = key == "$probability" || result.Confidences < 0 ? result.Probabilities : result.Confidences;
                double wanted = category is null ? _frame[result.Value] : CellText.TryParse(category, result.Type, _frame.Symbols.Code, out double cell) ? cell : -1;
                int index = result.IndexOf(wanted);
                return index < 0 ? "(no category)" : Text(_frame[first + index], PmmlType.Double);
            default:
                string feature = key switch { "$affinity" => "entityAffinity", "$variance" => "variance", "$variance_with_noise" => "varianceWithNoise", "$displayValue" => "predictedDisplayValue", _ => key[1..] };
                PmmlElement element = new("OutputField", 0, [new("name", key)]);
                Expression? special = _plan.Unit.Plan.Feature(new OutputRequest(element, feature, new Scope(null), new PlanBuilder(element, CancellationToken.None)));
                return special is null ? $"(no {key})" : Text(special.Evaluate(_frame), special.Type);
        }
    }

    private string? Text(double value, PmmlType type) => Cell.IsMissing(value) ? null : type.IsNumber ? value.ToString("R", CultureInfo.InvariantCulture) : CellText.Format(value, type, _frame.Symbols.Text);

    private void Run()
    {
        _plan.Evaluate(_frame, 1);
        _frame.MoveTo(0);
    }
}
